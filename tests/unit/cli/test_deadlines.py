"""`ocop deadlines`, `ocop watch`, `ocop task suspend|resume`."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.database import transaction
from models.process.kinds import StepKind
from models.tables import OutboxMessage, RungClaim
from tests.factories import CHECKED, accepted, opened
from tests.unit.cli.conftest import Ocop, set_day

ID = "2"


@pytest.fixture
def waiting(office: str) -> str:
    """The commune's report is open since 09/07/2024, due on 23/07; item 2, after the check of registration."""
    with transaction(office) as session:
        assert opened(session, accepted(session), StepKind.COMMUNE_ASSESSMENT, CHECKED).id == int(ID)
    set_day(office, 2024, 7, 16)
    return office


def test_deadlines_tell_the_arithmetic(ocop: Ocop, waiting: str) -> None:
    (row,) = ocop("deadlines", "--json").json

    assert (row["due_on"], row["days_left"], row["late"]) == ("2024-07-23", 7, False)
    assert row["arithmetic"].startswith("10 ngày làm việc tính từ 09/07/2024 (")
    assert row["arithmetic"].endswith("); đã dùng 5; còn 5 ngày làm việc.")


def test_deadlines_overdue_leaves_out_what_is_not(ocop: Ocop, waiting: str) -> None:
    assert ocop("deadlines", "--overdue", "--json").json == []

    set_day(waiting, 2024, 7, 24)
    assert [row["id"] for row in ocop("deadlines", "--overdue", "--json").json] == [2]


def test_task_suspend_and_resume_move_the_due_date(ocop: Ocop, waiting: str) -> None:
    stopped = ocop("task", "suspend", ID, "--reason", "Chờ bổ sung", "--as", "dieu-phoi", "--json").json
    assert (stopped["item"]["days_left"], stopped["clock"][-1]["event"]) == (None, "suspended")
    set_day(waiting, 2024, 8, 1)
    assert "tạm dừng từ 16/07/2024" in ocop("deadlines").out

    resumed = ocop("task", "resume", ID, "--reason", "Đã nộp", "--as", "dieu-phoi", "--json").json

    assert resumed["item"]["due_on"] == "2024-08-08"
    assert ocop("db", "check").status == 0


def test_watch_tells_each_rung_once_for_the_moment_asked(ocop: Ocop, waiting: str) -> None:
    set_day(waiting, 2024, 7, 29)
    told = ocop("watch", "--now", "2024-07-26", "--json").json
    assert told["now"] == "2024-07-26T07:30:00+07:00"
    assert [(one["item"], one["rung"], one["claimed"]) for one in told["told"]] == [
        (2, "escalated_head", ["due_soon", "overdue", "escalated_head"])
    ]

    assert ocop("watch", "--now", "2024-07-26T17:00", "--json").json["told"] == []


def test_watch_says_that_prefect_is_not_touched(ocop: Ocop, waiting: str) -> None:
    set_day(waiting, 2024, 7, 24)
    assert "không động tới Prefect" in ocop("watch").out


def test_watch_for_a_day_to_come_is_a_preview_of_which_nothing_is_kept(ocop: Ocop, waiting: str) -> None:
    first, again = (ocop("watch", "--now", "2024-07-26", "--json").json for _ in range(2))

    assert first["preview"] is True
    assert [one["rung"] for one in first["told"]] == ["escalated_head"]
    assert again == first
    assert "không có gì được ghi" in ocop("watch", "--now", "2024-07-26").out
    with transaction(waiting) as session:
        assert session.scalars(select(RungClaim)).all() == []
        assert not session.scalars(select(OutboxMessage).where(OutboxMessage.key.contains(":rung:"))).all()


@pytest.mark.parametrize("text", ["hôm nay", "2024-02-30", "24/07/2024"])
def test_watch_refuses_what_is_no_moment(ocop: Ocop, waiting: str, text: str) -> None:
    run = ocop("watch", "--now", text, "--json")

    assert (run.status, run.problems) == (2, [("--now", f"«{text}» không phải ngày hay thời điểm.")])
