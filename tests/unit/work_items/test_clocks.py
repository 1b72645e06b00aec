"""Due dates: where they come from, extensions, and the ledger that gives them again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.calendar import OfficeCalendar
from models.clock import vn_date
from models.dossiers.handing_in import withdraw
from models.enums import ClockEvent, ItemStatus, OutboxKind, Role
from models.errors import FinalError, InputError, NotAllowedError, NotFoundError, WrongMomentError
from models.process.kinds import StepKind
from models.tables import AuditEntry, ClockEntry, Office, OutboxMessage, Round, WorkItem
from models.work_items import complete, extend
from models.work_items.opening import due_by_ledger
from models.work_items.terms import Budget, budget_for, first_due, office_calendar
from tests.factories import (
    ACCEPTED,
    CHECKED,
    HELD,
    accepted,
    at,
    concluded,
    coordinator,
    list_closed,
    open_round,
    opened,
    someone,
    submit,
    waiting_for_council,
    whoever,
)

DAYS = st.dates(date(2024, 1, 2), date(2025, 12, 1))


def office_of(item: WorkItem) -> Office:
    return item.round.plan.office


def commune_item(session: Session) -> WorkItem:
    """Opened on Tuesday 09/07/2024 with the office's own 10 working days."""
    return opened(session, accepted(session), StepKind.COMMUNE_ASSESSMENT, CHECKED)


def test_due_date_counts_the_offices_own_term_from_the_day_after(session: Session) -> None:
    item = commune_item(session)

    (started,) = item.clock
    assert item.due_on == date(2024, 7, 23)
    assert (started.event, started.on, started.days, started.unit) == (
        ClockEvent.STARTED,
        date(2024, 7, 9),
        10,
        "working",
    )
    assert started.rule == f"Quy định của {office_of(item).name}"


def test_due_date_counts_the_regimes_term_where_the_office_has_none(session: Session) -> None:
    item = opened(session, submit(session), StepKind.REGISTRATION_CHECK, CHECKED)

    assert item.due_on == date(2024, 7, 12)
    assert item.clock[0].rule.endswith("3 ngày (mặc định, cơ quan tự đặt)")


def test_term_that_the_law_fixes_is_not_an_offices_to_change(session: Session) -> None:
    """The office of the demo sets 10 working days for the commune; 26/2026 gives 15."""
    round_ = open_round(session)

    old, new = (
        budget_for(StepKind.COMMUNE_ASSESSMENT, regime=regime, office=round_.plan.office, dates=round_, dates_rule="")
        for regime in ("qd148-2023", "qd26-2026")
    )

    assert (old.days, new.days) == (10, 15)
    assert new.rule.endswith("15 ngày (theo 26/2026/QĐ-TTg)")


def test_due_date_starts_on_the_day_in_viet_nam(session: Session) -> None:
    """17:30 UTC is already the next day there."""
    item = opened(session, submit(session), StepKind.REGISTRATION_CHECK, at("2024-07-09", hour=23) + timedelta(hours=2))

    assert item.clock[0].on == date(2024, 7, 10)


def test_due_date_of_a_step_of_the_round_is_the_plans_day(session: Session) -> None:
    assert opened(session, waiting_for_council(session), StepKind.COUNCIL_EVALUATION, CHECKED).due_on == date(
        2024, 9, 12
    )
    round_ = list_closed(session)
    items = session.scalars(select(WorkItem).where(WorkItem.round_id == round_.id, WorkItem.attempt_id.is_(None)))
    assert {item.kind: item.due_on for item in items} == {
        StepKind.OUTREACH: date(2024, 7, 26),
        StepKind.REGISTRATION_WINDOW: date(2024, 7, 26),
        StepKind.COUNCIL_CONVENING: date(2024, 9, 12),
    }


def test_due_date_of_a_day_that_is_past_is_the_day_of_opening(session: Session) -> None:
    item = opened(session, waiting_for_council(session), StepKind.DECISION, at("2024-10-15"))

    assert item.due_on == date(2024, 10, 15)


def test_opening_twice_is_one_item_with_its_first_clock(session: Session) -> None:
    attempt = submit(session)
    first = opened(session, attempt, StepKind.REGISTRATION_CHECK, CHECKED)

    assert opened(session, attempt, StepKind.REGISTRATION_CHECK, HELD) is first
    assert first.opened_at == CHECKED
    assert len(session.scalars(select(ClockEntry)).all()) == 1
    assert [e.act for e in session.scalars(select(AuditEntry).where(AuditEntry.subject == first.subject))] == [
        "dossier.received",
        "item.opened",
    ]


