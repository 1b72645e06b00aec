"""Days as administrative papers write them: a zero before days below 10 and months 1-2 (Decree 30/2020/NĐ-CP)."""

from __future__ import annotations

from datetime import date

BLANK = "      "
"""Room for the clerk to write a number by hand."""
LAST_PADDED_MONTH = 2


def long_date(day: date | None, year: int | None = None) -> str:
    """`ngày 05 tháng 6 năm 2024`; without a day room for it, with the year when that is known."""
    if day is None:
        return f"ngày{BLANK}tháng{BLANK}năm {year if year is not None else BLANK}".rstrip()
    month = f"{day.month:02d}" if day.month <= LAST_PADDED_MONTH else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def short_date(day: date | None) -> str:
    """`05/06/2024`; nothing for none."""
    return "" if day is None else f"{day:%d/%m/%Y}"
