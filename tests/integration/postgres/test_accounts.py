"""What two people do at the same moment with accounts, delegations and claims, on PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.access import certificates_visible, dossiers_visible, items_visible, rounds_visible, sheets_visible
from models.accounts.signing_in import sign_in
from models.database import reading, transaction
from models.tables import Account, Capacity, Certificate, Dossier, Round, ScoreSheet, WorkItem
from models.work_items.bulk import BulkAct, apply, preview
from models.work_items.queries import item_rows
from tests.at_once import at_once, check_two_claims, new_check
from tests.factories import CHECKED, decided
from tests.unit.accounts.conftest import NOW, account_for, person
from tests.unit.delegations.test_standing_in import check_two_rules_at_once

pytestmark = pytest.mark.slow


def test_two_claims_at_once_are_one(url: str) -> None:
    check_two_claims(url)


def test_two_rules_of_one_person_made_at_once_are_one(url: str) -> None:
    check_two_rules_at_once(url)


def test_wrong_tries_at_once_are_all_counted(url: str) -> None:
    with transaction(url) as session:
        account_for(session)

    told = at_once(url, *[lambda session: sign_in(session, "dieu-phoi", "sai mật khẩu rồi", NOW)] * 4)

    assert told == ["WrongPasswordError"] * 4
    with reading(url) as session:
        assert session.scalars(select(Account.failures)).all() == [4]


def test_two_bulk_acts_of_the_same_preview_are_one(url: str) -> None:
    _, item_id = new_check(url)
    act = BulkAct("extend", "Chờ kiểm nghiệm", days=3)
    with transaction(url) as session:
        seen = preview(session, act, [item_id], person(session), CHECKED)

    def doing(session: object) -> object:
        return apply(session, act, [item_id], person(session), CHECKED, fingerprint=seen.fingerprint)  # type: ignore[arg-type]

    assert sorted(at_once(url, doing, doing)) == ["ConflictError", "ok"]
    with reading(url) as session:
        assert session.get_one(WorkItem, item_id).due_on == seen.lines[0].due_after


def test_conditions_of_access_are_understood(url: str) -> None:
    with transaction(url) as session:
        decided(session, 60)
    with reading(url) as session:
        held = session.scalars(select(Capacity)).all()
        seen = [
            len(session.scalars(select(table).where(condition(session, held))).all())
            for table, condition in (
                (Dossier, dossiers_visible),
                (Certificate, certificates_visible),
                (WorkItem, items_visible),
                (Round, rounds_visible),
                (ScoreSheet, sheets_visible),
            )
        ]
        assert min(seen) > 0
        assert item_rows(session, CHECKED.date(), mine=held) == []
