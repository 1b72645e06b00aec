"""Coordinators without a plan for the year are reminded once a quarter; no round is invented."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import OutboxKind
from models.rounds.missing_plans import quarter_of, tell_missing_plans
from models.tables import OutboxMessage, Round
from tests.factories import at


def told(session: Session) -> list[dict[str, Any]]:
    return list(session.scalars(select(OutboxMessage.payload).where(OutboxMessage.kind == OutboxKind.NOTIFICATION)))


def test_office_with_a_plan_is_not_reminded(session: Session) -> None:
    assert tell_missing_plans(session, at("2024-04-01")) == []
    assert told(session) == []


def test_office_without_a_plan_is_reminded_once_a_quarter(session: Session) -> None:
    rounds = len(session.scalars(select(Round)).all())
    for day in ("2025-01-01", "2025-01-02", "2025-04-01"):
        tell_missing_plans(session, at(day))

    assert [(one["what"], one["year"], one["quarter"], one["to"]) for one in told(session)] == [
        ("round-without-plan", 2025, 1, ["coordinator"]),
        ("round-without-plan", 2025, 2, ["coordinator"]),
    ]
    assert "chưa có kế hoạch năm 2025" in told(session)[0]["text"]
    assert len(session.scalars(select(Round)).all()) == rounds


def test_office_without_a_coordinator_is_not_reminded(session: Session) -> None:
    assert tell_missing_plans(session, at("2020-01-01")) == []


@pytest.mark.parametrize(
    ("day", "quarter"), [("2024-01-01", 1), ("2024-03-31", 1), ("2024-04-01", 2), ("2024-12-31", 4)]
)
def test_quarters(day: str, quarter: int) -> None:
    assert quarter_of(at(day).date()) == quarter
