"""Starting a run of ours again that failed, crashed or fell silent; how often is read off the run's own states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.exceptions import ObjectNotFound
from prefect.states import Scheduled

from models.enums import Labelled
from tasks.prefect_client import talking

AGAIN = "Chạy lại"
"""The name of the state from which a run starts again; Prefect's page shows it."""
_COUNTED = timedelta(days=1)


class Repair(Labelled):
    """What became of a run in trouble."""

    STARTED_AGAIN = "started_again", "Đã chạy lại"
    GIVEN_UP = "given_up", "Thôi không chạy lại"
    NOT_NEEDED = "not_needed", "Không cần chạy lại"


@dataclass(frozen=True)
class Repaired:
    """The run, what was wrong with it, and how often it was started again within a day (this time included)."""

    repair: Repair
    name: str
    why: str
    number: int


def repair(run_id: UUID, most: int, pause: timedelta, silent_since: datetime | None) -> Repaired:
    """Put a run back to Scheduled that failed, crashed, or is Running without a sign of life since `silent_since`.

    One that began anew after that is well. It starts after `pause`, twice as long each further time. After `most`
    times within a day it is left as it is.

    Raises:
        RetryableError: Prefect does not answer.
    """
    with talking() as client:
        try:
            run = client.read_flow_run(run_id)
        except ObjectNotFound:
            return Repaired(Repair.NOT_NEEDED, str(run_id), "Prefect không còn lượt chạy này.", 0)
        states = client.read_flow_run_states(run_id)
        limit = datetime.now(UTC) - _COUNTED
        before = sum(state.name == AGAIN and state.timestamp > limit for state in states)
        if not _in_trouble(run, silent_since):
            return Repaired(Repair.NOT_NEEDED, run.name, "", before)
        if before >= most:
            return Repaired(Repair.GIVEN_UP, run.name, _why(run), before)
        client.set_flow_run_state(run_id, _again(pause * 2**before, before + 1, most), force=True)
    return Repaired(Repair.STARTED_AGAIN, run.name, _why(run), before + 1)


def _in_trouble(run: FlowRun, silent_since: datetime | None) -> bool:
    state = run.state
    if state is None:
        return False
    if state.type is StateType.RUNNING:
        return silent_since is not None and state.timestamp <= silent_since
    return state.type in {StateType.FAILED, StateType.CRASHED}


def _why(run: FlowRun) -> str:
    state = run.state
    if state is not None and state.type is StateType.RUNNING:
        return "Đang chạy nhưng không còn tín hiệu."
    return (state.message if state is not None else None) or "Không rõ lý do."


def _again(pause: timedelta, number: int, most: int) -> State[Any]:
    message = f"Tự chạy lại lần {number}/{most} trong ngày."
    return Scheduled(name=AGAIN, message=message, scheduled_time=datetime.now(UTC) + pause)
