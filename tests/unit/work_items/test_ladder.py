"""The ladder of a late work item: each rung once, only the highest told."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.calendar import OfficeCalendar
from models.clock import vn_date
from models.enums import OutboxKind, Rung
from models.process.kinds import StepKind
from models.tables import AuditEntry, OutboxMessage, RungClaim, WorkItem
from models.work_items import complete, extend
from models.work_items.ladder import DEFAULT_RUNGS, climb, event_of, rungs_reached
from tests.factories import CHECKED, accepted, at, coordinator, opened, proposed, whoever

DUE = date(2024, 7, 23)  # a Tuesday


def commune_item(session: Session) -> WorkItem:
    return opened(session, accepted(session), StepKind.COMMUNE_ASSESSMENT, CHECKED)


def told(session: Session, day: str) -> list[tuple[Rung, tuple[Rung, ...]]]:
    return [(found.rung, found.new) for found in climb(session, at(day), vn_date(at(day)))]


@pytest.mark.parametrize(
    ("today", "reached"),
    [
        ("2024-07-17", []),
        ("2024-07-18", [Rung.DUE_SOON]),
        ("2024-07-23", [Rung.DUE_SOON]),
        ("2024-07-24", [Rung.DUE_SOON, Rung.OVERDUE]),
        ("2024-07-25", [Rung.DUE_SOON, Rung.OVERDUE]),
        ("2024-07-26", [Rung.DUE_SOON, Rung.OVERDUE, Rung.ESCALATED_HEAD]),
        ("2024-07-28", [Rung.DUE_SOON, Rung.OVERDUE, Rung.ESCALATED_HEAD]),
        ("2024-07-30", [Rung.DUE_SOON, Rung.OVERDUE, Rung.ESCALATED_HEAD, Rung.ESCALATED_COORDINATOR]),
        ("2024-08-01", [Rung.DUE_SOON, Rung.OVERDUE, Rung.ESCALATED_HEAD, Rung.ESCALATED_COORDINATOR]),
        ("2024-08-02", list(DEFAULT_RUNGS)),
    ],
)
def test_rungs_reached_by_working_days(today: str, reached: list[Rung]) -> None:
    assert rungs_reached(DUE, date.fromisoformat(today), OfficeCalendar(), DEFAULT_RUNGS) == reached


def test_item_due_on_friday_is_overdue_on_saturday() -> None:
    reached = rungs_reached(date(2024, 7, 26), date(2024, 7, 27), OfficeCalendar(), DEFAULT_RUNGS)

    assert reached == [Rung.DUE_SOON, Rung.OVERDUE]


def test_climbing_claims_each_rung_once(session: Session) -> None:
    item = commune_item(session)

    assert told(session, "2024-07-17") == []
    assert told(session, "2024-07-18") == [(Rung.DUE_SOON, (Rung.DUE_SOON,))]
    assert told(session, "2024-07-19") == []
    assert told(session, "2024-07-24") == [(Rung.OVERDUE, (Rung.OVERDUE,))]
    assert told(session, "2024-07-24") == []
    claims = session.scalars(select(RungClaim).where(RungClaim.item_id == item.id)).all()
    assert [(claim.rung, claim.due_on) for claim in claims] == [(Rung.DUE_SOON, DUE), (Rung.OVERDUE, DUE)]


def test_climbing_after_days_without_a_look_tells_only_the_highest(session: Session) -> None:
    item = commune_item(session)

    assert told(session, "2024-07-26") == [
        (Rung.ESCALATED_HEAD, (Rung.DUE_SOON, Rung.OVERDUE, Rung.ESCALATED_HEAD)),
    ]

    facts = {"item": item.id, "rung": "escalated_head", "due_on": "2024-07-23"}
    messages = session.scalars(select(OutboxMessage).where(OutboxMessage.key.contains(":rung:"))).all()
    assert [(message.kind, message.payload) for message in messages] == [
        (OutboxKind.EVENT, {"event": "ocop.step.escalated", **facts}),
        (OutboxKind.NOTIFICATION, facts),
    ]
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act.contains("escalated"))).all()
    assert acts == ["item.escalated_head"]


def test_extended_item_climbs_anew_from_its_new_due_date(session: Session) -> None:
    item = commune_item(session)
    assert len(told(session, "2024-07-24")) == 1

    extend(
        session, item.id, 10, "Xã bận", coordinator(session), at("2024-07-24"), office=item.round.plan.office
    )  # due 07/08

    assert told(session, "2024-07-25") == []
    assert told(session, "2024-08-08") == [(Rung.OVERDUE, (Rung.DUE_SOON, Rung.OVERDUE))]


def test_closed_item_climbs_no_more(session: Session) -> None:
    item = commune_item(session)
    complete(session, item.id, proposed(), whoever(session, item, CHECKED), at("2024-07-25"))

    assert told(session, "2024-07-26") == []


def test_offices_own_ladder_is_used(session: Session) -> None:
    item = commune_item(session)
    office = item.round.plan.office
    office.settings = {**office.settings, "rungs": {"due_soon": -1}}

    assert told(session, "2024-07-19") == []
    assert told(session, "2024-07-22") == [(Rung.DUE_SOON, (Rung.DUE_SOON,))]


def test_every_rung_has_an_event_of_the_design() -> None:
    assert {rung: event_of(rung) for rung in Rung} == {
        Rung.DUE_SOON: "ocop.step.due-soon",
        Rung.OVERDUE: "ocop.step.overdue",
        Rung.ESCALATED_HEAD: "ocop.step.escalated",
        Rung.ESCALATED_COORDINATOR: "ocop.step.escalated",
        Rung.ESCALATED_LEADER: "ocop.step.escalated",
    }
