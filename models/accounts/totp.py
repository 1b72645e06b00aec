"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for a lost telephone."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import date, datetime

import pyotp
from sqlalchemy.orm import Session

from models import audit
from models.accounts.errors import WrongCodeError
from models.accounts.lockout import check_not_locked, count_failure, forget_failures
from models.accounts.secrets import kept, to_be_read_out
from models.acting import capacities_of
from models.actors import oneself
from models.clock import vn_date
from models.enums import Role
from models.errors import WrongMomentError
from models.office_clock import office_time
from models.tables import Account, Person

REQUIRED = {Role.LEADER, Role.COUNCIL_SECRETARY, Role.ADMINISTRATOR}
"""Roles that nobody acts in without a second factor, their own or another's (issue 4)."""

ISSUER = "OCOP"
"""Under which name authenticator apps list the code."""

STEP = 30
"""Seconds for which one code holds (RFC 6238); the one before and the one after are taken too."""

RECOVERY_CODES = 8


def is_required(roles: Iterable[Role]) -> bool:
    """Whether somebody who may act in these roles needs a second factor."""
    return not REQUIRED.isdisjoint(roles)


def is_required_of(session: Session, person: Person, on: date) -> bool:
    """Whether the person needs a second factor on a day, for own roles or those of whom they stand in for."""
    return is_required(held.capacity.role for held in capacities_of(session, person, on))


def is_set_up(account: Account) -> bool:
    """Whether the person has confirmed an app: then a code is asked at every sign-in, required or not."""
    return account.totp_confirmed_at is not None


def enrol(session: Session, account: Account) -> str:
    """A new secret, not in force until confirmed; gives the address that the app reads from a QR code.

    Raises:
        WrongMomentError: a second factor is in force; it is reset first, by somebody else.
    """
    if is_set_up(account):
        raise WrongMomentError(
            "Tài khoản đã có xác thực hai lớp.",
            field="code",
            remedy="Đổi điện thoại: nhờ quản trị hoặc cán bộ điều phối đặt lại (ocop user totp-reset).",
        )
    account.totp_secret, account.totp_last_step = pyotp.random_base32(), None
    session.flush()
    return _address(account, account.totp_secret)


def pending_address(account: Account) -> str | None:
    """The address of a secret that was enrolled and not confirmed yet, to be read once more."""
    return _address(account, account.totp_secret) if account.totp_secret and not is_set_up(account) else None


def _address(account: Account, secret: str) -> str:
    return pyotp.TOTP(secret).provisioning_uri(name=account.person.code, issuer_name=ISSUER)


def confirm(session: Session, account: Account, code: str, now: datetime) -> list[str]:
    """Put the secret in force with a first code; gives the recovery codes, this once.

    Raises:
        WrongMomentError: nothing was enrolled, or it is in force already.
        WrongCodeError, LockedOutError: as for `verify`.
    """
    if account.totp_secret is None or is_set_up(account):
        raise WrongMomentError(
            "Chưa bắt đầu cài xác thực hai lớp.", field="code", remedy="Quét mã QR rồi nhập mã của ứng dụng."
        )
    _check_code(session, account, code, now, with_recovery=False)
    account.totp_confirmed_at = now
    codes = [to_be_read_out(2, 5) for _ in range(RECOVERY_CODES)]
    account.recovery_codes = [kept(one) for one in codes]
    session.flush()
    who = oneself(session, account.person_id, vn_date(now))
    audit.record(session, who, "account.second_factor_set_up", f"person:{account.person_id}", office_time(session, now))
    return codes


def verify(session: Session, account: Account, code: str, now: datetime) -> None:
    """Check the code of the app, or one of the recovery codes, each of which holds once.

    `account` is locked by the caller (`signing_in.account_of`). A wrong code counts as a wrong password does.

    Raises:
        WrongMomentError: no second factor is in force.
        WrongCodeError: wrong, too old or used.
        LockedOutError: too many wrong tries.
    """
    if not is_set_up(account):
        raise WrongMomentError(
            "Tài khoản chưa cài xác thực hai lớp.", field="code", remedy="Cài trong trang tài khoản."
        )
    _check_code(session, account, code, now, with_recovery=True)
    forget_failures(account)
    session.flush()


def reset(account: Account) -> None:
    """Forget secret and recovery codes (telephone lost); who may: `managing.reset_second_factor`."""
    account.totp_secret = account.totp_confirmed_at = account.totp_last_step = None
    account.recovery_codes = []


def _check_code(session: Session, account: Account, code: str, now: datetime, *, with_recovery: bool) -> None:
    check_not_locked(account, now)
    typed = "".join(code.split())
    if _is_fresh_code(account, typed, now) or (with_recovery and _uses_recovery_code(account, typed.lower())):
        return
    count_failure(account, now)
    session.flush()
    check_not_locked(account, now)
    raise WrongCodeError


def _is_fresh_code(account: Account, typed: str, now: datetime) -> bool:
    """Right for a step close to now and later than the last one used: a code that was overseen opens nothing."""
    app = pyotp.TOTP(account.totp_secret or "", interval=STEP)
    here = int(now.timestamp()) // STEP
    for step in (here - 1, here, here + 1):
        unused = account.totp_last_step is None or step > account.totp_last_step
        if unused and hmac.compare_digest(app.generate_otp(step).encode(), typed.encode()):
            account.totp_last_step = step
            return True
    return False


def _uses_recovery_code(account: Account, typed: str) -> bool:
    if kept(typed) not in account.recovery_codes:
        return False
    account.recovery_codes = [code for code in account.recovery_codes if code != kept(typed)]
    return True