@pytest.mark.parametrize(
    "own", [{"days": "mười", "unit": "working"}, {"days": 0, "unit": "working"}, {"days": 5, "unit": "tuần"}, {}, 10]
)
def test_term_that_cannot_be_computed_is_loud_and_opens_nothing(session: Session, own: object) -> None:
    attempt = accepted(session)
    office = attempt.round.plan.office
    office.settings = {**office.settings, "terms": {"commune_assessment": own}}

    with pytest.raises(FinalError, match="Cài đặt thời hạn") as refused:
        opened(session, attempt, StepKind.COMMUNE_ASSESSMENT, CHECKED)

    assert refused.value.problems[0].field == "settings.terms.commune_assessment"
    assert not session.scalars(select(WorkItem).where(WorkItem.kind == StepKind.COMMUNE_ASSESSMENT)).all()


def test_term_that_nobody_gives_is_loud(session: Session) -> None:
    round_ = session.scalars(select(Round)).first()
    assert round_ is not None

    with pytest.raises(FinalError, match="Không tính được hạn của bước «Phiếu chấm điểm»"):
        budget_for(StepKind.SCORE_SHEET, regime="qd148-2023", office=round_.plan.office, dates=round_, dates_rule="")


def test_offices_own_day_off_moves_the_due_date(session: Session) -> None:
    attempt = accepted(session)
    office = attempt.round.plan.office
    day = {"date": "2024-07-15", "reason": "Ngày truyền thống"}
    office.settings = {**office.settings, "calendar": {"days_off": [day]}}

    assert opened(session, attempt, StepKind.COMMUNE_ASSESSMENT, CHECKED).due_on == date(2024, 7, 24)


def test_extension_counts_working_days_from_the_due_date(session: Session) -> None:
    item = commune_item(session)

    extend(session, item.id, 3, "Xã bận bầu cử", coordinator(session), at("2024-07-22"), office=office_of(item))

    assert item.due_on == date(2024, 7, 26)
    assert item.version == 2
    extension = session.scalars(select(ClockEntry).where(ClockEntry.event == ClockEvent.EXTENDED)).one()
    assert (extension.on, extension.days, extension.rule) == (date(2024, 7, 22), 3, "Xã bận bầu cử")
    assert extension.actor_id == coordinator(session).person_id


def test_extension_of_a_late_item_counts_from_today(session: Session) -> None:
    item = commune_item(session)

    extend(session, item.id, 1, "Xã bận", coordinator(session), at("2024-08-02"), office=office_of(item))

    assert item.due_on == date(2024, 8, 5)  # from Friday to Monday


def test_extension_over_the_national_day_skips_it(session: Session) -> None:
    item = commune_item(session)

    extend(session, item.id, 1, "Nghỉ lễ", coordinator(session), at("2024-08-30"), office=office_of(item))

    assert item.due_on == date(2024, 9, 4)


def test_extension_leaves_one_audit_entry_and_one_event(session: Session) -> None:
    item = commune_item(session)

    extend(session, item.id, 3, "Xã bận", coordinator(session), CHECKED, office=office_of(item))

    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "item.extended"))
    assert (entry.subject, entry.reason, entry.data) == (item.subject, "Xã bận", {"item": item.id, "days": 3})
    (event,) = session.scalars(select(OutboxMessage).where(OutboxMessage.key.startswith("event:extended:")))
    assert (event.kind, event.payload) == (OutboxKind.EVENT, {"event": "ocop.step.extended", "item": item.id})


def test_two_extensions_are_two_events(session: Session) -> None:
    item = commune_item(session)

    for _ in range(2):
        extend(session, item.id, 1, "Xã bận", coordinator(session), CHECKED, office=office_of(item))

    keys = session.scalars(select(OutboxMessage.key).where(OutboxMessage.key.startswith("event:extended:"))).all()
    assert keys == [f"event:extended:{item.key}:2", f"event:extended:{item.key}:3"]


