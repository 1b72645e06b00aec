"""Signing in with login and password; changing one's own password."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import audit
from models.accounts import passwords
from models.accounts.errors import (
    DisabledAccountError,
    ExpiredPasswordError,
    UnknownIdentityError,
    WrongPasswordError,
)
from models.accounts.lockout import check_not_locked, count_failure, forget_failures
from models.accounts.passwords import Tried
from models.accounts.sessions import end_all
from models.actors import oneself
from models.clock import vn_date
from models.errors import InputError, NotFoundError
from models.office_clock import office_time
from models.settings import settings
from models.tables import Account, Person


def sign_in(session: Session, login: str, password: str, now: datetime, *, tried: Tried | None = None) -> Account:
    """The account of this login (code or e-mail) and password.

    What comes next: a code where `totp.is_set_up`, setting one up where `totp.is_required_of`, a new password where
    `must_change`.

    `tried`: what `try_login` found before this transaction. A wrong try is counted although the error leaves the
    transaction: `models.database.transaction` stores it.

    Raises:
        WrongPasswordError: no such login, or not its password (the same work, the same words).
        LockedOutError: too many wrong tries.
        DisabledAccountError: right, but the account or the person is out of use.
        ExpiredPasswordError: right, but a one-time password that was given out too long ago.
    """
    account = account_of_login(session, login)
    if account is None:
        if tried is None:
            passwords.matches(None, password)
        raise WrongPasswordError
    _check_password(session, account, password, now, tried)
    if account.must_change and now >= account.password_set_at + timedelta(hours=settings().one_time_hours):
        raise ExpiredPasswordError
    return _let_in(session, account, now)


def try_login(session: Session, login: str, password: str) -> Tried:
    """The slow half of `sign_in`, for a session that only reads."""
    person_id = _person_of_login(session, login)
    account = session.scalar(select(Account).where(Account.person_id == person_id)) if person_id is not None else None
    return passwords.try_out(account, password)


def let_in_as(session: Session, person: Person | None, now: datetime) -> Account:
    """The account of somebody whom another sign-in has vouched for (`models.accounts.identity`).

    Raises:
        UnknownIdentityError: no such person, or one without an account.
        LockedOutError, DisabledAccountError: as for `sign_in`.
    """
    account = _locked(session, person.id) if person is not None else None
    if account is None:
        raise UnknownIdentityError
    check_not_locked(account, now)
    return _let_in(session, account, now)


def _let_in(session: Session, account: Account, now: datetime) -> Account:
    if account.disabled_at is not None or not account.person.active:
        raise DisabledAccountError
    forget_failures(account)
    account.signed_in_at = now
    session.flush()
    return account


def change_password(
    session: Session,
    account: Account,
    old: str,
    new: str,
    now: datetime,
    *,
    stay: int | None = None,
    tried: Tried | None = None,
    new_hash: str | None = None,
) -> None:
    """Replace one's own password; all sessions of the person end but `stay`.

    `tried`, `new_hash`: what the old and the new one gave before this transaction (`passwords`).

    Raises:
        WrongPasswordError, LockedOutError: not the old password (counted as in `sign_in`).
        InputError: the new one is too short, says who it is of, or is the old one.
    """
    _check_password(session, account, old, now, tried)
    if new == old:
        raise InputError("Mật khẩu mới trùng mật khẩu cũ.", field="password", remedy="Chọn mật khẩu khác.")
    set_password(session, account, new, now, new_hash=new_hash)
    end_all(session, account.person_id, now, but=stay)
    who = oneself(session, account.person_id, vn_date(now))
    audit.record(session, who, "account.password_changed", f"person:{account.person_id}", office_time(session, now))


def set_password(session: Session, account: Account, new: str, now: datetime, *, new_hash: str | None = None) -> None:
    """Store a password that the person chose.

    Raises:
        InputError: it is not acceptable.
    """
    passwords.check_acceptable(new, account.person)
    account.password_hash, account.password_set_at = new_hash or passwords.hashed(new), now
    account.must_change = False
    forget_failures(account)
    session.flush()


def account_of_login(session: Session, login: str) -> Account | None:
    """The account, locked until the transaction ends: two guesses at once are counted one after the other."""
    person_id = _person_of_login(session, login)
    return _locked(session, person_id) if person_id is not None else None


def _person_of_login(session: Session, login: str) -> int | None:
    wanted = login.strip()
    person_id = session.scalar(select(Person.id).where(Person.code == wanted))
    if person_id is None:
        by_mail = session.scalars(select(Person.id).where(func.lower(Person.email) == wanted.lower()).limit(2)).all()
        person_id = by_mail[0] if len(by_mail) == 1 else None
    return person_id


def account_of(session: Session, person: Person) -> Account:
    """The account of a person, locked until the transaction ends.

    Raises:
        NotFoundError: the person has none.
    """
    account = _locked(session, person.id)
    if account is None:
        raise NotFoundError(
            f"{person.name} chưa có tài khoản.", field="person", remedy=f"Tạo tài khoản: ocop user add {person.code}."
        )
    return account


def _locked(session: Session, person_id: int) -> Account | None:
    session.flush()
    query = select(Account).where(Account.person_id == person_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def _check_password(
    session: Session, account: Account, password: str, now: datetime, tried: Tried | None = None
) -> None:
    check_not_locked(account, now)
    if not passwords.takes(account, password, tried):
        count_failure(account, now)
        session.flush()
        check_not_locked(account, now)
        raise WrongPasswordError
