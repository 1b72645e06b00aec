"""A clock stands while the dossier is with the producer, and then goes on with what was left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.calendar import OfficeCalendar
from models.enums import ClockEvent, Role
from models.errors import InputError, NotAllowedError, PersonError, WrongMomentError
from models.process.kinds import StepKind
from models.tables import AuditEntry, ClockEntry, OutboxMessage, WorkItem
from models.work_items import complete, extend, resume, suspend
from models.work_items.ledger import days_between, in_words, left_on, replay
from models.work_items.opening import due_by_ledger
from models.work_items.queries import arithmetic, item_rows
from tests.factories import (
    CHECKED,
    HANDED_IN,
    accepted,
    at,
    coordinator,
    coordinator_elsewhere,
    opened,
    papers,
    producer_of,
    someone,
    submit,
    waiting_for_council,
    whoever,
)

CALENDAR = OfficeCalendar()
DAYS = st.dates(date(2024, 1, 2), date(2025, 10, 1))


def commune_item(session: Session) -> WorkItem:
    """Opened on Tuesday 09/07/2024 with 10 working days: due on 23/07."""
    return opened(session, accepted(session), StepKind.COMMUNE_ASSESSMENT, CHECKED)


def line(event: ClockEvent, on: date, days: int = 0, unit: str = "working") -> ClockEntry:
    return ClockEntry(event=event, on=on, days=days, unit=unit, rule="quy định")


@given(
    start=DAYS,
    days=st.integers(1, 30),
    unit=st.sampled_from(["working", "calendar"]),
    acts=st.lists(
        st.tuples(st.sampled_from(["pause", "extend"]), st.integers(0, 12), st.integers(0, 40), st.integers(1, 9)),
        max_size=5,
    ),
)
def test_any_ledger_conserves_what_was_left_and_never_ends_earlier(
    start: date, days: int, unit: str, acts: list[tuple[str, int, int, int]]
) -> None:
    lines = [line(ClockEvent.STARTED, start, days, unit)]
    today = start
    for act, wait, pause, more in acts:
        before = replay(CALENDAR, lines)
        today = max(today, min(today + timedelta(days=wait), before.due))
        if act == "extend":
            lines.append(line(ClockEvent.EXTENDED, today, more))
            assert replay(CALENDAR, lines).due > before.due
            continue
        if today > before.due:
            continue
        left = days_between(CALENDAR, today, before.due, unit)
        lines.append(line(ClockEvent.SUSPENDED, today))
        standing = replay(CALENDAR, lines)
        assert left_on(CALENDAR, standing, today + timedelta(days=pause)) == left
        today += timedelta(days=pause)
        lines.append(line(ClockEvent.RESUMED, today))
        after = replay(CALENDAR, lines)
        assert after.due >= before.due
        # With nothing left the term ends on the day itself, or on the next working one.
        assert days_between(CALENDAR, today, after.due, unit) == left or (left == 0 and after.due >= today)
    if unit == "working":
        assert CALENDAR.is_working_day(replay(CALENDAR, lines).due)


def test_suspension_keeps_the_five_days_that_were_left(session: Session) -> None:
    item = commune_item(session)
    who = coordinator(session)

    suspend(session, item.id, "Chờ chủ thể bổ sung", who, at("2024-07-16"))
    assert item.suspended_on == date(2024, 7, 16)
    resume(session, item.id, "Đã nộp bổ sung", who, at("2024-08-01"))

    session.expire(item)
    assert [item.due_on, item.suspended_on, item.version] == [date(2024, 8, 8), None, 3]
    assert [(e.event, e.on, e.days, e.unit, e.rule, e.actor_id) for e in item.clock[1:]] == [
        (ClockEvent.SUSPENDED, date(2024, 7, 16), 5, "working", "Chờ chủ thể bổ sung", who.person_id),
        (ClockEvent.RESUMED, date(2024, 8, 1), 5, "working", "Đã nộp bổ sung", who.person_id),
    ]
    assert due_by_ledger(item, item.round.plan.office) == item.due_on
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.reason != "", AuditEntry.subject == item.subject))
    assert acts.all() == ["item.suspended", "item.resumed"]
    keys = select(OutboxMessage.key).where(OutboxMessage.key.contains("sus") | OutboxMessage.key.contains("resu"))
    keys = keys.order_by(OutboxMessage.id)
    assert session.scalars(keys).all() == [f"event:suspended:{item.key}:2", f"event:resumed:{item.key}:3"]


def test_arithmetic_is_told_in_words(session: Session) -> None:
    item = commune_item(session)
    who = coordinator(session)
    rule = item.clock[0].rule
    assert arithmetic(item, date(2024, 7, 12)) == (
        f"10 ngày làm việc tính từ 09/07/2024 ({rule}); đã dùng 3; còn 7 ngày làm việc."
    )

    suspend(session, item.id, "Chờ bổ sung", who, at("2024-07-16"))
    assert arithmetic(item, date(2024, 7, 30)) == (
        f"10 ngày làm việc tính từ 09/07/2024 ({rule}); đã dùng 5; còn 5 ngày làm việc; "
        "tạm dừng từ 16/07/2024, hạn tính tiếp khi chủ thể nộp bổ sung."
    )

    resume(session, item.id, "Đã nộp", who, at("2024-08-01"))
    extend(session, item.id, 2, "Bão", who, at("2024-08-02"), office=item.round.plan.office)
    assert arithmetic(item, date(2024, 8, 13)) == (
        f"10 ngày làm việc tính từ 09/07/2024 ({rule}); đã dùng 13; không tính 12 ngày làm việc chờ chủ thể; "
        "gia hạn 2 ngày làm việc; quá 1 ngày làm việc."
    )


def test_fixed_day_is_told_as_such() -> None:
    fixed = ClockEntry(
        event=ClockEvent.STARTED, on=date(2024, 7, 1), days=0, unit="date", until=date(2024, 9, 12), rule="Kế hoạch"
    )

    assert in_words(CALENDAR, replay(CALENDAR, [fixed]), date(2024, 7, 2)) == "ngày cố định 12/09/2024 (Kế hoạch)."


def test_extension_of_a_suspended_item_adds_to_what_is_left(session: Session) -> None:
    item = commune_item(session)
    who = coordinator(session)
    suspend(session, item.id, "Chờ bổ sung", who, at("2024-07-16"))

    extend(session, item.id, 2, "Bão", who, at("2024-08-01"), office=item.round.plan.office)
    resume(session, item.id, "Đã nộp", who, at("2024-08-01"))

    assert item.due_on == date(2024, 8, 12)  # 7 working days


def test_suspended_item_is_not_late_in_the_lists(session: Session) -> None:
    item = commune_item(session)
    suspend(session, item.id, "Chờ bổ sung", coordinator(session), at("2024-07-16"))
    today = date(2024, 9, 1)

    (row,) = [row for row in item_rows(session, today) if row.id == item.id]

    assert (row.late, row.days_left) == (False, None)
    assert item.id not in [row.id for row in item_rows(session, today, overdue=True)]


def test_supplement_stops_the_clocks_of_the_case_and_its_papers_start_them_again(session: Session) -> None:
    item = commune_item(session)
    check = opened(session, submit(session, "Bánh nhãn Chương Xuân"), StepKind.REGISTRATION_CHECK, CHECKED)
    asked = opened(session, item.case, StepKind.SUPPLEMENT, at("2024-07-16"))

    assert (item.suspended_on, check.suspended_on, asked.suspended_on) == (date(2024, 7, 16), None, None)

    form = {"outcome": "supplemented", "evidence": papers()}
    complete(session, asked.id, form, whoever(session, asked, HANDED_IN), at("2024-08-01"))
    assert (item.suspended_on, item.due_on) == (None, date(2024, 8, 8))


def test_clock_that_a_person_stopped_is_not_started_by_the_supplement(session: Session) -> None:
    item = commune_item(session)
    suspend(session, item.id, "Chờ thiên tai qua", coordinator(session), at("2024-07-15"))
    asked = opened(session, item.case, StepKind.SUPPLEMENT, at("2024-07-16"))

    form = {"outcome": "supplemented", "evidence": papers()}
    complete(session, asked.id, form, whoever(session, asked, HANDED_IN), at("2024-08-01"))

    assert item.suspended_on == date(2024, 7, 15)


@pytest.mark.parametrize(("day", "why"), [("2024-07-24", "đã quá hạn"), ("2024-07-16", "đang tạm dừng")])
def test_late_or_standing_clock_cannot_be_stopped(session: Session, day: str, why: str) -> None:
    item = commune_item(session)
    if why == "đang tạm dừng":
        suspend(session, item.id, "Chờ", coordinator(session), at("2024-07-15"))

    with pytest.raises(WrongMomentError, match=why):
        suspend(session, item.id, "Chờ", coordinator(session), at(day))


def test_day_of_the_plan_cannot_be_stopped(session: Session) -> None:
    item = opened(session, waiting_for_council(session), StepKind.COUNCIL_EVALUATION, CHECKED)

    with pytest.raises(WrongMomentError, match="ngày cố định"):
        suspend(session, item.id, "Chờ", coordinator(session), CHECKED)


def test_running_clock_cannot_be_resumed(session: Session) -> None:
    item = commune_item(session)

    with pytest.raises(WrongMomentError, match="không tạm dừng"):
        resume(session, item.id, "Đã nộp", coordinator(session), CHECKED)


def test_suspension_needs_a_reason(session: Session) -> None:
    item = commune_item(session)

    with pytest.raises(InputError, match="Thiếu lý do"):
        suspend(session, item.id, " ", coordinator(session), CHECKED)


def test_producer_and_strangers_cannot_stop_a_clock_but_the_commune_concerned_can(session: Session) -> None:
    item = commune_item(session)
    refused: list[type[PersonError]] = []
    for who in (producer_of(session, item.case.dossier.product), someone(session, "tu-van-1", Role.CONSULTANT)):
        with pytest.raises(NotAllowedError) as error:
            suspend(session, item.id, "Chờ", who, CHECKED)
        refused.append(error.type)
    assert (refused, item.suspended_on) == ([NotAllowedError, NotAllowedError], None)

    suspend(session, item.id, "Chờ", whoever(session, item, CHECKED), CHECKED)
    assert item.suspended_on == date(2024, 7, 9)


@pytest.mark.parametrize("act", [suspend, resume])
def test_coordinator_of_another_office_leaves_our_clocks_alone(session: Session, act: Callable[..., WorkItem]) -> None:
    item = commune_item(session)
    if act is resume:
        suspend(session, item.id, "Chờ giấy", coordinator(session), CHECKED)
    before = len(item.clock)

    with pytest.raises(NotAllowedError, match="Bạn là điều phối của VPĐP huyện khác"):
        act(session, item.id, "Lý do", coordinator_elsewhere(session), CHECKED)

    assert len(item.clock) == before
