"""Giving out accounts: who may, what a reset ends."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import sessions, tokens, totp
from models.accounts.errors import DisabledAccountError, WrongPasswordError, WrongTokenError
from models.accounts.managing import (
    account_rows,
    add_account,
    disable,
    enable,
    reset_password,
    reset_second_factor,
)
from models.accounts.signing_in import sign_in
from models.actors import SYSTEM, Actor
from models.enums import OfficeKind, Role, TokenScope
from models.errors import ConflictError, NotAllowedError, NotFoundError
from models.offices.people import person_of_code
from models.offices.setup import give_role
from models.rounds.queries import product_by_name
from models.tables import Account, AuditEntry, Capacity, Office, Person
from tests.factories import CAKE, coordinator, producer_of
from tests.unit.accounts.conftest import NOW, PASSWORD, SOON, account_for, person
from tests.unit.accounts.test_totp import set_up


def administrator(session: Session, code: str = "quan-tri") -> Actor:
    someone = Person(code=code, name="Quản trị")
    session.add(someone)
    give_role(session, someone, Role.ADMINISTRATOR, date(2024, 1, 1))
    session.flush()
    return Actor(someone.id, Role.ADMINISTRATOR)


def holder(session: Session, kind: OfficeKind, role: Role) -> Person:
    """Somebody who holds this role in an office of this kind."""
    query = select(Person).join(Capacity).join(Office, Office.id == Capacity.office_id)
    return session.scalars(query.where(Office.kind == kind, Capacity.role == role).order_by(Person.id)).all()[0]


def test_new_account_opens_with_its_one_time_password_which_must_be_changed(session: Session) -> None:
    once = add_account(session, person(session), administrator(session), NOW)

    account = sign_in(session, "dieu-phoi", once, NOW)

    assert account.must_change
    with pytest.raises(ConflictError):
        add_account(session, person(session), SYSTEM, NOW)


def test_only_an_administrator_adds_disables_and_enables(session: Session, account: Account) -> None:
    for act in (add_account, disable, enable):
        with pytest.raises(NotAllowedError):
            act(session, account.person, coordinator(session), NOW)
    assert account.disabled_at is None


def test_disabled_account_lets_nobody_in_until_it_is_enabled(session: Session, account: Account) -> None:
    who = administrator(session)
    _, secret = sessions.start(session, account, NOW)
    _, token = tokens.create(session, account.person, "Báo cáo", {TokenScope.READ}, NOW.date(), NOW)

    disable(session, account.person, who, NOW + SOON)

    with pytest.raises(DisabledAccountError):
        sign_in(session, "dieu-phoi", PASSWORD, NOW + SOON)
    enable(session, account.person, who, NOW + SOON)
    assert sign_in(session, "dieu-phoi", PASSWORD, NOW + SOON) is account
    assert sessions.find(session, secret, NOW + SOON) is None
    with pytest.raises(WrongTokenError):
        tokens.verify(session, token, TokenScope.READ, NOW + SOON)


def test_nobody_disables_the_own_account(session: Session) -> None:
    who = administrator(session)
    own = account_for(session, "quan-tri")

    with pytest.raises(NotAllowedError):
        disable(session, own.person, who, NOW)
    assert own.disabled_at is None


def test_reset_gives_a_new_password_and_ends_what_was_open(session: Session, account: Account) -> None:
    _, secret = sessions.start(session, account, NOW)
    account.failures, account.locked_until = 7, NOW + SOON * 60

    once = reset_password(session, account.person, administrator(session), NOW)

    assert sessions.find(session, secret, NOW) is None
    with pytest.raises(WrongPasswordError):
        sign_in(session, "dieu-phoi", PASSWORD, NOW)
    assert sign_in(session, "dieu-phoi", once, NOW).must_change


def test_reset_of_the_second_factor_lets_a_new_one_be_set_up(session: Session, account: Account) -> None:
    set_up(session, account)

    reset_second_factor(session, account.person, administrator(session), NOW)

    assert not totp.is_set_up(account)
    assert len(set_up(session, account)) == totp.RECOVERY_CODES


def test_coordinator_resets_people_of_her_office_communes_and_producers_only(session: Session) -> None:
    commune = holder(session, OfficeKind.COMMUNE, Role.COMMUNE_OFFICER)
    producer_of(session, product_by_name(session, CAKE))
    producer = session.scalars(select(Person).join(Capacity).where(Capacity.role == Role.PRODUCER)).all()[0]
    others = [
        holder(session, OfficeKind.AUTHORITY, Role.LEADER),
        holder(session, OfficeKind.CONSULTANT, Role.CONSULTANT),
        person_of_code(session, "quan-tri") if administrator(session) else None,
    ]
    hers = [commune, producer]
    for one in (*hers, *others):
        assert one is not None
        account_for(session, one.code)

    may = []
    for one in (*hers, *others):
        assert one is not None
        try:
            reset_password(session, one, coordinator(session), NOW)
            may.append(one.code)
        except NotAllowedError:
            continue

    assert may == [one.code for one in hers]


def test_coordinator_does_not_reset_her_own_person_who_is_also_an_administrator(session: Session) -> None:
    commune = holder(session, OfficeKind.COMMUNE, Role.COMMUNE_OFFICER)
    account_for(session, commune.code)
    give_role(session, commune, Role.ADMINISTRATOR, date(2024, 1, 1))
    session.flush()

    for act in (reset_password, reset_second_factor):
        with pytest.raises(NotAllowedError):
            act(session, commune, coordinator(session), NOW)


def test_coordinator_of_another_office_resets_nobody_here(session: Session) -> None:
    commune = holder(session, OfficeKind.COMMUNE, Role.COMMUNE_OFFICER)
    account_for(session, commune.code)
    elsewhere = Office(code="vp-khac", name="Văn phòng khác", kind=OfficeKind.COORDINATION, level="district")
    session.add(elsewhere)
    session.flush()

    with pytest.raises(NotAllowedError):
        reset_password(session, commune, Actor(person(session).id, Role.COORDINATOR, elsewhere.id), NOW)


def test_person_without_account_cannot_be_reset(session: Session) -> None:
    with pytest.raises(NotFoundError, match="chưa có tài khoản"):
        reset_password(session, person(session), SYSTEM, NOW)


def test_list_tells_the_state_and_nothing_secret(session: Session, account: Account) -> None:
    add_account(session, person(session, "hd-pho"), SYSTEM, NOW)
    account.locked_until = NOW + SOON

    rows = account_rows(session, NOW)

    assert [(row.code, row.state) for row in rows] == [("dieu-phoi", "tạm khóa"), ("hd-pho", "chờ đổi mật khẩu")]
    assert account_rows(session, NOW + SOON)[0].state == "đang dùng"
    assert account.password_hash not in repr(rows)


def test_acts_on_accounts_are_recorded_with_the_person_and_capacity(session: Session, account: Account) -> None:
    who = administrator(session)
    reset_password(session, account.person, who, NOW)

    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "account.reset")).one()
    assert (entry.actor_id, entry.capacity, entry.subject) == (
        who.person_id,
        Role.ADMINISTRATOR,
        f"person:{account.person_id}",
    )
