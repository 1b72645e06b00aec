"""Counting days around Tết, swaps and weekends (domain.md §6)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calendar import DueDate, OfficeCalendar, OfficeDay, OfficeDays, SkippedDay, due_answer
from models.calendar.office_days import parse_office_days
from models.calendar.public_days import FIRST_YEAR, LAST_YEAR
from models.errors import FinalError, InputError

CALENDAR = OfficeCalendar()
DAY = timedelta(days=1)
DAYS = st.dates(date(2019, 1, 1), date(2035, 12, 31))
COUNTS = st.integers(0, 120)


def weekdays_off(first: date, last: date) -> list[date]:
    """The days off from Monday to Friday."""
    days = (first + n * DAY for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5 and not CALENDAR.is_working_day(day)]


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2024, "01-01 02-08 02-09 02-12 02-13 02-14 04-18 04-29 04-30 05-01 09-02 09-03"),
        (2025, "01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02"),
        (
            2026,
            "01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02 11-24",
        ),
    ],
)
def test_weekdays_off_as_announced(year: int, expected: str) -> None:
    off = weekdays_off(date(year, 1, 1), date(year, 12, 31))

    assert " ".join(f"{day:%m-%d}" for day in off) == expected


@pytest.mark.parametrize(
    "first",
    # The first day of the lunar year at the Vietnamese meridian, computed apart from the library.
    [
        *(date(2019, 2, 5), date(2020, 1, 25), date(2021, 2, 12), date(2022, 2, 1), date(2023, 1, 22)),
        *(date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26)),
        *(date(2029, 2, 13), date(2030, 2, 2), date(2031, 1, 23), date(2032, 2, 11), date(2033, 1, 31)),
        *(date(2034, 2, 19), date(2035, 2, 8)),
    ],
)
def test_tet_is_five_working_days_off(first: date) -> None:
    off = [d for d in weekdays_off(first - 10 * DAY, first + 12 * DAY) if "Tết Dương" not in _why(d)]

    assert CALENDAR.why_off(first) == "Tết Nguyên Đán"
    assert len(off) == 5


def _why(day: date) -> str:
    return CALENDAR.why_off(day) or ""


@pytest.mark.parametrize("year", range(2019, 2036))
def test_fixed_holidays_off_every_year(year: int) -> None:
    for month, day in ((1, 1), (4, 30), (5, 1), (9, 2)):
        assert not CALENDAR.is_working_day(date(year, month, day))


@pytest.mark.parametrize("year", range(2019, 2036))
def test_culture_day_off_from_2026(year: int) -> None:
    culture_day = _why(date(year, 11, 24)).startswith("Ngày Văn hóa Việt Nam")

    assert culture_day == (year >= 2026)


@pytest.mark.parametrize(
    ("off", "worked"),
    [
        (date(2019, 4, 29), date(2019, 5, 4)),
        (date(2024, 4, 29), date(2024, 5, 4)),
        (date(2025, 5, 2), date(2025, 4, 26)),
        (date(2026, 1, 2), date(2026, 1, 10)),
        (date(2026, 8, 31), date(2026, 8, 22)),
    ],
)
def test_swaps(off: date, worked: date) -> None:
    assert worked.weekday() == 5
    assert not CALENDAR.is_working_day(off)
    assert CALENDAR.is_working_day(worked)


def test_swap_across_new_year() -> None:
    assert OfficeCalendar().is_working_day(date(2019, 1, 5))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 2, 14), "Thứ Bảy"),
        (date(2026, 2, 15), "Chủ Nhật"),
        (date(2026, 2, 17), "Tết Nguyên Đán"),
        (date(2026, 4, 26), "Ngày Giỗ Tổ Hùng Vương"),
        (date(2026, 4, 27), "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)"),
        (date(2026, 1, 2), "Ngày nghỉ hoán đổi (làm bù Thứ Bảy 10/01/2026)"),
        (date(2026, 8, 31), "Ngày nghỉ (thay cho ngày 22/08/2026)"),
        (date(2026, 2, 13), None),
        (date(2026, 1, 10), None),
    ],
)
def test_why_off(day: date, why: str | None) -> None:
    assert CALENDAR.why_off(day) == why


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        (date(2026, 2, 10), 15, date(2026, 3, 10)),  # over Tết
        (date(2025, 1, 24), 1, date(2025, 2, 3)),  # the last day before Tết
        (date(2024, 2, 7), 1, date(2024, 2, 15)),
        (date(2024, 5, 3), 1, date(2024, 5, 4)),  # a working Saturday
        (date(2025, 12, 31), 6, date(2026, 1, 10)),  # over the swap of January 2026
        (date(2026, 8, 21), 1, date(2026, 8, 22)),
        (date(2026, 8, 28), 1, date(2026, 9, 3)),
        (date(2024, 7, 1), 0, date(2024, 7, 1)),
        (date(2024, 7, 6), 0, date(2024, 7, 8)),
        (date(2024, 7, 6), 1, date(2024, 7, 8)),
        (date(2024, 2, 28), 1, date(2024, 2, 29)),
    ],
)
def test_add_working_days(start: date, n: int, due: date) -> None:
    assert CALENDAR.add_working_days(start, n).due == due


def test_add_working_days_says_what_was_skipped() -> None:
    assert CALENDAR.add_working_days(date(2025, 4, 29), 1) == DueDate(
        date(2025, 5, 5),
        (
            SkippedDay(date(2025, 4, 30), "Ngày Chiến thắng"),
            SkippedDay(date(2025, 5, 1), "Ngày Quốc tế Lao động"),
            SkippedDay(date(2025, 5, 2), "Ngày nghỉ (thay cho ngày 26/04/2025)"),
            SkippedDay(date(2025, 5, 3), "Thứ Bảy"),
            SkippedDay(date(2025, 5, 4), "Chủ Nhật"),
        ),
    )


def test_add_working_days_none_on_a_day_off_skips_the_start() -> None:
    assert CALENDAR.add_working_days(date(2024, 7, 7), 0) == DueDate(
        date(2024, 7, 8), (SkippedDay(date(2024, 7, 7), "Chủ Nhật"),)
    )


@given(DAYS, COUNTS)
def test_add_working_days_never_ends_on_a_day_off(start: date, n: int) -> None:
    assert CALENDAR.is_working_day(CALENDAR.add_working_days(start, n).due)


@given(DAYS, COUNTS)
def test_add_working_days_one_more_is_later(start: date, n: int) -> None:
    assert CALENDAR.add_working_days(start, n + 2).due > CALENDAR.add_working_days(start, n + 1).due
    assert CALENDAR.add_working_days(start, 1).due >= CALENDAR.add_working_days(start, 0).due


@given(DAYS, st.integers(1, 120))
def test_add_working_days_is_undone_by_between(start: date, n: int) -> None:
    assert CALENDAR.working_days_between(start, CALENDAR.add_working_days(start, n).due) == n


@given(DAYS, st.integers(1, 120))
def test_add_working_days_skipped_and_counted_make_the_span(start: date, n: int) -> None:
    found = CALENDAR.add_working_days(start, n)

    assert len(found.skipped) + n == (found.due - start).days
    assert all(day.why == CALENDAR.why_off(day.date) for day in found.skipped)


@given(DAYS, DAYS, DAYS)
def test_working_days_between_adds_up(a: date, b: date, c: date) -> None:
    between = CALENDAR.working_days_between

    assert between(a, b) + between(b, c) == between(a, c)


def test_working_days_between_overdue_is_negative() -> None:
    assert CALENDAR.working_days_between(date(2024, 7, 10), date(2024, 7, 5)) == -3


def test_next_working_day_is_after_the_day() -> None:
    assert CALENDAR.next_working_day(date(2024, 7, 5)) == date(2024, 7, 8)


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        (date(2024, 7, 5), 1, date(2024, 7, 6)),  # a Saturday: it does not move
        (date(2024, 7, 6), 0, date(2024, 7, 6)),
        (date(2024, 1, 31), 29, date(2024, 2, 29)),
        (date(2026, 5, 22), 30, date(2026, 6, 21)),
    ],
)
def test_add_days_does_not_move(start: date, n: int, due: date) -> None:
    assert CALENDAR.add_days(start, n) == DueDate(due, ())


def test_add_term_in_its_unit() -> None:
    assert CALENDAR.add_term(date(2024, 7, 5), 1, "working").due == date(2024, 7, 8)
    assert CALENDAR.add_term(date(2024, 7, 5), 1, "calendar").due == date(2024, 7, 6)


def test_negative_counts() -> None:
    with pytest.raises(InputError) as working:
        CALENDAR.add_working_days(date(2024, 7, 5), -1)
    with pytest.raises(InputError) as calendar:
        CALENDAR.add_days(date(2024, 7, 5), -1)

    assert working.value.problems[0].field == "working_days"
    assert calendar.value.problems[0].field == "days"


def test_add_days_beyond_all_years() -> None:
    with pytest.raises(InputError):
        CALENDAR.add_days(date(2024, 7, 5), 10**12)


@pytest.mark.parametrize("year", [1999, 2101])
def test_unknown_year_fails_loudly(year: int) -> None:
    with pytest.raises(InputError) as caught:
        CALENDAR.is_working_day(date(year, 6, 15))

    assert caught.value.problems[0].remedy == f"Dùng ngày trong các năm {FIRST_YEAR}–{LAST_YEAR}."


def test_add_working_days_into_an_unknown_year() -> None:
    with pytest.raises(InputError):
        CALENDAR.add_working_days(date(LAST_YEAR, 12, 31), 5)


def test_why_off_of_a_moment_is_refused() -> None:
    with pytest.raises(TypeError):
        CALENDAR.why_off(datetime(2026, 2, 17, 8, 0))


def test_own_days_win_over_holidays_and_table() -> None:
    own = OfficeDays(
        days_off=(OfficeDay(date=date(2026, 1, 10), reason="Mất điện"),),
        working_days=(
            OfficeDay(date=date(2026, 1, 2), reason="Trực"),
            OfficeDay(date=date(2026, 2, 17), reason="Trực"),
        ),
    )

    calendar = OfficeCalendar(own)

    assert calendar.why_off(date(2026, 1, 10)) == "Mất điện"
    assert calendar.is_working_day(date(2026, 1, 2))
    assert calendar.is_working_day(date(2026, 2, 17))


def test_own_days_stay_with_their_office() -> None:
    own = OfficeDays(days_off=(OfficeDay(date=date(2024, 7, 5), reason="Lễ hội của xã"),))

    assert OfficeCalendar(own).why_off(date(2024, 7, 5)) == "Lễ hội của xã"
    assert OfficeCalendar().is_working_day(date(2024, 7, 5))


@pytest.mark.parametrize(
    "raw",
    [
        {"days_off": [{"date": "2026-01-02"}]},
        {"days_off": [{"date": "2026-01-02", "reason": ""}]},
        {"days_off": [{"date": "2026-13-02", "reason": "x"}]},
        {"holidays": []},
        {
            "days_off": [{"date": "2026-01-02", "reason": "x"}],
            "working_days": [{"date": "2026-01-02", "reason": "y"}],
        },
    ],
)
def test_parse_office_days_faulty(raw: dict[str, object]) -> None:
    with pytest.raises(FinalError) as caught:
        parse_office_days(raw, "own.yaml")

    assert caught.value.problems[0].field == "own.yaml"


def test_due_answer_working_days() -> None:
    assert due_answer(date(2026, 1, 1), working_days=1, calendar=CALENDAR) == {
        "due": "2026-01-05",
        "skipped": [
            {"date": "2026-01-02", "why": "Ngày nghỉ hoán đổi (làm bù Thứ Bảy 10/01/2026)"},
            {"date": "2026-01-03", "why": "Thứ Bảy"},
            {"date": "2026-01-04", "why": "Chủ Nhật"},
        ],
    }


def test_due_answer_days() -> None:
    assert due_answer(date(2026, 1, 1), days=2, calendar=CALENDAR) == {"due": "2026-01-03", "skipped": []}


@pytest.mark.parametrize(("working_days", "days"), [(None, None), (1, 1), (0, 0)])
def test_due_answer_needs_exactly_one(working_days: int | None, days: int | None) -> None:
    with pytest.raises(InputError):
        due_answer(date(2026, 1, 1), working_days=working_days, days=days, calendar=CALENDAR)
