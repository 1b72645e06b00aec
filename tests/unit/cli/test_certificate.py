"""`ocop certificate list|revoke` as a person calls them; the contract beside them is in test_contracts."""

from __future__ import annotations

from datetime import date

import pytest

from models.certificates.issuing import register_old
from models.database import transaction
from models.enums import Level
from models.rounds.queries import product_by_name
from tests.factories import CAKE
from tests.unit.cli.conftest import Ocop, set_day


@pytest.fixture
def code(office: str) -> str:
    """A certificate of 15/06/2023 in the office, looked at on 22/05/2026."""
    set_day(office, 2026, 5, 22)
    with transaction(office) as session:
        return register_old(
            session,
            product_by_name(session, CAKE),
            stars=3,
            decision_number="1/QĐ",
            issued_on=date(2023, 6, 15),
            level=Level.PROVINCE,
        ).code


def test_list_shows_what_ends_soon(ocop: Ocop, code: str) -> None:
    rows = ocop("certificate", "list", "--ending", "180", "--json").json

    assert [(row["code"], row["state"], row["days_left"]) for row in rows] == [(code, "late", 24)]
    assert ocop("certificate", "list", "--ending", "23", "--json").json == []
    assert ocop("certificate", "list", "--state", "valid", "--json").json == []


def test_list_refuses_an_unknown_state(ocop: Ocop, code: str) -> None:
    run = ocop("certificate", "list", "--state", "x", "--json")

    assert (run.status, run.problems) == (2, [("--state", "Không có trạng thái «x».")])


def test_revoke_records_the_finding_then_the_decision(ocop: Ocop, code: str) -> None:
    who = ("--as", "dieu-phoi", "--json")
    found = ocop("certificate", "revoke", code, "--ground", "2", "--finding", "Nhãn sai.", *who)
    signed = ocop("certificate", "revoke", code, "--decision", "9/QĐ-UBND", "--signer", "A", *who)

    assert (found.status, found.json["due_on"]) == (0, "2026-06-06")
    assert (signed.status, signed.json["revoked_on"]) == (0, "2026-05-22")
    assert [row["state"] for row in ocop("certificate", "list", "--json").json] == ["revoked"]


def test_renew_without_an_open_round_says_so(ocop: Ocop, code: str) -> None:
    run = ocop("certificate", "renew", code, "--as", "dieu-phoi", "--json")

    assert (run.status, run.problems) == (2, [("round", "Chưa có đợt nào nhận hồ sơ.")])


def test_migration_lists_first_and_then_moves_once(ocop: Ocop, office: str) -> None:
    set_day(office, 2025, 7, 1)
    call = ("office", "migrate", "--on", "2025-07-01", "--json")

    planned, done, again = ocop(*call, "--dry-run").json, ocop(*call).json, ocop(*call).json

    assert (len(planned) > 0, done, again) == (True, planned, [])
