"""Days as people write them in cells: dates, serial numbers of Excel, and many Vietnamese forms of text."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from math import isfinite

from openpyxl.utils.datetime import from_excel

SERIALS = range(20_000, 80_000)
"""Serial numbers taken for days (1954 to 2119); a smaller number is more likely a year or a count [ours]."""

_YEAR = r"(\d{4}|\d{2})"
_FORMS = (
    re.compile(rf"(?<!\d)(\d{{1,2}})\s*[/.\-–]\s*(\d{{1,2}})\s*[/.\-–]\s*{_YEAR}(?!\d)"),
    re.compile(rf"ngày\s*(\d{{1,2}})\s*tháng\s*(\d{{1,2}})\s*năm\s*{_YEAR}(?!\d)"),
    re.compile(rf"(?<!\d)(\d{{1,2}})\s*tháng\s*(\d{{1,2}})\s*(?:năm|,|/)?\s*{_YEAR}(?!\d)"),
    re.compile(rf"(?<!\d)(\d{{1,2}})\s*[/.\-]\s*(\d{{1,2}})\s*(?:năm|,)\s*{_YEAR}(?!\d)"),
)
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_MONTH = re.compile(r"^(?:tháng\s*)?\d{1,2}\s*(?:/|-|năm)\s*\d{4}$|^(?:năm\s*)?\d{4}$")
_CENTURY, _MONTHS = 100, 12


class NoDayError(ValueError):
    """What is written is no whole day; the message says why, in Vietnamese."""


def day_of(value: object) -> date:
    """The day that a cell holds.

    Raises:
        NoDayError: it holds none, or only a month or a year, or one that does not exist.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_serial(value)
    return day_in(str(value))


def _from_serial(number: float) -> date:
    if not isfinite(number) or int(number) not in SERIALS:
        raise NoDayError(f"số {number:g} không phải ngày")
    found = from_excel(int(number))
    if not isinstance(found, datetime):
        raise NoDayError(f"số {number:g} không phải ngày")
    return found.date()


def day_in(text: str) -> date:
    """The one day that stands in a text: "5/8/2021", "ngày 05 tháng 8 năm 2021", "QĐ 12 ngày 5.8.21", "2021-08-05".

    The day stands before the month, as everywhere in Viet Nam; a year of two digits is of this century.

    Raises:
        NoDayError: there is none, several, or one that does not exist.
    """
    plain = " ".join(unicodedata.normalize("NFC", text).split()).casefold()
    if re.fullmatch(r"[0-9]{5}", plain) and int(plain) in SERIALS:
        return _from_serial(int(plain))
    found = {_day(*match, text) for match in _matches(plain)}
    if len(found) == 1:
        return found.pop()
    if len(found) > 1:
        raise NoDayError(f"«{text}» có nhiều ngày")
    why = "thiếu ngày, chỉ có tháng hoặc năm" if _MONTH.match(plain) else "không phải ngày"
    raise NoDayError(f"«{text}» {why}")


def _matches(plain: str) -> list[tuple[int, int, int]]:
    iso = [(int(y), int(m), int(d)) for y, m, d in _ISO.findall(plain)]
    if iso:
        return iso
    for form in _FORMS:
        found = [(int(year), int(month), int(day)) for day, month, year in form.findall(plain)]
        if found:
            return found
    return []


def _day(year: int, month: int, day: int, text: str) -> date:
    full = year + 2000 if year < _CENTURY else year
    try:
        return date(full, month, day)
    except ValueError as error:
        swapped = month > _MONTHS >= day
        why = "có lẽ ghi tháng trước ngày" if swapped else "không có ngày này trong lịch"
        raise NoDayError(f"«{text}»: {why}") from error
