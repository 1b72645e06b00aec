"""Accounts in the hands of those who give them out: add, reset, disable, enable, list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import audit
from models.accounts import passwords, totp
from models.accounts.lockout import forget_failures
from models.accounts.managed import check_may_manage
from models.accounts.secrets import to_be_read_out
from models.accounts.sessions import end_all
from models.accounts.signing_in import account_of
from models.accounts.tokens import revoke_all
from models.actors import Actor
from models.clock import vn_date
from models.enums import Role
from models.errors import ConflictError, NotAllowedError
from models.office_clock import office_time
from models.settings import settings
from models.tables import Account, Person


@dataclass(frozen=True)
class AccountRow:
    """One account in a list; never anything of password or secret."""

    code: str
    name: str
    email: str | None
    state: str
    must_change: bool
    second_factor: bool
    locked_until: datetime | None
    signed_in_at: datetime | None
    disabled: bool = False
    one_time_until: datetime | None = None


def add_account(session: Session, person: Person, who: Actor, now: datetime) -> str:
    """Give a person an account; returns the one-time password, which has to be changed at the first sign-in.

    Raises:
        NotAllowedError: neither an administrator nor whoever installs the system.
        ConflictError: the person has one.
    """
    if who.role not in {Role.ADMINISTRATOR, Role.SYSTEM}:
        raise NotAllowedError(
            "Chỉ quản trị tạo được tài khoản.", field="actor", remedy="Nhờ quản trị tạo: ocop user add."
        )
    if session.scalar(select(Account.id).where(Account.person_id == person.id)) is not None:
        raise ConflictError(
            f"{person.name} đã có tài khoản.", field="person", remedy=f"Quên mật khẩu: ocop user reset {person.code}."
        )
    once = to_be_read_out()
    account = Account(person=person, password_hash=passwords.hashed(once), password_set_at=now, recovery_codes=[])
    session.add(account)
    session.flush()
    _record(session, who, "account.added", person, now)
    return once


def reset_password(session: Session, person: Person, who: Actor, now: datetime) -> str:
    """Replace a password by a one-time one; sessions and tokens of the person end, a lock-out is lifted.

    Raises:
        NotFoundError: no account.
        NotAllowedError: not an administrator, and not a coordinator of this person.
    """
    account = account_of(session, person)
    check_may_manage(session, person, who, vn_date(now))
    once = to_be_read_out()
    account.password_hash, account.password_set_at = passwords.hashed(once), now
    account.must_change = True
    forget_failures(account)
    _shut_out(session, person, now)
    _record(session, who, "account.reset", person, now)
    return once


def reset_second_factor(session: Session, person: Person, who: Actor, now: datetime) -> None:
    """Forget the second factor of somebody who lost the telephone; sessions and tokens end.

    Raises:
        NotFoundError, NotAllowedError: as for `reset_password`.
    """
    account = account_of(session, person)
    check_may_manage(session, person, who, vn_date(now))
    totp.reset(account)
    forget_failures(account)
    _shut_out(session, person, now)
    _record(session, who, "account.second_factor_reset", person, now)


def disable(session: Session, person: Person, who: Actor, now: datetime) -> None:
    """Let nobody in by this account until it is enabled again; what the person stated stays.

    Raises:
        NotFoundError: no account.
        NotAllowedError: not an administrator, or one's own account (nobody could be left to enable it).
    """
    account = _administered(session, person, who)
    if who.person_id == person.id:
        raise NotAllowedError("Không tự ngừng tài khoản của mình.", field="person", remedy="Nhờ một quản trị khác.")
    if account.disabled_at is None:
        account.disabled_at = now
        _shut_out(session, person, now)
        _record(session, who, "account.disabled", person, now)


def enable(session: Session, person: Person, who: Actor, now: datetime) -> None:
    """Let the person in again, with the password of before.

    Raises:
        NotFoundError, NotAllowedError: as for `disable`.
    """
    account = _administered(session, person, who)
    if account.disabled_at is not None:
        account.disabled_at = None
        forget_failures(account)
        _record(session, who, "account.enabled", person, now)


def account_rows(session: Session, now: datetime) -> list[AccountRow]:
    """All accounts by the people's codes."""
    query = select(Account).join(Person).options(joinedload(Account.person)).order_by(Person.code)
    return [account_row(account, now) for account in session.scalars(query)]


def account_row(account: Account, now: datetime) -> AccountRow:
    """One account as lists show it."""
    return AccountRow(
        code=account.person.code,
        name=account.person.name,
        email=account.person.email,
        state=_state(account, now),
        must_change=account.must_change,
        second_factor=totp.is_set_up(account),
        locked_until=account.locked_until if account.locked_until and account.locked_until > now else None,
        signed_in_at=account.signed_in_at,
        disabled=account.disabled_at is not None,
        one_time_until=one_time_until(account) if account.must_change else None,
    )


def one_time_until(account: Account) -> datetime:
    """Until when a one-time password opens the door."""
    return account.password_set_at + timedelta(hours=settings().one_time_hours)


def _state(account: Account, now: datetime) -> str:
    if account.disabled_at is not None or not account.person.active:
        return "ngừng sử dụng"
    if account.locked_until is not None and now < account.locked_until:
        return "tạm khóa"
    return "chờ đổi mật khẩu" if account.must_change else "đang dùng"


def _administered(session: Session, person: Person, who: Actor) -> Account:
    account = account_of(session, person)
    if who.role not in {Role.ADMINISTRATOR, Role.SYSTEM}:
        raise NotAllowedError("Chỉ quản trị ngừng và mở lại được tài khoản.", field="actor", remedy="Liên hệ quản trị.")
    return account


def _shut_out(session: Session, person: Person, now: datetime) -> None:
    end_all(session, person.id, now)
    revoke_all(session, person.id, now)


def _record(session: Session, who: Actor, act: str, person: Person, now: datetime) -> None:
    audit.record(session, who, act, f"person:{person.id}", office_time(session, now))
