"""The ladder of a late work item: each rung once, the highest told, and whoever must act."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models.calendar import OfficeCalendar
from models.clock import vn_date
from models.enums import OutboxKind, Rung
from models.errors import FinalError
from models.process.kinds import StepKind
from models.tables import AuditEntry, CyclePlan, Office, OutboxMessage, Round, RungClaim, WorkItem
from models.work_items import complete, extend, resume, suspend
from models.work_items.ladder import candidates, climb, event_of, last_days, rungs_reached
from models.work_items.rungs import DEFAULT_RUNGS
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


def test_climbing_after_days_without_a_look_tells_the_highest_and_whoever_must_act(session: Session) -> None:
    item = commune_item(session)

    assert told(session, "2024-07-26") == [
        (Rung.ESCALATED_HEAD, (Rung.DUE_SOON, Rung.OVERDUE, Rung.ESCALATED_HEAD)),
    ]

    facts = {"item": item.id, "rung": "escalated_head", "due_on": "2024-07-23"}
    messages = session.scalars(select(OutboxMessage).where(OutboxMessage.key.contains(":rung:"))).all()
    assert [(message.kind, message.payload) for message in messages] == [
        (OutboxKind.EVENT, {"event": "ocop.step.overdue", **facts, "rung": "overdue"}),
        (OutboxKind.EVENT, {"event": "ocop.step.escalated", **facts}),
        (OutboxKind.NOTIFICATION, {"what": "rung", **facts}),
        (OutboxKind.NOTIFICATION, {"what": "rung", **facts, "rung": "overdue", "beside": "escalated_head"}),
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


@given(today=st.dates(date(2024, 1, 10), date(2025, 12, 1)), ahead=st.integers(-40, 25))
def test_last_days_answer_the_same_as_the_rungs_reached(today: date, ahead: int) -> None:
    due = today + timedelta(days=ahead)
    calendar = OfficeCalendar()

    bounds = last_days(today, calendar, DEFAULT_RUNGS)

    assert [r for r in bounds if due <= bounds[r]] == rungs_reached(due, today, calendar, DEFAULT_RUNGS)


def test_candidates_are_found_without_a_table_scan(session: Session) -> None:
    query = candidates(last_days(DUE, OfficeCalendar(), DEFAULT_RUNGS))
    compiled = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})

    plan = [row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]

    assert plan == [
        "SEARCH work_items USING INDEX ix_work_items_status_due_on (status=? AND due_on<?)",
        "CORRELATED SCALAR SUBQUERY 1",
        "SEARCH rung_claims USING COVERING INDEX sqlite_autoindex_rung_claims_1 (item_id=? AND rung=? AND due_on=?)",
    ]


@pytest.mark.parametrize(
    "own",
    [
        {"due_soon": 0},
        {"due_soon": -61},
        {"due_soon": "-3"},
        {"overdue": 5},
        {"escalated_head": 5},
        {"escalated_leader": 4},
        {"reminder": 1},
        5,
    ],
)
def test_offices_ladder_that_makes_no_sense_is_loud(session: Session, own: object) -> None:
    item = commune_item(session)
    office = item.round.plan.office
    office.settings = {**office.settings, "rungs": own}

    with pytest.raises(FinalError, match="Cài đặt bậc nhắc") as refused:
        told(session, "2024-07-24")

    assert refused.value.problems[0].field == "settings.rungs"


def test_suspended_item_climbs_only_after_its_clock_runs_again(session: Session) -> None:
    item = commune_item(session)
    suspend(session, item.id, "Chờ chủ thể bổ sung", coordinator(session), at("2024-07-16"))  # 5 of 10 days left

    assert told(session, "2024-08-30") == []

    resume(session, item.id, "Đã nộp bổ sung", coordinator(session), at("2024-08-01"))
    assert item.due_on == date(2024, 8, 8)
    assert told(session, "2024-08-02") == []
    assert told(session, "2024-08-09") == [(Rung.OVERDUE, (Rung.DUE_SOON, Rung.OVERDUE))]


def test_two_offices_with_different_ladders_are_each_served(session: Session) -> None:
    item = commune_item(session)
    other = Office(
        code="vpdp-khac",
        name="Văn phòng khác",
        kind=item.round.plan.office.kind,
        level=item.round.plan.office.level,
        settings={"rungs": {"due_soon": -1}},
    )
    plan = CyclePlan(home=other, year=2024, authority="UBND", targets={}, imported_at=CHECKED)
    day = date(2024, 9, 1)
    round_ = Round(
        plan=plan, code="khac-1", number=1, opens_on=day, registration_closes_on=day, council_on=day, closes_on=day
    )
    session.add(round_)
    session.flush()
    second = WorkItem(
        key="khac",
        subject="round:99",
        kind=item.kind,
        round_id=round_.id,
        owner_office_id=other.id,
        role=item.role,
        opened_at=CHECKED,
        due_on=DUE,
    )
    session.add(second)
    session.flush()

    found = list(climb(session, at("2024-07-19"), date(2024, 7, 19)))
    assert [(one.item.id, one.rung) for one in found] == [(item.id, Rung.DUE_SOON)]

    found = list(climb(session, at("2024-07-22"), date(2024, 7, 22)))
    assert [(one.item.id, one.rung) for one in found] == [(second.id, Rung.DUE_SOON)]
