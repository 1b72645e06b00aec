"""When a schedule starts its next run, and the schedule itself in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim

from models.clock import VN_TZ

STOPPED = "tạm dừng"


def next_time(facts: dict[str, Any], now: datetime) -> datetime | None:
    """The next moment after `now` on which this schedule starts a run; `None` when it is paused. Pure."""
    schedule = facts["schedule"]
    if not facts["active"]:
        return None
    zone = ZoneInfo(schedule.get("timezone") or "UTC")
    if "cron" in schedule:
        return next(CronSim(schedule["cron"], now.astimezone(zone)))
    if "interval" in schedule:
        step = timedelta(seconds=schedule["interval"])
        anchor = datetime.fromisoformat(schedule["anchor_date"])
        return anchor + ((now - anchor) // step + 1) * step
    return None


def next_moment(facts: dict[str, Any] | None) -> datetime | None:
    """The next run of a schedule from now on; `None` when it is paused or gone."""
    return next_time(facts, datetime.now(UTC)) if facts is not None else None


def shown_moment(moment: datetime) -> str:
    """A moment as people read it."""
    return f"{moment.astimezone(VN_TZ):%d/%m/%Y %H:%M}"


def next_run(facts: dict[str, Any] | None) -> str:
    """The next run as people read it; empty for a schedule that is gone."""
    found = next_moment(facts)
    if facts is None:
        return ""
    return shown_moment(found) if found else STOPPED


def in_words(facts: dict[str, Any] | None) -> str:
    """The schedule in Vietnamese where it is of a simple kind, else its cron line."""
    if facts is None:
        return ""
    schedule = facts["schedule"]
    if "cron" not in schedule:
        return f"mỗi {schedule['interval']:g} giây" if "interval" in schedule else "theo quy tắc riêng"
    minute, hour, day, month, weekday = schedule["cron"].split()
    if minute.startswith("*/") and hour == "*":
        return f"mỗi {minute[2:]} phút"
    if not (minute.isdecimal() and hour.isdecimal()):
        return str(schedule["cron"])
    at = f"{int(hour):02d}:{int(minute):02d}"
    days = {
        (False, False, False): "hằng ngày",
        (True, False, False): f"ngày {day} hằng tháng",
        (True, True, False): f"ngày {day} tháng {month.replace(',', ', ')}",
        (False, False, True): "thứ Hai đến thứ Sáu" if weekday == "1-5" else f"thứ {weekday}",
    }.get((day != "*", month != "*", weekday != "*"))
    return f"{at} {days}" if days else str(schedule["cron"])
