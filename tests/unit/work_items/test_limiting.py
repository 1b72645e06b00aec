"""The 60/30 days of 26/2026: what is pending under older rules is held to its last day, seen and told."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.dossiers.limits import finish_limit
from models.dossiers.queries import dossier_detail
from models.errors import WrongMomentError
from models.process.kinds import StepKind
from models.rounds.board import board
from models.tables import DossierAttempt, OutboxMessage, Round, WorkItem
from models.work_items import extend
from models.work_items.limiting import hold_all_to_limits
from models.work_items.opening import due_by_ledger
from tests.factories import accepted, at, concluded, coordinator, in_consulting, opened

BEFORE, FIRST_DAY = at("2026-05-21"), at("2026-05-22")


def pending(session: Session) -> tuple[DossierAttempt, WorkItem]:
    """A dossier filed in April 2026 that waits for its consultant, whose term is long."""
    attempt = in_consulting(session)
    attempt.received_on, attempt.regime = date(2026, 4, 20), "qd1489-2025"
    item = session.scalars(select(WorkItem).where(WorkItem.kind == StepKind.CONSULTING)).one()
    item.clock[0].on, item.clock[0].days = date(2026, 5, 20), 60
    item.due_on = due_by_ledger(item, attempt.round.plan.office)
    session.flush()
    return attempt, item


def test_limit_is_there_from_the_day_of_the_new_decision(session: Session) -> None:
    attempt, _ = pending(session)

    assert finish_limit(session, attempt, BEFORE.date()) is None
    limit = finish_limit(session, attempt, FIRST_DAY.date())
    assert limit == finish_limit(session, attempt, date(2026, 7, 1))
    assert limit is not None
    assert date(2026, 7, 18) <= limit <= date(2026, 7, 21)


def test_open_items_are_due_within_the_limit_and_the_coordinator_is_told_once(session: Session) -> None:
    attempt, item = pending(session)
    limit = finish_limit(session, attempt, FIRST_DAY.date())
    assert limit is not None
    assert item.due_on > limit
    assert hold_all_to_limits(session, BEFORE) == 0

    assert hold_all_to_limits(session, FIRST_DAY) == 1
    assert hold_all_to_limits(session, at("2026-05-23")) == 0

    assert item.due_on == limit == due_by_ledger(item, attempt.round.plan.office)
    assert "chuyển tiếp" in item.clock[-1].rule.lower()
    told = session.scalars(select(OutboxMessage).where(OutboxMessage.key.contains("transition-limit"))).all()
    assert [(m.payload["what"], m.payload["attempt"], m.payload["to"]) for m in told] == [
        ("transition-limit", attempt.id, ["coordinator"])
    ]


def test_step_opened_later_is_held_to_the_limit_too(session: Session) -> None:
    attempt = accepted(session)
    attempt.received_on, attempt.regime = date(2026, 4, 20), "qd1489-2025"

    item = opened(session, attempt, StepKind.COMMUNE_ASSESSMENT, at("2026-07-16"))

    limit = finish_limit(session, attempt, date(2026, 7, 16))
    assert item.due_on == limit


def test_limit_that_has_passed_leaves_the_item_late(session: Session) -> None:
    _, item = pending(session)
    hold_all_to_limits(session, FIRST_DAY)
    due = item.due_on

    hold_all_to_limits(session, at("2026-08-10"))

    assert item.due_on == due


def test_extension_beyond_the_limit_is_refused(session: Session) -> None:
    attempt, item = pending(session)
    hold_all_to_limits(session, FIRST_DAY)

    with pytest.raises(WrongMomentError, match="không gia hạn quá ngày đó"):
        extend(session, item.id, 1, "Chờ", coordinator(session), FIRST_DAY, office=attempt.round.plan.office)


def test_limit_is_shown(session: Session) -> None:
    attempt, _ = pending(session)
    limit = finish_limit(session, attempt, FIRST_DAY.date())

    detail = dossier_detail(session, attempt.dossier.code, FIRST_DAY.date()).attempts[0]
    (row,) = [
        r
        for r in board(session, session.get_one(Round, attempt.round_id), FIRST_DAY.date()).rows
        if r.dossier == attempt.dossier.code
    ]

    assert (detail.finish_by, row.finish_by) == (limit, limit)


def test_evaluated_before_the_new_decision_has_no_limit(session: Session) -> None:
    attempt = concluded(session, 60).products[0].attempt

    assert finish_limit(session, attempt, FIRST_DAY.date()) is None
