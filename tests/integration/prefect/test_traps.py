"""Each trap of docs/traps.md as Prefect 3.8.8 has it: when one of these fails, the trap is gone or has moved.

The runs are driven here, one execution at a time, without a worker.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import sqlite3
import sys
import time
from contextlib import suppress
from datetime import timedelta
from importlib.metadata import requires, version
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID

import httpx
import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import SetStateStatus
from prefect.exceptions import Pause, PrefectHTTPStatusError
from prefect.flow_engine import run_flow_async
from prefect.flow_runs import suspend_flow_run
from prefect.flows import Flow
from prefect.settings import get_current_settings
from prefect.states import AwaitingRetry, Late
from prefect.types._datetime import now

from deployments.run_engine import execute, load_flow
from tasks.prefect_client import WakeResult, read_run, wake
from tests.integration.prefect import flows_with_traps as trapped
from tests.integration.prefect.conftest import Site, start_run
from tests.integration.prefect.flows_for_tests import Facts, no_form

pytestmark = pytest.mark.slow


class Case:
    """One run on a pool that nobody serves, executed here step by step."""

    def __init__(self, client: SyncPrefectClient, pool: str, flow: Flow[..., Any], parameters: dict[str, Any]) -> None:
        self.client, self.entrypoint = client, f"{flow.fn.__module__}.{flow.fn.__name__}"
        self.ours = False
        self.id: UUID = start_run(flow, pool, parameters)

    def execute(self) -> str:
        """Run it to its end or next suspension; the name of its state then."""
        run_flow = execute if self.ours else _as_prefect_does
        asyncio.run(run_flow(self.entrypoint, self.client.read_flow_run(self.id)))
        run = read_run(self.id)
        return run.state_name if run else ""

    def resume(self, **form: Any) -> bool:
        """What Prefect's *Resume* button does; whether it was accepted."""
        with suppress(PrefectHTTPStatusError):
            answer = self.client.resume_flow_run(self.id, run_input=form or None)
            return answer.status == SetStateStatus.ACCEPT
        return False

    def retry(self) -> None:
        """What Prefect's *Retry* button does."""
        self.client.set_flow_run_state(self.id, AwaitingRetry())


async def _as_prefect_does(entrypoint: str, flow_run: FlowRun) -> None:
    with suppress(Pause, Exception):
        await run_flow_async(load_flow(entrypoint), flow_run=flow_run, parameters=flow_run.parameters)


def _log(facts: Facts) -> list[str]:
    log: list[str] = facts.read()["log"]
    return log


def test_trap_1_finished_tasks_run_again_unless_persisted_and_then_not_even_when_meant(
    client: SyncPrefectClient, own_pool: str, facts: Facts
) -> None:
    case = Case(client, own_pool, trapped.twice_and_resumed, {"facts": str(facts.path)})

    case.execute()
    once = _log(facts)
    case.resume()
    case.execute()

    assert once == ["kept 1", "unkept 2", "unkept 2"]
    assert _log(facts) == [*once, "unkept 2", "unkept 2"]


_EDITED = """
from prefect import flow, task
from prefect.flow_runs import suspend_flow_run
from tests.integration.prefect.flows_for_tests import Facts

@task(persist_result=True)
def step(facts):
    Facts(facts).note("{word}")

@flow
async def edited(facts: str) -> None:
    step(facts)
    await suspend_flow_run(key="mot")
"""


