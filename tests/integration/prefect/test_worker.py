"""Our worker: how runs end in it, how it stops, what becomes of its runs when it is killed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.states import Cancelling

from deployments.worker import run_worker, threads_wanted
from models.errors import FinalError
from tasks.prefect_client import WakeResult, read_run, reschedule_orphans, wake
from tests.integration.prefect.conftest import Site, StartWorker, settled, start_run, wait_until
from tests.integration.prefect.flows_for_tests import (
    STEPS,
    Facts,
    breaks,
    no_form,
    slow,
    slow_then_waits,
    three_steps,
)

pytestmark = pytest.mark.slow
ACCEPTED = {"accepted": True, "points": 80}


def _began(facts: Facts) -> Callable[[], bool]:
    return lambda: "began" in facts.read()["log"]


def _state(run_id: object) -> str:
    run = read_run(run_id)  # type: ignore[arg-type]
    return run.state if run else ""


@pytest.mark.parametrize(("kind", "state"), [("error", "FAILED"), ("exit", "CRASHED"), ("", "COMPLETED")])
def test_run_ends_in_the_right_state(pool: str, kind: str, state: str) -> None:
    # In this order, on one worker: the bad ends do not take it down.
    assert settled(start_run(breaks, pool, {"kind": kind})).state == state


def test_run_whose_flow_cannot_be_imported_crashes_and_the_next_one_runs(pool: str, client: SyncPrefectClient) -> None:
    deployment = client.create_deployment(
        client.create_flow_from_name("khong-co"), "thu", entrypoint="flows.khong_co.flow", work_pool_name=pool
    )

    lost = client.create_flow_run_from_deployment(deployment)

    assert settled(lost.id).state == "CRASHED"
    assert settled(start_run(breaks, pool, {"kind": ""})).state == "COMPLETED"


def test_run_cancelled_while_it_runs_ends_cancelled(pool: str, facts: Facts, client: SyncPrefectClient) -> None:
    run_id = start_run(slow, pool, {"facts": str(facts.path), "seconds": 1.5})
    wait_until(_began(facts), "run began")

    client.set_flow_run_state(run_id, Cancelling())

    assert settled(run_id).state == "CANCELLED"


def test_run_cancelled_while_it_runs_ends_where_it_would_have_waited(
    pool: str, facts: Facts, client: SyncPrefectClient
) -> None:
    run_id = start_run(slow_then_waits, pool, {"facts": str(facts.path), "seconds": 1.5})
    wait_until(_began(facts), "run began")

    client.set_flow_run_state(run_id, Cancelling())

    assert settled(run_id).state == "CANCELLED"
    assert facts.read()["log"] == ["began"]


@pytest.mark.parametrize("kind", ["ocop-in-process", "process"])
def test_prefects_own_command_runs_the_same_flow(
    start_worker: StartWorker, own_pool: str, facts: Facts, kind: str
) -> None:
    run_id = start_run(three_steps, own_pool, {"facts": str(facts.path)}, kind=kind)
    start_worker(own_pool, "-m", "prefect", "worker", "start", "--pool", own_pool, "--type", kind)

    shown = [settled(run_id).state_name]
    for step in STEPS:
        facts.record(step, ACCEPTED)
        wake(run_id)
        shown.append(settled(run_id).state_name)

    assert shown == ["Chờ UBND xã đánh giá", "Chờ tư vấn", "Chờ hội đồng chấm điểm", "Completed"]
    assert [line for line in facts.read()["log"] if line != "started"] == [f"closed {one}" for one in STEPS]


def test_killed_worker_leaves_a_running_run_that_starts_again_elsewhere(
    start_worker: StartWorker, own_pool: str, facts: Facts
) -> None:
    run_id = start_run(slow, own_pool, {"facts": str(facts.path), "seconds": 600})
    first = start_worker(own_pool)
    wait_until(_began(facts), "run began")

    first.kill()
    first.wait()
    facts.record("go", {})
    still = _state(run_id)
    rescued = reschedule_orphans(own_pool, None)
    start_worker(own_pool)

    assert still == "RUNNING"
    assert rescued == [run_id]
    assert settled(run_id).state == "COMPLETED"
    assert facts.read()["log"] == ["began", "began", "ended"]


def test_orphans_are_only_runs_that_were_busy_for_longer_than_said(
    start_worker: StartWorker, own_pool: str, facts: Facts
) -> None:
    waiting = start_run(no_form, own_pool, {"facts": str(facts.path.with_name("other.json"))})
    running = start_run(slow, own_pool, {"facts": str(facts.path), "seconds": 3})
    start_worker(own_pool)
    wait_until(_began(facts), "run began")
    settled(waiting)

    assert reschedule_orphans(own_pool, timedelta(minutes=10)) == []
    assert reschedule_orphans(own_pool, timedelta(0)) == [running]


def test_stopped_worker_finishes_what_runs_and_gives_back_what_waits(
    start_worker: StartWorker, own_pool: str, facts: Facts
) -> None:
    running = start_run(slow, own_pool, {"facts": str(facts.path), "seconds": 2})
    queued_facts = Facts(facts.path.with_name("queued.json"))
    worker = start_worker(own_pool, OCOP_WORKER_THREADS="1")
    wait_until(_began(facts), "run began")
    queued = start_run(slow, own_pool, {"facts": str(queued_facts.path), "seconds": 0})
    wait_until(lambda: _state(queued) == "PENDING", "second run queued")

    worker.terminate()

    assert worker.wait(30) == 0
    assert (_state(running), _state(queued)) == ("COMPLETED", "SCHEDULED")
    assert queued_facts.read()["log"] == []


def test_restarted_server_is_noticed_by_nobody(site: Site, pool: str, facts: Facts) -> None:
    run_id = start_run(three_steps, pool, {"facts": str(facts.path)})
    settled(run_id)

    site.restart()
    facts.record("xa", ACCEPTED)
    wake(run_id)

    assert settled(run_id).state_name == "Chờ tư vấn"


def test_run_worker_tells_that_it_started_and_runs_helpers_until_stopped(own_pool: str, facts: Facts) -> None:
    stop, seen = threading.Event(), []

    def helper(stopped: threading.Event) -> None:
        run_id = start_run(no_form, own_pool, {"facts": str(facts.path)})
        seen.append(settled(run_id).state_name)
        stop.set()
        stopped.wait()
        seen.append("stopped")

    run_worker(own_pool, on_start=lambda: seen.append("started"), background=[helper], stop=stop)

    assert seen == ["started", "Chờ quyết định", "stopped"]


def test_run_woken_the_instant_it_is_suspended_is_taken_up_each_time(own_pool: str, facts: Facts) -> None:
    stop, times = threading.Event(), 10

    def impatient(stopped: threading.Event) -> None:
        run_id = start_run(no_form, own_pool, {"facts": str(facts.path)})
        for _ in range(times):
            wait_until(lambda: wake(run_id) == WakeResult.RESUMED, "run woken")
        settled(run_id)
        stop.set()

    run_worker(own_pool, background=[impatient], stop=stop)

    assert facts.read()["log"] == ["waiting"] * (times + 1)


def test_helper_that_breaks_stops_the_worker_with_its_error(own_pool: str) -> None:
    def helper(stopped: threading.Event) -> None:
        time.sleep(0.5)
        raise RuntimeError("hỏng")

    with pytest.raises(RuntimeError, match="hỏng"):
        run_worker(own_pool, background=[helper])


@pytest.mark.parametrize("text", ["0", "-1", "hai", "65", ""])
def test_number_of_threads_that_makes_no_sense_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("OCOP_WORKER_THREADS", text)

    with pytest.raises(FinalError):
        threads_wanted()


def test_number_of_threads_is_two_unless_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OCOP_WORKER_THREADS", raising=False)
    default = threads_wanted()
    monkeypatch.setenv("OCOP_WORKER_THREADS", "16")

    assert (default, threads_wanted()) == (2, 16)
