"""How messages say days: counted in working days of the office, and said so."""

from __future__ import annotations

from datetime import date

from models.calendar import OfficeCalendar

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def day_in_words(day: date) -> str:
    """The day with its day of the week: `thứ Hai 25/03/2024`."""
    return f"{WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}"


def time_left(calendar: OfficeCalendar, due: date, today: date) -> str:
    """How long there is still, or how late it is, in working days."""
    days = calendar.working_days_between(today, due)
    if due == today:
        return "hết hạn hôm nay"
    if due > today:
        return f"còn {days} ngày làm việc" if days else "hạn rơi vào ngày nghỉ, không còn ngày làm việc nào"
    return f"quá hạn {-days} ngày làm việc" if days else "đã qua hạn, chưa sang ngày làm việc mới"


def calendar_days_left(until: date, today: date) -> str:
    """For terms of law in calendar days (validity of a certificate)."""
    days = (until - today).days
    if days == 0:
        return "hết hạn hôm nay"
    return f"còn {days} ngày (ngày lịch)" if days > 0 else f"đã hết {-days} ngày (ngày lịch)"


def shortened(text: str, most: int) -> str:
    """One line of at most `most` characters, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return f"{line[:most].rsplit(' ', 1)[0][: most - 1]}…"
