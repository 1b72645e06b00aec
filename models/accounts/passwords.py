"""Passwords: which are accepted, how they are kept (argon2id) and checked."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Tried:
    """A password held against the hash that the account had, before the transaction that counts the try.

    argon2 costs 50 ms on purpose: nobody else's writing waits for it. `known` tells whether it is still that hash.
    """

    known: str | None
    right: bool
    renewed: str | None = None


def try_out(account: Account | None, password: str) -> Tried:
    """Hold a password against an account that was only read; without an account the same work is done."""
    known = account.password_hash if account is not None else None
    right = _verifies(known or _nobodys(), password) and known is not None
    renewed = hashed(password) if right and known is not None and HASHER.check_needs_rehash(known) else None
    return Tried(known, right, renewed)


def takes(account: Account, password: str, tried: Tried | None) -> bool:
    """Whether it is the account's password: as it was tried out, unless the hash was replaced meanwhile."""
    if tried is None or tried.known != account.password_hash:
        return matches(account, password)
    if tried.renewed is not None:
        account.password_hash = tried.renewed
    return tried.right


def matches(account: Account | None, password: str) -> bool:
    """Whether it is the account's password; without an account the same work is done, and the answer is no.

    A hash made with lower parameters than today's is replaced.
    """
    tried = try_out(account, password)
    if account is not None and tried.renewed is not None:
        account.password_hash = tried.renewed
    return tried.right


def _verifies(known: str, password: str) -> bool:
    try:
        return HASHER.verify(known, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return hashed("the password of nobody")


def _plain(word: str) -> str:
    return "".join(word.casefold().split())
