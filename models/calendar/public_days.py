"""What the library `holidays` knows of Viet Nam: public holidays, substitute days, working Saturdays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

import holidays
from holidays.countries.vietnam import Vietnam

from models.errors import InputError

_FIVE_DAY_WEEK_SINCE = 2000
"""Offices worked on Saturdays until October 1999: earlier years would be counted wrongly."""

FIRST_YEAR: int = max(Vietnam.start_year, _FIVE_DAY_WEEK_SINCE)
LAST_YEAR: int = Vietnam.end_year

_ONE_DAY = timedelta(days=1)
_WEEKEND = {5: "Thứ Bảy", 6: "Chủ Nhật"}


@cache
def public_days_off(year: int) -> Mapping[date, str]:
    """All days off of a year, weekends too, each with its Vietnamese reason.

    A holiday's name wins over "Thứ Bảy" or "Chủ Nhật". Saturdays that are worked as swaps are no days off.
    Raises `InputError` for years that the library does not know: it would answer without Tết.
    """
    _check_known(year)
    # The neighbours too: a swap is listed under the year of its day off (31/12/2018 for 05/01/2019).
    library = holidays.country_holidays("VN", years=(year - 1, year, year + 1), language="vi")
    off = {day: why for day, why in _weekends(year).items() if day not in library.weekend_workdays}
    off.update({day: name for day, name in library.items() if day.year == year})
    return MappingProxyType(off)


def _weekends(year: int) -> dict[date, str]:
    first = date(year, 1, 1)
    days = (first + n * _ONE_DAY for n in range((date(year, 12, 31) - first).days + 1))
    return {day: _WEEKEND[day.weekday()] for day in days if day.weekday() in _WEEKEND}


def _check_known(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputError(
            f"Không có lịch nghỉ lễ của năm {year}",
            field="date",
            remedy=f"Dùng ngày trong các năm {FIRST_YEAR}–{LAST_YEAR}.",
        )
