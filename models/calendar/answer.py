"""The answer of `ocop due`: when a term ends and which days were not counted."""

from __future__ import annotations

from datetime import date

from models.calendar.office_calendar import DueDate, OfficeCalendar
from models.errors import InputError


def due_answer(
    from_: date,
    *,
    working_days: int | None = None,
    days: int | None = None,
    calendar: OfficeCalendar,
) -> dict[str, object]:
    """The end of a term that starts with an event on `from_`, as plain JSON values (dates in ISO form).

    Raises `InputError` unless exactly one of `working_days` and `days` is given, and for negative numbers.
    """
    found = _due(from_, working_days, days, calendar)
    return {
        "due": found.due.isoformat(),
        "skipped": [{"date": day.date.isoformat(), "why": day.why} for day in found.skipped],
    }


def _due(from_: date, working_days: int | None, days: int | None, calendar: OfficeCalendar) -> DueDate:
    if working_days is not None and days is None:
        return calendar.add_working_days(from_, working_days)
    if days is not None and working_days is None:
        return calendar.add_days(from_, days)
    raise InputError(
        "Phải nêu đúng một trong hai: số ngày làm việc hoặc số ngày",
        field="working_days",
        remedy="Dùng --working-days N hoặc --days N.",
    )