@pytest.mark.parametrize(("days", "reason"), [(0, "Xã bận"), (-3, "Xã bận"), (3, ""), (3, "  ")])
def test_extension_without_days_or_reason_is_refused(session: Session, days: int, reason: str) -> None:
    item = commune_item(session)

    with pytest.raises(InputError, match="số ngày từ 1 trở lên và lý do"):
        extend(session, item.id, days, reason, coordinator(session), CHECKED, office=office_of(item))

    assert item.due_on == date(2024, 7, 23)


@pytest.mark.parametrize(
    ("code", "role"),
    [
        ("cb-xa-tho-dien", Role.COMMUNE_OFFICER),
        ("tu-van-1", Role.CONSULTANT),
        ("ct-xa-tho-dien", Role.LEADER),
        ("thu-ky", Role.COUNCIL_SECRETARY),
        ("kiem-tra", Role.TECHNICAL_OFFICER),
    ],
)
def test_extension_by_others_than_coordinator_and_leader_is_refused(session: Session, code: str, role: Role) -> None:
    item = commune_item(session)

    with pytest.raises(NotAllowedError, match="gia hạn"):
        extend(session, item.id, 3, "Bận", someone(session, code, role), CHECKED, office=office_of(item))


def test_extension_by_the_leader_is_granted(session: Session) -> None:
    item = commune_item(session)
    leader = someone(session, "lanh-dao", Role.LEADER)

    assert extend(session, item.id, 3, "Bận", leader, CHECKED, office=office_of(item)).due_on == date(2024, 7, 26)


def test_extension_of_a_closed_item_is_refused(session: Session) -> None:
    item = opened(session, submit(session), StepKind.REGISTRATION_CHECK, CHECKED)
    complete(session, item.id, ACCEPTED, whoever(session, item, CHECKED), CHECKED)

    with pytest.raises(WrongMomentError, match="đã đóng"):
        extend(session, item.id, 3, "Bận", coordinator(session), CHECKED, office=office_of(item))


def test_extension_of_an_unknown_item_is_refused(session: Session) -> None:
    office = session.scalars(select(Office)).first()
    assert office is not None

    with pytest.raises(NotFoundError, match="Không có việc số 404"):
        extend(session, 404, 3, "Bận", coordinator(session), CHECKED, office=office)


@given(
    start=DAYS,
    days=st.integers(1, 30),
    unit=st.sampled_from(["working", "calendar"]),
    extensions=st.lists(st.tuples(st.integers(-5, 40), st.integers(1, 15)), max_size=4),
)
def test_ledger_gives_the_due_date_which_extensions_never_shorten(
    start: date, days: int, unit: str, extensions: list[tuple[int, int]]
) -> None:
    calendar = OfficeCalendar()
    office = Office(settings={})
    budget = Budget(days, unit, "quy định")
    item = WorkItem(due_on=first_due(calendar, start, budget))
    item.clock.append(ClockEntry(event=ClockEvent.STARTED, on=start, days=days, unit=unit, rule="quy định"))
    for wait, more in extensions:
        today = item.due_on + timedelta(days=wait)
        before = item.due_on
        item.due_on = office_calendar(office).add_working_days(max(before, today), more).due
        item.clock.append(ClockEntry(event=ClockEvent.EXTENDED, on=today, days=more, unit="working", rule="bận"))
        assert item.due_on > before
        assert calendar.is_working_day(item.due_on)
    assert due_by_ledger(item, office) == item.due_on


def test_ledger_agrees_with_every_item_of_a_round(session: Session) -> None:
    concluded(session, 60)
    late = session.scalars(select(WorkItem).where(WorkItem.kind == StepKind.DECISION)).one()
    extend(session, late.id, 4, "Chờ ký", coordinator(session), at("2024-10-03"), office=office_of(late))

    items = session.scalars(select(WorkItem)).all()

    assert len(items) == 16
    assert [due_by_ledger(item, office_of(item)) for item in items] == [item.due_on for item in items]


def test_withdrawal_cancels_the_open_item_once_with_its_reason(session: Session) -> None:
    item = commune_item(session)

    withdraw(session, item.case.dossier.code, "Chủ cơ sở ốm", coordinator(session), HELD)

    assert (item.status, item.closed_at, item.version) == (ItemStatus.CANCELLED, HELD, 2)
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "item.cancelled"))
    assert (entry.reason, entry.data) == ("Chủ cơ sở ốm", {"item": item.id})
    assert vn_date(entry.at) == date(2024, 9, 12)