def test_trap_2_edited_task_runs_again_though_persisted(
    client: SyncPrefectClient, own_pool: str, facts: Facts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    source = tmp_path / "flow_that_is_edited.py"
    source.write_text(_EDITED.format(word="old"))
    module = importlib.import_module(source.stem)
    case = Case(client, own_pool, module.edited, {"facts": str(facts.path)})

    case.execute()
    source.write_text(_EDITED.format(word="newer"))
    importlib.reload(module)
    load_flow.cache_clear()
    case.resume()
    case.execute()

    assert _log(facts) == ["old", "newer"]


def test_trap_3_second_suspension_on_a_key_does_not_wait(
    client: SyncPrefectClient, own_pool: str, facts: Facts
) -> None:
    case = Case(client, own_pool, trapped.same_key, {"facts": str(facts.path)})

    first = case.execute()
    case.resume()
    second = case.execute()

    assert (first, second) == ("Suspended", "Completed")
    assert _log(facts) == ["passed 1", "passed 2"]


def test_trap_4_key_with_underscore_and_form_can_never_be_resumed(client: SyncPrefectClient, own_pool: str) -> None:
    bad = Case(client, own_pool, trapped.underscore, {})
    good = Case(client, own_pool, trapped.plain_name, {})
    bad.execute()
    good.execute()

    # The suspension was accepted, the schema never stored. Whether the run then stays suspended or fails
    # depends on which of Prefect's threads is first; no form is accepted either way.
    assert (bad.resume(points=1), good.resume(points=1)) == (False, True)
    assert {state.type.value for state in client.read_flow_run_states(bad.id)} >= {"RUNNING", "PAUSED"}


def test_trap_5_resume_before_the_suspension_is_refused(client: SyncPrefectClient, own_pool: str, facts: Facts) -> None:
    case = Case(client, own_pool, no_form, {"facts": str(facts.path)})

    early = case.resume(), wake(case.id)
    case.execute()

    assert early == (False, WakeResult.NOT_YET)
    assert wake(case.id) == WakeResult.RESUMED


def test_trap_6_retried_run_waits_again_and_can_never_take_a_new_form(
    client: SyncPrefectClient, own_pool: str, facts: Facts
) -> None:
    case = Case(client, own_pool, trapped.fails_after_stock_input, {"facts": str(facts.path)})
    case.execute()
    case.resume(points=10)
    case.execute()

    case.retry()
    case.execute()

    # It asked again and its old form blocks the place of a new one, for ever.
    assert not case.resume(points=99)
    case.execute()
    assert _log(facts) == ["took 10"]


def test_trap_6_our_wait_hands_the_old_form_over_after_a_retry_and_can_ask_anew(
    client: SyncPrefectClient, own_pool: str, facts: Facts
) -> None:
    case = Case(client, own_pool, trapped.refuses_then_fails, {"facts": str(facts.path)})
    case.ours = True
    case.execute()
    case.resume(accepted=True, points=70)
    failed = case.execute()

    facts.record("limit", {"points": 90})  # the old form is now refused
    case.retry()
    asked_anew = case.execute()
    facts.record("fixed", {})
    case.resume(accepted=True, points=95)

    assert (failed, asked_anew, case.execute()) == ("Failed", "Chờ nhập", "Completed")
    assert _log(facts) == ["took 70", "refused 70", "took 95"]


def test_trap_7_suspension_has_no_say_over_its_state_name(client: SyncPrefectClient, own_pool: str) -> None:
    case = Case(client, own_pool, trapped.plain_name, {})

    assert case.execute() == "Suspended"
    assert set(inspect.signature(suspend_flow_run).parameters) == {
        "wait_for_input",
        "flow_run_id",
        "timeout",
        "key",
    }


def test_trap_9_late_run_is_still_only_scheduled_and_runs_once(
    client: SyncPrefectClient, own_pool: str, facts: Facts
) -> None:
    case = Case(client, own_pool, no_form, {"facts": str(facts.path)})
    case.ours = True
    client.set_flow_run_state(case.id, Late(scheduled_time=now("UTC")))

    assert wake(case.id) == WakeResult.NOT_YET
    assert case.execute() == "Chờ quyết định"
    assert _log(facts) == ["waiting"]


def test_trap_10_events_are_trimmed_by_default() -> None:
    server = get_current_settings().server

    assert server.services.db_vacuum.enabled_vacuum_types == {"events"}
    assert server.events.retention_period == timedelta(days=7)


def test_trap_11_anybody_who_reaches_the_server_may_change_runs(
    site: Site, client: SyncPrefectClient, own_pool: str, facts: Facts
) -> None:
    case = Case(client, own_pool, no_form, {"facts": str(facts.path)})

    answer = httpx.post(f"{site.server.api_url}/flow_runs/{case.id}/set_state", json={"state": {"type": "CANCELLED"}})

    assert answer.is_success
    assert client.read_flow_run(case.id).state_name == "Cancelled"


def test_trap_19_clearing_a_cursor_waits_for_its_connection(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("PRAGMA journal_mode=WAL")
    waiter = sqlite3.connect(path, isolation_level=None, timeout=6, check_same_thread=False)
    left_open = waiter.execute("SELECT 1 UNION ALL SELECT 2")
    assert left_open.fetchone() == (1,)
    holder.execute("BEGIN IMMEDIATE")
    refused = Event()

    def wait_for_the_lock() -> None:
        with suppress(sqlite3.OperationalError):
            waiter.execute("BEGIN IMMEDIATE")
        refused.set()

    waiting = Thread(target=wait_for_the_lock)
    waiting.start()
    time.sleep(2)
    before = refused.is_set()

    del left_open  # what the garbage collector does, in whichever thread it happens to run

    assert (before, refused.wait(1)) == (False, True)  # had it not waited, four seconds would be left
    waiting.join()


def test_fastapi_is_held_below_the_version_that_prefect_cannot_start_with() -> None:
    wanted = [one for one in requires("ocop-cycle") or [] if one.startswith("fastapi")]

    assert wanted == ["fastapi<0.151"]
    assert tuple(map(int, version("fastapi").split(".")[:2])) < (0, 151)
