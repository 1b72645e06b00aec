"""Schedules of deployments as Prefect has them: read, made, changed one by one, so that the others stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate, DeploymentScheduleUpdate
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import DeploymentSchedule, FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.types._datetime import now

from tasks.prefect_client import talking

Facts = dict[str, Any]
"""A schedule as plain JSON: `schedule` (cron or interval with its time zone), `parameters`, `active`."""

_FIELDS = {"schedule", "parameters", "active"}
_PAGE = 200


@dataclass(frozen=True)
class Shown:
    """One schedule that Prefect has."""

    id: UUID
    slug: str
    facts: Facts


def schedule_facts(schedule: Mapping[str, Any], parameters: Mapping[str, Any]) -> Facts:
    """What Prefect will show of an active schedule that was sent so: to be compared with `Shown.facts`."""
    wanted = DeploymentScheduleCreate.model_validate(
        {"schedule": dict(schedule), "parameters": dict(parameters), "active": True}
    )
    return wanted.model_dump(mode="json", include=_FIELDS)


def read_schedules(deployment: UUID) -> dict[str, Shown]:
    """The schedules of a deployment by slug; those that a person added in Prefect have none and are left out."""
    with talking() as client:
        found = client.read_deployment_schedules(deployment)
    return {one.slug: _shown(one) for one in found if one.slug}


def create_schedule(deployment: UUID, slug: str, facts: Facts) -> None:
    """Add one schedule; the others of the deployment stay."""
    with talking() as client:
        client.create_deployment_schedules(deployment, [DeploymentScheduleCreate(slug=slug, **facts)])


def change_schedule(deployment: UUID, schedule: UUID, facts: Facts) -> None:
    """Give one schedule these facts."""
    update = DeploymentScheduleUpdate(**facts).model_dump(mode="json", exclude_unset=True)
    with talking() as client:
        client.request(
            "PATCH",
            "/deployments/{id}/schedules/{schedule_id}",
            path_params={"id": deployment, "schedule_id": schedule},
            json=update,
        )


def delete_schedule(deployment: UUID, schedule: UUID) -> None:
    """Take one schedule away, with the runs that it would have started."""
    with talking() as client:
        client.delete_deployment_schedule(deployment, schedule)


def skip_missed_runs(pool: str) -> set[UUID]:
    """Of the runs of each schedule whose time has passed keep only the latest; returns the ids of the others.

    After days off Prefect holds up to an hour's runs of a schedule (at least three), all late: each of our
    scheduled flows looks at everything anew, so one of them says it all. The others end as *Cancelled* under a
    name that says why.
    """
    latest: dict[str, FlowRun] = {}
    missed: list[FlowRun] = []
    with talking() as client:
        for run in _passed(client, pool):
            key = str(run.created_by.id) if run.created_by else ""
            earlier = latest.get(key)
            if earlier is not None:
                missed.append(earlier)
            latest[key] = run
        for run in missed:
            client.set_flow_run_state(run.id, _skipped(), force=True)
    return {run.id for run in missed}


def _passed(client: SyncPrefectClient, pool: str) -> list[FlowRun]:
    """The scheduled runs whose time has passed and that no worker has taken, in the order of their times."""
    runs: list[FlowRun] = []
    while True:
        page = client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
                expected_start_time=FlowRunFilterExpectedStartTime(before_=now("UTC")),
            ),
            work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[pool])),
            sort=FlowRunSort.EXPECTED_START_TIME_ASC,
            limit=_PAGE,
            offset=len(runs),
        )
        runs += page
        if len(page) < _PAGE:
            return [run for run in runs if run.auto_scheduled and run.run_count == 0]


def is_missed(run: FlowRun, late: timedelta) -> bool:
    """Whether a run that a worker is about to take was made by a schedule and is later than `late`."""
    due = run.next_scheduled_start_time or run.expected_start_time
    return run.auto_scheduled and due is not None and due < datetime.now(UTC) - late


def _skipped() -> State[Any]:
    return State(
        type=StateType.CANCELLED, name="Đã bỏ qua", message="Hệ thống đã nghỉ qua giờ này; chỉ chạy bù lần gần nhất."
    )


def _shown(one: DeploymentSchedule) -> Shown:
    return Shown(one.id, one.slug or "", one.model_dump(mode="json", include=_FIELDS))


def started_since(deployment: UUID, since: datetime) -> list[dict[str, Any]]:
    """The parameters of the runs of a deployment that were to start at `since` or later, by whomever created."""
    with talking() as client:
        runs = client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                deployment_id=FlowRunFilterDeploymentId(any_=[deployment]),
                expected_start_time=FlowRunFilterExpectedStartTime(after_=since, before_=datetime.now(UTC)),
            ),
            limit=_PAGE,
        )
    return [run.parameters for run in runs]
