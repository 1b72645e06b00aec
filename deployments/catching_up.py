"""Rounds that should be open by now: one run each, which opens or tells, unless a person stopped their schedule."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from deployments.deploying import ScheduleLine
from deployments.scheduled import Scheduled, load_scheduled
from models.clock import VN_TZ
from models.database import reading
from models.office_clock import StoredClock, clock_for
from models.rounds.opening import missed_openings
from models.settings import settings
from tasks.prefect_client import create_run
from tasks.prefect_schedules import started_since

FLOW = "open-round"


def catch_up_openings(deployment: UUID, lines: list[ScheduleLine], data: Scheduled | None = None) -> list[str]:
    """Start a run for each round whose morning has passed without one; gives the codes of the rounds.

    Prefect makes runs at most 100 days ahead and none for a schedule that is made too late (a plan imported on the
    day itself): what it cannot know the plans tell. On data with simulated days nothing is opened.

    Raises:
        RetryableError: Prefect does not answer.
    """
    stopped = {_round_of(line) for line in lines if line.flow == FLOW and not _fires(line)}
    with reading() as session:
        clock = clock_for(session, settings())
        if isinstance(clock, StoredClock):
            return []
        missed = [
            (round_.id, round_.code, round_.title, morning)
            for round_ in missed_openings(session, clock.today())
            if round_.id not in stopped
            and (morning := _morning(round_.opens_on, data or load_scheduled())) <= clock.now()
        ]
    return [code for number, code, title, morning in missed if _start(deployment, number, title, morning)]


def _fires(line: ScheduleLine) -> bool:
    """Whether the schedule starts runs: a person may have paused or deleted it in Prefect."""
    return line.facts is not None and bool(line.facts["active"])


def _round_of(line: ScheduleLine) -> int:
    return int(line.slug.rpartition("-")[2])


def _morning(day: date, data: Scheduled) -> datetime:
    hour = next(flow.one_for.hour for flow in data.flows if flow.one_for and flow.one_for.kind == "round")
    return datetime(day.year, day.month, day.day, hour, tzinfo=VN_TZ)


def _start(deployment: UUID, round_id: int, title: str, morning: datetime) -> bool:
    if any(parameters.get("round_id") == round_id for parameters in started_since(deployment, morning)):
        return False  # Prefect's own run is late, under way or done
    key = f"open-round:{round_id}:{morning:%Y-%m-%d}"
    create_run(deployment, {"round_id": round_id}, name=f"Mở bù {title}", idempotency_key=key)
    return True
