"""Days as administrative papers write them: a zero before days below 10 and months 1-2 (Decree 30/2020/NĐ-CP)."""

from __future__ import annotations

import re
from datetime import date

BLANK = "      "
"""Room for the clerk to write a number by hand."""
LAST_PADDED_MONTH = 2
HOW_TO_TYPE = "Ghi ngày/tháng/năm, ví dụ 30/05/2024 (trong tệp và API: 2024-05-30)."
_TYPED = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


def long_date(day: date | None, year: int | None = None) -> str:
    """`ngày 05 tháng 6 năm 2024`; without a day room for it, with the year when that is known."""
    if day is None:
        return f"ngày{BLANK}tháng{BLANK}năm {year if year is not None else BLANK}".rstrip()
    month = f"{day.month:02d}" if day.month <= LAST_PADDED_MONTH else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def short_date(day: date | None) -> str:
    """`05/06/2024`; nothing for none."""
    return "" if day is None else f"{day:%d/%m/%Y}"


def typed_day(text: str) -> date:
    """The day that somebody typed, the day first as everywhere in Viet Nam: `4/9/2024`, `04.09.2024`, `2024-09-04`.

    Raises:
        ValueError: none, or one that does not exist.
    """
    typed = text.strip()
    if match := _ISO.fullmatch(typed):
        year, month, day = map(int, match.groups())
    elif match := _TYPED.fullmatch(typed):
        day, month, year = map(int, match.groups())
    else:
        raise ValueError(text)
    return date(year, month, day)
