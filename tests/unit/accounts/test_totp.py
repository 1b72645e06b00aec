"""The second factor: enrolling, replay, recovery codes, who needs one."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from sqlalchemy.orm import Session

from models.accounts import totp
from models.accounts.errors import LockedOutError, WrongCodeError
from models.accounts.signing_in import sign_in
from models.actors import SYSTEM
from models.delegations.making import delegate
from models.enums import Role
from models.errors import WrongMomentError
from models.tables import Account
from tests.unit.accounts.conftest import NOW, PASSWORD, person

STEP = timedelta(seconds=totp.STEP)


def code(account: Account, now: datetime) -> str:
    """What the app of the person shows."""
    assert account.totp_secret is not None
    return pyotp.TOTP(account.totp_secret).at(now)


def set_up(session: Session, account: Account) -> list[str]:
    totp.enrol(session, account)
    return totp.confirm(session, account, code(account, NOW), NOW)


def test_roles_that_sign_conclude_or_administer_need_a_second_factor() -> None:
    asked = {role for role in Role if totp.is_required({role})}

    assert asked == {Role.LEADER, Role.COUNCIL_SECRETARY, Role.ADMINISTRATOR}


def test_address_for_the_app_holds_login_and_secret(session: Session, account: Account) -> None:
    address = urlsplit(totp.enrol(session, account))

    assert (address.scheme, address.netloc, address.path) == ("otpauth", "totp", "/OCOP:dieu-phoi")
    assert parse_qs(address.query)["secret"] == [account.totp_secret]


def test_secret_is_in_force_once_confirmed(session: Session, account: Account) -> None:
    totp.enrol(session, account)
    with pytest.raises(WrongCodeError):
        totp.confirm(session, account, "000000", NOW)
    assert not totp.is_set_up(account)

    codes = totp.confirm(session, account, code(account, NOW), NOW)

    assert totp.is_set_up(account)
    assert len(set(codes)) == totp.RECOVERY_CODES
    with pytest.raises(WrongMomentError):
        totp.enrol(session, account)


def test_code_holds_once_and_earlier_ones_no_more(session: Session, account: Account) -> None:
    set_up(session, account)
    later = NOW + 4 * STEP
    totp.verify(session, account, code(account, later), later)

    for used in (later, later - STEP):
        with pytest.raises(WrongCodeError):
            totp.verify(session, account, code(account, used), later)
    totp.verify(session, account, code(account, later + STEP), later)


def test_code_of_a_clock_half_a_minute_off_is_taken_and_of_a_minute_not(session: Session, account: Account) -> None:
    set_up(session, account)
    now = NOW + 10 * STEP

    for off in (-2 * STEP, 2 * STEP):
        with pytest.raises(WrongCodeError):
            totp.verify(session, account, code(account, now + off), now)
    totp.verify(session, account, code(account, now - STEP), now)


def test_recovery_code_holds_once(session: Session, account: Account) -> None:
    first, second, *_ = set_up(session, account)
    assert first not in account.recovery_codes

    totp.verify(session, account, f" {first.upper()} ", NOW + STEP)

    with pytest.raises(WrongCodeError):
        totp.verify(session, account, first, NOW + STEP)
    totp.verify(session, account, second, NOW + STEP)


def test_wrong_codes_lock_the_account_as_wrong_passwords_do(session: Session, account: Account) -> None:
    set_up(session, account)
    for _ in range(5):
        with pytest.raises((WrongCodeError, LockedOutError)):
            totp.verify(session, account, "000000", NOW + STEP)

    with pytest.raises(LockedOutError):
        totp.verify(session, account, code(account, NOW + STEP), NOW + STEP)
    with pytest.raises(LockedOutError):
        sign_in(session, "dieu-phoi", PASSWORD, NOW + STEP)


def test_verify_without_a_second_factor_says_so(session: Session, account: Account) -> None:
    with pytest.raises(WrongMomentError):
        totp.verify(session, account, "000000", NOW)


def test_stand_in_of_a_leader_needs_a_second_factor_while_standing_in(session: Session) -> None:
    today = NOW.date()
    leader, deputy = person(session, "lanh-dao"), person(session, "chanh-vp")
    delegate(session, leader, deputy, [], today, today, "Họp", SYSTEM, NOW)

    needed = [
        totp.is_required_of(session, deputy, day)
        for day in (today - timedelta(days=1), today, today + timedelta(days=1))
    ]

    assert needed == [False, True, False]
    assert totp.is_required_of(session, leader, today)
