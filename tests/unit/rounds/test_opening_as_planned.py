"""The system opens a round on the ground of its plan: on its day, once, never with a window that is past."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import OutboxKind, Role, RoundStatus
from models.rounds.opening import PlannedOpening, missed_openings, open_as_planned
from models.rounds.queries import round_by_code
from models.tables import AuditEntry, OutboxMessage
from tests.factories import at, open_round

CODE = "2024-2"
"""Opens on 01/07/2024, takes dossiers until 26/07/2024."""


def open_on(session: Session, day: str) -> PlannedOpening:
    return open_as_planned(session, round_by_code(session, CODE).id, at(day, 7))


def messages(session: Session, kind: OutboxKind) -> list[dict[str, Any]]:
    return list(session.scalars(select(OutboxMessage.payload).where(OutboxMessage.kind == kind)))


@pytest.mark.parametrize("day", ["2024-07-01", "2024-07-26"])
def test_round_opens_from_its_day_to_the_end_of_its_window(session: Session, day: str) -> None:
    became = open_on(session, day)

    round_ = round_by_code(session, CODE)
    assert (became, round_.status) == (PlannedOpening.OPENED, RoundStatus.OPEN)
    assert messages(session, OutboxKind.SIGNAL) == [{"subject": f"round:{round_.id}"}]


def test_audit_says_whose_plan_it_was(session: Session) -> None:
    open_on(session, "2024-07-01")

    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "round.opened"))
    assert (entry.actor_id, entry.capacity) == (None, Role.SYSTEM)
    assert entry.reason == "Mở theo kế hoạch năm 2024, Lê Thị Hương nhập ngày 23/02/2024."


def test_second_time_changes_nothing(session: Session) -> None:
    open_on(session, "2024-07-01")
    assert open_on(session, "2024-07-02") is PlannedOpening.UNDER_WAY
    assert len(messages(session, OutboxKind.SIGNAL)) == 1


def test_round_that_the_coordinator_opened_is_left_alone(session: Session) -> None:
    open_round(session, CODE)
    assert open_on(session, "2024-07-01") is PlannedOpening.UNDER_WAY


def test_round_does_not_open_before_its_day(session: Session) -> None:
    assert open_on(session, "2024-06-30") is PlannedOpening.TOO_EARLY
    assert round_by_code(session, CODE).status is RoundStatus.PLANNED


def test_round_past_its_window_is_told_once_and_not_opened(session: Session) -> None:
    assert open_on(session, "2024-07-27") is PlannedOpening.MISSED
    assert open_on(session, "2024-07-28") is PlannedOpening.MISSED

    (told,) = messages(session, OutboxKind.NOTIFICATION)
    assert round_by_code(session, CODE).status is RoundStatus.PLANNED
    assert (told["what"], told["round"], told["to"]) == (
        "round-missed",
        round_by_code(session, CODE).id,
        ["coordinator"],
    )
    assert "thời gian nhận hồ sơ đã hết ngày 26/07/2024" in told["text"]


def test_missed_openings_are_planned_rounds_past_their_day_until_told(session: Session) -> None:
    open_round(session, "2024-1")
    day = at("2024-08-20").date()
    assert [round_.code for round_ in missed_openings(session, day)] == ["2024-2", "2024-3"]

    open_on(session, "2024-08-20")

    assert [round_.code for round_ in missed_openings(session, day)] == ["2024-3"]
