"""Time as a parameter: asked at the edges only, so that the demo and the tests can set it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

VN_TZ = ZoneInfo("Asia/Ho_Chi_Minh")
"""The time zone in which days begin and end (domain.md §6)."""


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        ...

    def today(self) -> date:
        """The day it is in Viet Nam."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The day it is in Viet Nam."""
        return vn_date(self.now())


class FixedClock:
    """A clock that stands until it is set: simulated time in the demo, fixed time in tests."""

    def __init__(self, now: datetime) -> None:
        self._now = _in_utc(now)

    def now(self) -> datetime:
        """The moment it was set to, aware, in UTC."""
        return self._now

    def today(self) -> date:
        """The day it is in Viet Nam at that moment."""
        return vn_date(self._now)

    def set(self, now: datetime) -> None:
        """Set the clock. Raises `ValueError` for a moment without a time zone."""
        self._now = _in_utc(now)

    def advance(self, by: timedelta) -> None:
        """Move the clock on (or back)."""
        self._now += by


def vn_date(moment: datetime) -> date:
    """The day that an aware moment falls on in Viet Nam. Raises `ValueError` for a naive one."""
    return _in_utc(moment).astimezone(VN_TZ).date()


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)
