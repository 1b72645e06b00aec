"""When a schedule runs next, and how it reads."""

from __future__ import annotations

from typing import Any

import pytest

from deployments.next_run import in_words, next_time
from tests.factories import at

ZONE = "Asia/Ho_Chi_Minh"


def facts(active: bool = True, **schedule: Any) -> dict[str, Any]:
    return {"schedule": schedule | {"timezone": ZONE}, "parameters": {}, "active": active}


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ({"cron": "*/5 * * * *"}, "2026-11-24 09:05"),
        ({"cron": "0 6 * * *"}, "2026-11-25 06:00"),
        ({"cron": "0 7 24 11 *"}, "2027-11-24 07:00"),
        ({"interval": 3600.0, "anchor_date": "2024-01-01T00:00:00Z"}, "2026-11-24 10:00"),
    ],
)
def test_next_time_is_in_viet_nam(schedule: dict[str, Any], expected: str) -> None:
    found = next_time(facts(**schedule), at("2026-11-24"))

    assert found == at(expected[:10], int(expected[11:13])).replace(minute=int(expected[14:]))


def test_paused_schedule_has_no_next_time() -> None:
    assert next_time(facts(active=False, cron="0 6 * * *"), at("2026-11-24")) is None


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("*/5 * * * *", "mỗi 5 phút"),
        ("0 6 * * *", "06:00 hằng ngày"),
        ("30 7 * * 1-5", "07:30 thứ Hai đến thứ Sáu"),
        ("0 8 31 12 *", "08:00 ngày 31 tháng 12"),
        ("0 7 1 1,4,7,10 *", "07:00 ngày 1 tháng 1, 4, 7, 10"),
        ("1,2 3 * * *", "1,2 3 * * *"),
    ],
)
def test_schedules_in_words(cron: str, words: str) -> None:
    assert in_words(facts(cron=cron)) == words
