"""Passwords: which are accepted, how they are kept (argon2id) and checked."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.errors import InputError
from models.tables import Account, Person

SHORTEST = 10
"""Letters at least [ours]; no other rule of composition: length is what counts."""

LONGEST = 200
"""Letters at most: hashing a whole book would cost the server, not the attacker."""

HASHER = PasswordHasher()
"""argon2id with the library's parameters (RFC 9106, low memory); raised ones are taken over at the next sign-in."""


def check_acceptable(password: str, person: Person) -> None:
    """Refuse a password that is too short or says who it is of.

    Raises:
        InputError: one of both.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(
            f"Mật khẩu phải có từ {SHORTEST} đến {LONGEST} ký tự.",
            field="password",
            remedy="Chọn mật khẩu dài hơn, ví dụ vài từ ghép lại.",
        )
    own = {person.code, person.name, person.email or person.code}
    if _plain(password) in {_plain(word) for word in own}:
        raise InputError(
            "Mật khẩu không được trùng tên đăng nhập, họ tên hay thư điện tử.",
            field="password",
            remedy="Chọn mật khẩu khác.",
        )


def hashed(password: str) -> str:
    """What is stored of a password."""
    return HASHER.hash(password)


def matches(account: Account | None, password: str) -> bool:
    """Whether it is the account's password; without an account the same work is done, and the answer is no.

    A hash made with lower parameters than today's is replaced.
    """
    known = account.password_hash if account is not None else _nobodys()
    try:
        HASHER.verify(known, password)
    except (VerificationError, InvalidHashError):
        return False
    if account is None:
        return False
    if HASHER.check_needs_rehash(account.password_hash):
        account.password_hash = hashed(password)
    return True


@cache
def _nobodys() -> str:
    return hashed("the password of nobody")


def _plain(word: str) -> str:
    return "".join(word.casefold().split())
