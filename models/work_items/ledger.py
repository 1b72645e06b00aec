"""The arithmetic of a work item's clock, line by line: budget, suspensions, extensions, what is left. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from models.calendar import OfficeCalendar
from models.enums import ClockEvent
from models.errors import FinalError
from models.tables import ClockEntry
from models.work_items.terms import Budget, first_due

UNIT_WORDS = {"working": "ngày làm việc", "calendar": "ngày"}


@dataclass(frozen=True)
class ClockState:
    """What a ledger comes to. `suspended_on`: since when the clock does not run; `due` then waits for the resumption.

    `paused_days` and `extended_days` count in the unit of the budget and in working days.
    """

    budget: Budget
    started_on: date
    due: date
    suspended_on: date | None = None
    paused_days: int = 0
    extended_days: int = 0

    @property
    def may_pause(self) -> bool:
        """Only a term can be suspended: a day that a plan or the law names does not move (domain.md §6)."""
        return self.budget.unit in UNIT_WORDS


def replay(calendar: OfficeCalendar, lines: Iterable[ClockEntry]) -> ClockState:
    """Go through the ledger from its first line.

    Raises:
        FinalError: the ledger does not begin with the start of the clock.
    """
    state: ClockState | None = None
    for line in lines:
        if line.event is ClockEvent.STARTED:
            budget = Budget(line.days, line.unit, line.rule, line.until)
            state = ClockState(budget, line.on, first_due(calendar, line.on, budget))
        elif state is not None:
            state = _next(calendar, state, line)
    if state is None:
        raise FinalError("Sổ tính hạn không có dòng bắt đầu.", field="clock_entries", remedy="Chạy: ocop db check.")
    return state


def _next(calendar: OfficeCalendar, state: ClockState, line: ClockEntry) -> ClockState:
    if line.event is ClockEvent.EXTENDED:
        # While suspended no day is lost, so the extension counts from the due date even when that is past.
        start = state.due if state.suspended_on else max(state.due, line.on)
        due = calendar.add_working_days(start, line.days).due
        return replace(state, due=due, extended_days=state.extended_days + line.days)
    if line.event is ClockEvent.SUSPENDED:
        return replace(state, suspended_on=state.suspended_on or line.on)
    if state.suspended_on is None:
        return state
    left = days_between(calendar, state.suspended_on, state.due, state.budget.unit)
    paused = days_between(calendar, state.suspended_on, line.on, state.budget.unit)
    due = first_due(calendar, line.on, Budget(left, state.budget.unit, ""))
    return replace(state, due=due, suspended_on=None, paused_days=state.paused_days + paused)


def days_between(calendar: OfficeCalendar, a: date, b: date, unit: str) -> int:
    """Days after `a` up to and with `b` in the unit of a term; negative when `b` is before `a`."""
    return calendar.working_days_between(a, b) if unit == "working" else (b - a).days


def left_on(calendar: OfficeCalendar, state: ClockState, today: date) -> int:
    """Days of the term that are left; while suspended those of the day of the suspension."""
    return days_between(calendar, state.suspended_on or today, state.due, state.budget.unit)


def used_on(calendar: OfficeCalendar, state: ClockState, today: date) -> int:
    """Days of the term that were consumed: those since the start on which the clock ran."""
    ran = days_between(calendar, state.started_on, state.suspended_on or today, state.budget.unit)
    return max(ran - state.paused_days, 0)


def in_words(calendar: OfficeCalendar, state: ClockState, today: date) -> str:
    """The arithmetic as a sentence (Vietnamese), for a person who asks why this day."""
    if not state.may_pause:
        parts = [f"ngày cố định {state.due:%d/%m/%Y} ({state.budget.rule})"]
        return _told(parts, state)
    unit = UNIT_WORDS[state.budget.unit]
    parts = [
        f"{state.budget.days} {unit} tính từ {state.started_on:%d/%m/%Y} ({state.budget.rule})",
        f"đã dùng {used_on(calendar, state, today)}",
    ]
    if state.paused_days:
        parts.append(f"không tính {state.paused_days} {unit} chờ chủ thể")
    return _told(parts, state, left_on(calendar, state, today), unit)


def _told(parts: list[str], state: ClockState, left: int | None = None, unit: str = "") -> str:
    if state.extended_days:
        parts.append(f"gia hạn {state.extended_days} ngày làm việc")
    if left is not None:
        parts.append(f"còn {left} {unit}" if left >= 0 else f"quá {-left} {unit}")
    if state.suspended_on:
        parts.append(f"tạm dừng từ {state.suspended_on:%d/%m/%Y}, hạn tính tiếp khi chủ thể nộp bổ sung")
    return "; ".join(parts) + "."
