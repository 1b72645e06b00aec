"""Schedules on a real server: they make runs, survive persons and downtime, and follow the plans."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterDeploymentId
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.schedules import CronSchedule
from sqlalchemy import select

from deployments.bringing_up import follow_the_plans
from deployments.catching_up import catch_up_openings
from deployments.deploying import Deployed, deploy
from deployments.keeping import Standing
from deployments.scheduled import FixedSchedule, Scheduled, load_scheduled
from models.clock import VN_TZ
from models.database import reading, transaction
from models.enums import OutboxKind, RoundStatus
from models.office_clock import set_stored_now
from models.rounds.queries import round_by_code
from models.tables import AuditEntry, OutboxMessage
from tests.integration.prefect.conftest import Site, StartWorker, wait_until

pytestmark = pytest.mark.slow

EVERY_SECONDS = 5


def with_watch(**schedule: Any) -> Scheduled:
    """Our flows, of which only the watch has a schedule: this one."""
    usual = load_scheduled()
    flows = tuple(
        flow.model_copy(
            update={
                "schedules": {"thu": FixedSchedule(**schedule)} if flow.at.endswith(".watch") else {},
                "one_for": None,
            }
        )
        for flow in usual.flows
    )
    return usual.model_copy(update={"flows": flows})


def runs_of(client: SyncPrefectClient, deployment: UUID) -> list[FlowRun]:
    """The runs of a deployment that a schedule made."""
    of = FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=[deployment]))
    return [run for run in client.read_flow_runs(flow_run_filter=of, limit=200) if run.auto_scheduled]


def due(run: FlowRun) -> float:
    """When the run was to start."""
    assert run.expected_start_time is not None
    return run.expected_start_time.timestamp()


def named(runs: list[FlowRun], state: str) -> list[FlowRun]:
    return [run for run in runs if run.state is not None and run.state.name == state]


def standings(deployed: Deployed, flow: str) -> dict[str, Standing]:
    return {line.slug: line.standing for line in deployed.schedules if line.flow == flow}


def today() -> datetime:
    return datetime.now(VN_TZ)


def plan_round(code: str, opens: timedelta, closes: timedelta) -> int:
    """Move a round of the plan to days counted from today; gives its id."""
    with transaction() as session:
        round_ = round_by_code(session, code)
        round_.opens_on, round_.registration_closes_on = today().date() + opens, today().date() + closes
        return round_.id


@pytest.fixture(autouse=True)
def nothing_scheduled(client: SyncPrefectClient) -> None:
    """No schedule or run of the test before: each test has a data folder of its own, the server is one."""
    for deployment in client.read_deployments():
        for schedule in client.read_deployment_schedules(deployment.id):
            client.delete_deployment_schedule(deployment.id, schedule.id)
        for run in client.read_flow_runs(
            flow_run_filter=FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=[deployment.id]))
        ):
            client.delete_flow_run(run.id)


@pytest.fixture
def worker_for(start_worker: StartWorker, office_home: Path) -> Callable[[str], Any]:
    """Starts a worker that counts a run as missed after two seconds instead of a minute."""
    code = (
        "import deployments.worker as w; from datetime import timedelta; "
        "w.MISSED_AFTER = timedelta(seconds=2); w.run_worker({pool!r})"
    )
    return lambda pool: start_worker(pool, "-c", code.format(pool=pool), OCOP_HOME=str(office_home))


def test_a_schedule_makes_runs_on_a_real_server(
    client: SyncPrefectClient, own_pool: str, worker_for: Callable[[str], Any]
) -> None:
    deployed = deploy(own_pool, data=with_watch(every_seconds=EVERY_SECONDS))
    worker_for(own_pool)

    wait_until(lambda: len(named(runs_of(client, deployed.ids["watch"]), "Completed")) >= 2, "two scheduled runs")


def test_missed_times_are_caught_up_by_one_run(
    site: Site, client: SyncPrefectClient, own_pool: str, worker_for: Callable[[str], Any]
) -> None:
    between = 20
    watch = deploy(own_pool, data=with_watch(every_seconds=between)).ids["watch"]
    wait_until(lambda: len(runs_of(client, watch)) > 5, "runs are planned ahead")
    site.restart()  # as after a night: nobody was there to run what was due
    times = sorted(due(run) for run in runs_of(client, watch))
    time.sleep(times[3] - time.time() + 1)

    worker_for(own_pool)
    wait_until(lambda: len(named(runs_of(client, watch), "Completed")) >= 2, "caught up, then on time")

    runs = runs_of(client, watch)
    assert sorted(times.index(due(run)) for run in named(runs, "Completed")) == [3, 4]
    assert sorted(times.index(due(run)) for run in named(runs, "Đã bỏ qua")) == [0, 1, 2]


def test_deploying_again_leaves_schedules_and_planned_runs_as_they_are(
    client: SyncPrefectClient, own_pool: str, office_home: Path
) -> None:
    first = deploy(own_pool)
    before = {flow: client.read_deployment_schedules(number) for flow, number in first.ids.items()}
    wait_until(lambda: len(runs_of(client, first.ids["watch"])) > 0, "runs planned")
    planned = {run.id for run in runs_of(client, first.ids["watch"])}

    second = deploy(own_pool)

    assert second.ids == first.ids
    assert {line.standing for line in first.schedules} == {Standing.CREATED}
    assert {line.standing for line in second.schedules} == {Standing.AS_WANTED}
    assert {flow: client.read_deployment_schedules(number) for flow, number in first.ids.items()} == before
    assert planned <= {run.id for run in runs_of(client, first.ids["watch"])}


def test_schedule_changed_in_prefect_stays_until_a_reset_is_asked_for(
    client: SyncPrefectClient, own_pool: str, office_home: Path
) -> None:
    ids = deploy(own_pool).ids
    (watch,) = client.read_deployment_schedules(ids["watch"])
    (sweep,) = client.read_deployment_schedules(ids["certificate-sweep"])
    (reminder,) = client.read_deployment_schedules(ids["plan-reminder"])
    client.update_deployment_schedule(ids["watch"], watch.id, active=False)
    client.update_deployment_schedule(ids["certificate-sweep"], sweep.id, schedule=CronSchedule(cron="0 5 * * *"))
    client.delete_deployment_schedule(ids["plan-reminder"], reminder.id)

    again = deploy(own_pool)

    assert standings(again, "watch") == {"moi-5-phut": Standing.CHANGED_BY_PERSON}
    assert standings(again, "certificate-sweep") == {"hang-ngay": Standing.CHANGED_BY_PERSON}
    assert standings(again, "plan-reminder") == {"dau-quy": Standing.DELETED_BY_PERSON}
    assert client.read_deployment_schedules(ids["watch"])[0].active is False
    assert client.read_deployment_schedules(ids["plan-reminder"]) == []
    assert standings(deploy(own_pool), "watch") == {"moi-5-phut": Standing.CHANGED_BY_PERSON}

    reset = deploy(own_pool, reset=True)

    assert standings(reset, "watch") == {"moi-5-phut": Standing.UPDATED}
    assert standings(reset, "plan-reminder") == {"dau-quy": Standing.CREATED}
    assert client.read_deployment_schedules(ids["watch"])[0].active is True
    assert {line.standing for line in deploy(own_pool).schedules} == {Standing.AS_WANTED}


def test_rounds_of_the_plan_have_a_schedule_each_that_follows_the_plan(
    client: SyncPrefectClient, own_pool: str, office_home: Path
) -> None:
    later = plan_round("2024-2", timedelta(days=30), timedelta(days=50))
    ids = deploy(own_pool).ids

    (schedule,) = client.read_deployment_schedules(ids["open-round"])
    day = today().date() + timedelta(days=30)
    assert schedule.slug == f"dot-2024-2-{later}"
    assert schedule.parameters == {"round_id": later}
    assert schedule.schedule == CronSchedule(cron=f"0 7 {day.day} {day.month} *", timezone="Asia/Ho_Chi_Minh")

    plan_round("2024-2", timedelta(days=31), timedelta(days=50))
    follow_the_plans(ids)

    day += timedelta(days=1)
    (moved,) = client.read_deployment_schedules(ids["open-round"])
    assert moved.schedule == CronSchedule(cron=f"0 7 {day.day} {day.month} *", timezone="Asia/Ho_Chi_Minh")

    with transaction() as session:
        round_by_code(session, "2024-2").status = RoundStatus.OPEN
    follow_the_plans(ids)

    assert client.read_deployment_schedules(ids["open-round"]) == []


def test_rounds_whose_morning_passed_are_opened_once_or_told(
    client: SyncPrefectClient, own_pool: str, worker_for: Callable[[str], Any]
) -> None:
    plan_round("2024-1", timedelta(days=-3), timedelta(days=5))
    plan_round("2024-2", timedelta(days=-30), timedelta(days=-10))
    plan_round("2024-3", timedelta(days=2), timedelta(days=20))
    deployed = deploy(own_pool)

    started = catch_up_openings(deployed.ids["open-round"], deployed.schedules)
    again = catch_up_openings(deployed.ids["open-round"], deployed.schedules)
    worker_for(own_pool)
    wait_until(lambda: status("2024-1") is RoundStatus.OPEN, "round opened")
    wait_until(lambda: bool(told()), "the coordinator is told")

    assert (started, again) == (["2024-2", "2024-1"], [])
    assert [status(code) for code in ("2024-2", "2024-3")] == [RoundStatus.PLANNED] * 2
    assert [message["what"] for message in told()] == ["round-missed"]
    with reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "round.opened"))
        assert entry.actor_id is None
        assert entry.reason.startswith("Mở theo kế hoạch năm 2024")
    assert follow_the_plans(deployed.ids) == []


def test_round_whose_schedule_a_person_paused_is_not_opened(
    client: SyncPrefectClient, own_pool: str, office_home: Path
) -> None:
    plan_round("2024-1", timedelta(days=-3), timedelta(days=5))
    for other in ("2024-2", "2024-3"):
        plan_round(other, timedelta(days=30), timedelta(days=40))
    ids = deploy(own_pool).ids
    schedule = next(one for one in client.read_deployment_schedules(ids["open-round"]) if "2024-1" in str(one.slug))
    client.update_deployment_schedule(ids["open-round"], schedule.id, active=False)

    assert follow_the_plans(ids) == []
    assert status("2024-1") is RoundStatus.PLANNED


def test_simulated_days_have_only_the_watch(own_pool: str, office_home: Path) -> None:
    with transaction() as session:
        set_stored_now(session, datetime(2024, 3, 1, 2, tzinfo=UTC))

    deployed = deploy(own_pool)

    assert [(line.flow, line.slug) for line in deployed.schedules if line.facts] == [("watch", "moi-5-phut")]
    assert catch_up_openings(deployed.ids["open-round"], deployed.schedules) == []


def status(code: str) -> RoundStatus:
    with reading() as session:
        return round_by_code(session, code).status


def told() -> list[dict[str, Any]]:
    """The notifications in the outbox."""
    with reading() as session:
        query = select(OutboxMessage.payload).where(OutboxMessage.kind == OutboxKind.NOTIFICATION)
        return list(session.scalars(query))
