"""Clocks: moments in UTC, days in Viet Nam."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from models.clock import VN_TZ, Clock, FixedClock, SystemClock, vn_date

BEFORE_MIDNIGHT = datetime(2024, 2, 8, 16, 59, 59, tzinfo=UTC)
MIDNIGHT = datetime(2024, 2, 8, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "day"), [(BEFORE_MIDNIGHT, date(2024, 2, 8)), (MIDNIGHT, date(2024, 2, 9))]
)
def test_today_begins_at_midnight_in_viet_nam(moment: datetime, day: date) -> None:
    assert FixedClock(moment).today() == day


def test_fixed_clock_now_is_in_utc() -> None:
    clock = FixedClock(datetime(2024, 2, 9, tzinfo=VN_TZ))

    assert clock.now() == MIDNIGHT
    assert clock.now().tzinfo == UTC


def test_fixed_clock_set_and_advance() -> None:
    clock = FixedClock(MIDNIGHT)

    clock.set(BEFORE_MIDNIGHT)
    clock.advance(timedelta(days=1))

    assert clock.now() == BEFORE_MIDNIGHT + timedelta(days=1)


def test_fixed_clock_refuses_naive_moments() -> None:
    clock = FixedClock(MIDNIGHT)

    with pytest.raises(ValueError, match="time zone"):
        clock.set(datetime(2024, 2, 9))
    with pytest.raises(ValueError, match="time zone"):
        FixedClock(datetime(2024, 2, 9))

    assert clock.now() == MIDNIGHT


def test_system_clock_is_the_machines_time_in_utc() -> None:
    clock: Clock = SystemClock()

    before, now, after = datetime.now(UTC), clock.now(), datetime.now(UTC)

    assert before <= now <= after
    assert now.tzinfo == UTC
    assert vn_date(before) <= clock.today()
