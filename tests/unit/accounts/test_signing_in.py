"""Signing in: passwords, lock-out with back-off, changing one's own password."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import passwords, sessions
from models.accounts.errors import DisabledAccountError, LockedOutError, WrongPasswordError
from models.accounts.lockout import FREE_TRIES, LONGEST_WAIT, wait_after
from models.accounts.signing_in import change_password, sign_in
from models.database import reading, transaction
from models.errors import InputError
from models.tables import Account, AuditEntry, Person
from tests.at_once import at_once
from tests.unit.accounts.conftest import NOW, PASSWORD, SOON, account_for, person


def wrong(session: Session, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises((WrongPasswordError, LockedOutError)):
            sign_in(session, "dieu-phoi", "sai mật khẩu rồi", NOW)


def test_sign_in_with_code_and_password_gives_the_account(session: Session, account: Account) -> None:
    assert sign_in(session, "dieu-phoi", PASSWORD, NOW) is account
    assert account.signed_in_at == NOW


def test_sign_in_with_email_in_any_case_gives_the_account(session: Session, account: Account) -> None:
    account.person.email = "Dieu.Phoi@thoxuan.example"

    assert sign_in(session, " dieu.phoi@THOXUAN.example ", PASSWORD, NOW) is account


def test_email_of_two_people_is_no_login(session: Session, account: Account) -> None:
    account.person.email = "vanphong@thoxuan.example"
    person(session, "hd-pho").email = "vanphong@thoxuan.example"

    with pytest.raises(WrongPasswordError):
        sign_in(session, "vanphong@thoxuan.example", PASSWORD, NOW)


def test_unknown_login_and_wrong_password_are_told_in_the_same_words(session: Session, account: Account) -> None:
    with pytest.raises(WrongPasswordError) as unknown:
        sign_in(session, "khong-co-ai", PASSWORD, NOW)
    with pytest.raises(WrongPasswordError) as wrong_one:
        sign_in(session, account.person.code, "sai mật khẩu rồi", NOW)

    assert unknown.value.problems == wrong_one.value.problems


def test_unknown_login_costs_a_check_of_a_hash_with_todays_parameters(session: Session) -> None:
    with pytest.raises(WrongPasswordError):
        sign_in(session, "khong-co-ai", PASSWORD, NOW)

    assert not passwords.HASHER.check_needs_rehash(passwords._nobodys())


def test_fifth_wrong_try_locks_for_a_minute_even_against_the_right_password(session: Session, account: Account) -> None:
    wrong(session, FREE_TRIES)

    with pytest.raises(LockedOutError) as locked:
        sign_in(session, "dieu-phoi", PASSWORD, NOW + timedelta(seconds=59))
    assert locked.value.until == NOW + timedelta(minutes=1)
    assert sign_in(session, "dieu-phoi", PASSWORD, NOW + timedelta(minutes=1)) is account


def test_each_further_wrong_try_doubles_the_wait(session: Session, account: Account) -> None:
    wrong(session, FREE_TRIES)
    now, waits = NOW, []
    for _ in range(8):
        assert account.locked_until is not None
        waits.append(account.locked_until - now)
        now = account.locked_until
        with pytest.raises(LockedOutError):
            sign_in(session, "dieu-phoi", "sai mật khẩu rồi", now)

    assert [wait // timedelta(minutes=1) for wait in waits] == [1, 2, 4, 8, 16, 32, 60, 60]


@given(st.integers(0, 10_000))
def test_waits_never_shrink_nor_pass_an_hour(failures: int) -> None:
    assert timedelta(0) <= wait_after(failures) <= wait_after(failures + 1) <= LONGEST_WAIT


def test_right_password_makes_counting_start_anew(session: Session, account: Account) -> None:
    wrong(session, FREE_TRIES - 1)
    sign_in(session, "dieu-phoi", PASSWORD, NOW)

    wrong(session, FREE_TRIES - 1)

    assert sign_in(session, "dieu-phoi", PASSWORD, NOW) is account


def test_wrong_try_is_stored_although_the_transaction_ends_in_the_error(url: str) -> None:
    with transaction(url) as session:
        account_for(session)

    with pytest.raises(WrongPasswordError), transaction(url) as session:
        sign_in(session, "dieu-phoi", "sai mật khẩu rồi", NOW)

    with reading(url) as session:
        assert session.scalars(select(Account.failures)).all() == [1]


def test_wrong_tries_at_once_are_all_counted(url: str) -> None:
    with transaction(url) as session:
        account_for(session)

    told = at_once(url, *[lambda session: sign_in(session, "dieu-phoi", "sai mật khẩu rồi", NOW)] * 4)

    assert told == ["WrongPasswordError"] * 4
    with reading(url) as session:
        assert session.scalars(select(Account.failures)).all() == [4]


def test_disabled_account_and_inactive_person_are_refused_only_with_the_right_password(
    session: Session, account: Account
) -> None:
    account.disabled_at = NOW
    with pytest.raises(WrongPasswordError):
        sign_in(session, "dieu-phoi", "sai mật khẩu rồi", NOW)
    with pytest.raises(DisabledAccountError):
        sign_in(session, "dieu-phoi", PASSWORD, NOW)

    account.disabled_at, account.person.active = None, False
    with pytest.raises(DisabledAccountError):
        sign_in(session, "dieu-phoi", PASSWORD, NOW)


def test_hash_of_weaker_parameters_is_replaced_at_sign_in(session: Session, account: Account) -> None:
    account.password_hash = PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)

    sign_in(session, "dieu-phoi", PASSWORD, NOW)

    assert not passwords.HASHER.check_needs_rehash(account.password_hash)
    assert sign_in(session, "dieu-phoi", PASSWORD, NOW) is account


def test_password_that_is_short_or_says_who_it_is_of_is_refused() -> None:
    who = Person(code="can-bo-xa-tho", name="Nguyễn Thị Hồng Minh", email="hongminh@xa.example")

    for refused in ("chín ký tự"[:9], "CAN-BO-XA-THO", "nguyễn thị hồng minh", "HongMinh@xa.example", "x" * 201):
        with pytest.raises(InputError):
            passwords.check_acceptable(refused, who)
    passwords.check_acceptable("mười ký tự", who)


def test_changing_ones_password_ends_the_other_sessions(session: Session, account: Account) -> None:
    here, _ = sessions.start(session, account, NOW)
    elsewhere, _ = sessions.start(session, account, NOW)

    change_password(session, account, PASSWORD, "một mật khẩu khác", NOW + SOON, stay=here.id)

    assert (here.ended_at, elsewhere.ended_at) == (None, NOW + SOON)
    assert sign_in(session, "dieu-phoi", "một mật khẩu khác", NOW + SOON) is account
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "account.password_changed")).one()
    assert entry.actor_id == account.person_id


def test_changing_asks_the_old_password_and_another_new_one(session: Session, account: Account) -> None:
    with pytest.raises(WrongPasswordError):
        change_password(session, account, "sai mật khẩu rồi", "một mật khẩu khác", NOW)
    with pytest.raises(InputError, match="trùng"):
        change_password(session, account, PASSWORD, PASSWORD, NOW)
