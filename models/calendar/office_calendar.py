"""Counting days as an office counts them (domain.md §6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from models.calendar.office_days import OfficeDays, shipped_office_days
from models.calendar.public_days import public_days_off
from models.errors import InputError

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class SkippedDay:
    """A day that was not counted, and why (Vietnamese)."""

    date: dt.date
    why: str


@dataclass(frozen=True)
class DueDate:
    """The last day of a term, with the days between that were not counted."""

    due: dt.date
    skipped: tuple[SkippedDay, ...] = ()


class OfficeCalendar:
    """The working days of one office: public holidays, then the shipped table, then the office's own days.

    Later layers win. Years that the library of holidays does not know raise `InputError` in every method
    that must know a day off.
    """

    def __init__(self, own: OfficeDays | None = None, *, shipped: OfficeDays | None = None) -> None:
        self._layers = (shipped if shipped is not None else shipped_office_days(), own or OfficeDays())
        self._years: dict[int, Mapping[dt.date, str]] = {}

    def why_off(self, day: dt.date) -> str | None:
        """The Vietnamese reason why nobody works on that day; null for a working day."""
        if isinstance(day, dt.datetime):
            raise TypeError("a date is needed: the day of a moment depends on its time zone")
        off = self._years.get(day.year)
        if off is None:
            off = self._years[day.year] = self._days_off(day.year)
        return off.get(day)

    def _days_off(self, year: int) -> dict[dt.date, str]:
        off = dict(public_days_off(year))
        for layer in self._layers:
            off.update({day.date: day.reason for day in layer.days_off if day.date.year == year})
            for worked in layer.working_days:
                off.pop(worked.date, None)
        return off

    def is_working_day(self, day: dt.date) -> bool:
        """Whether the office works on that day."""
        return self.why_off(day) is None

    def next_working_day(self, day: dt.date) -> dt.date:
        """The first working day after that day."""
        return self.add_working_days(day, 1).due

    def add_working_days(self, start: dt.date, n: int) -> DueDate:
        """The n-th working day after the event; with n = 0 that very day, or the next working one.

        Raises `InputError` for a negative n.
        """
        _check_count(n, "working_days")
        day = start if n == 0 else start + _ONE_DAY
        skipped: list[SkippedDay] = []
        left = max(n, 1)
        while True:
            why = self.why_off(day)
            if why is not None:
                skipped.append(SkippedDay(day, why))
            elif left == 1:
                return DueDate(day, tuple(skipped))
            else:
                left -= 1
            day += _ONE_DAY

    def add_days(self, start: dt.date, n: int) -> DueDate:
        """The n-th calendar day after the event; it does not move when it falls on a day off.

        Raises `InputError` for a negative n or one beyond the year 9999.
        """
        _check_count(n, "days")
        try:
            return DueDate(start + dt.timedelta(days=n))
        except OverflowError as error:
            raise InputError("Số ngày quá lớn", field="days", remedy="Nhập số ngày nhỏ hơn.") from error

    def add_term(self, start: dt.date, days: int, unit: Literal["working", "calendar"]) -> DueDate:
        """The end of a term of a regime, in the days in which it is counted."""
        return self.add_working_days(start, days) if unit == "working" else self.add_days(start, days)

    def working_days_between(self, a: dt.date, b: dt.date) -> int:
        """Working days after `a` up to and with `b`; negative when `b` is before `a` (days overdue)."""
        if b < a:
            return -self.working_days_between(b, a)
        return sum(self.is_working_day(a + n * _ONE_DAY) for n in range(1, (b - a).days + 1))


def _check_count(n: int, field: str) -> None:
    if n < 0:
        raise InputError(f"Số ngày không thể âm ({n})", field=field, remedy="Nhập số từ 0 trở lên.")
