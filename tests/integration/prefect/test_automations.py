"""Our automations on a real server: each is made to fire, and nobody's change to one is lost."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterDeploymentId
from sqlalchemy import select

from deployments.automating import FAILED, OFFLINE, OFFLINE_ALERT, OVERDUE, SILENT, Patience, keep_automations
from deployments.deploying import deploy
from deployments.keeping import Standing
from models.database import reading, transaction
from models.enums import OutboxKind
from models.process.kinds import StepKind
from models.settings import settings
from models.tables import OutboxMessage
from models.work_items.ladder import climb
from tasks.events import deliver_events
from tasks.prefect_client import create_run, ensure_deployment
from tests.factories import HANDED_IN, at, opened, submit
from tests.integration.prefect.conftest import Site, StartWorker, running_site, talking_to, wait_until
from tests.integration.prefect.flows_for_tests import Facts, breaks, slow
from tests.surroundings import ready_for_prefect

pytestmark = pytest.mark.slow

SHORT = Patience(silent=timedelta(seconds=10), offline=timedelta(seconds=10), most=2, pause_seconds=0)
FOREMAN = {
    "PREFECT_SERVER_SERVICES_FOREMAN_LOOP_SECONDS": "1",
    "PREFECT_SERVER_SERVICES_FOREMAN_INACTIVITY_HEARTBEAT_MULTIPLE": "2",
    "PREFECT_SERVER_EVENTS_PROACTIVE_GRANULARITY": "PT1S",
}
BEATING = "import deployments.worker as w; w.HEARTBEAT_SECONDS = 1; w.run_worker({pool!r})"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of this module's own, quick to notice that a worker is gone."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in FOREMAN.items():
            patch.setenv(name, value)
        home = ready_for_prefect(tmp_path_factory.mktemp("prefect"), tmp_path_factory)
        with running_site(home) as site, talking_to(site):
            yield site


@pytest.fixture(autouse=True)
def no_automation(client: SyncPrefectClient) -> None:
    """None of the test before."""
    for automation in client.read_automations():
        client.delete_automation(automation.id)


class Receiver:
    """A chat room's webhook: keeps what is posted to it."""

    def __init__(self) -> None:
        posted: list[dict[str, str]] = []
        self.posted = posted

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                posted.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hooks/khoa-bi-mat"

    @property
    def titles(self) -> list[str]:
        return [one["title"] for one in self.posted]


@pytest.fixture
def receiver(office_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Where `OCOP_ALERT_URL` points."""
    receiver = Receiver()
    monkeypatch.setenv("OCOP_ALERT_URL", receiver.url)
    settings.cache_clear()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


def deployed(pool: str, **more: UUID) -> dict[str, UUID]:
    """Our deployments without schedules, and these."""
    return deploy(pool, scheduled=False).ids | more


def notifications(what: str) -> list[dict[str, Any]]:
    with reading() as session:
        query = select(OutboxMessage.payload).where(OutboxMessage.kind == OutboxKind.NOTIFICATION)
        return [found for found in session.scalars(query.order_by(OutboxMessage.id)) if found.get("what") == what]


def states(client: SyncPrefectClient, run: UUID) -> list[str]:
    return [state.name or "" for state in sorted(client.read_flow_run_states(run), key=lambda one: one.timestamp)]


def runs_of(client: SyncPrefectClient, deployment: UUID) -> list[str]:
    of = FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=[deployment]))
    return [run.state.name or "" for run in client.read_flow_runs(flow_run_filter=of) if run.state]


def test_overdue_item_is_posted_to_the_alert_address(own_pool: str, receiver: Receiver) -> None:
    keep_automations(deployed(own_pool), own_pool, patience=SHORT)
    with transaction() as session:
        opened(session, submit(session), StepKind.REGISTRATION_CHECK, HANDED_IN)
    with transaction() as session:
        late = at("2024-07-13")
        assert [one.rung.value for one in climb(session, late, late.date())] == ["overdue"]

    deliver_events()
    wait_until(lambda: bool(receiver.posted), "posted")

    (post,) = receiver.posted
    assert post["title"] == "Quá hạn: Kiểm tra hồ sơ đăng ký: Bánh gai Huân Hường · Thọ Diên · lần 1"
    assert "Hạn 11/07/2024." in post["text"]


def test_failed_run_is_started_again_a_few_times_and_the_coordinator_told(
    client: SyncPrefectClient, own_pool: str, office_home: Path, start_worker: StartWorker
) -> None:
    ids = deployed(own_pool, breaks=ensure_deployment(breaks, "hong", own_pool))
    keep_automations(ids, own_pool, patience=SHORT)
    start_worker(own_pool, OCOP_HOME=str(office_home))
    run = create_run(ids["breaks"], {"kind": "error"}, name="Hồ sơ hỏng")

    wait_until(lambda: len(notifications("run-failed")) == 2, "told twice")

    told = notifications("run-failed")
    assert [one["number"] for one in told] == [1, 2]
    assert "Lượt chạy «Hồ sơ hỏng» gặp lỗi («Flow run encountered an exception: ValueError: sai»)." in told[0]["text"]
    assert told[0]["text"].endswith("Hệ thống đã tự chạy lại.")
    assert told[1]["text"].endswith("Đã chạy lại 2 lần không được; cần người quản trị xem nhật ký.")
    assert [one["to"] for one in told] == [["coordinator"]] * 2
    assert [name for name in states(client, run) if name in {"Chạy lại", "Failed"}] == [
        *["Failed", "Chạy lại"] * 2,
        "Failed",
    ]


def test_worker_that_is_killed_is_posted_and_told_once_another_is_there(
    client: SyncPrefectClient, own_pool: str, receiver: Receiver, office_home: Path, start_worker: StartWorker
) -> None:
    ids = deployed(own_pool)
    keep_automations(ids, own_pool, patience=SHORT)
    quick = {"OCOP_HOME": str(office_home), "PREFECT_WORKER_HEARTBEAT_SECONDS": "2"}
    worker = start_worker(own_pool, **quick)
    wait_until(lambda: client.read_work_pool(own_pool).status == "READY", "worker seen")

    worker.kill()
    wait_until(lambda: receiver.titles == ["OCOP: không còn tiến trình xử lý"], "posted")
    wait_until(lambda: bool(runs_of(client, ids["worker-offline"])), "a run waits to tell it")
    assert notifications("worker-offline") == []

    start_worker(own_pool, **quick)
    wait_until(lambda: bool(notifications("worker-offline")), "told")

    (told,) = notifications("worker-offline")
    assert told["text"].startswith(f"Tiến trình xử lý của nhóm «{own_pool}» đã ngừng từ ")
    assert told["to"] == ["coordinator"]


def test_run_whose_heartbeat_ends_is_started_again(
    client: SyncPrefectClient, own_pool: str, facts: Facts, office_home: Path, start_worker: StartWorker
) -> None:
    ids = deployed(own_pool, slow=ensure_deployment(slow, "cham", own_pool))
    keep_automations(ids, own_pool, patience=SHORT)
    worker = start_worker(own_pool, "-c", BEATING.format(pool=own_pool), OCOP_HOME=str(office_home))
    run = create_run(ids["slow"], {"facts": str(facts.path), "seconds": 600}, name="Lượt chạy dài")
    wait_until(lambda: heartbeats(client, run) > 1, "signs of life")

    worker.kill()
    facts.record("go", {})
    start_worker(own_pool, OCOP_HOME=str(office_home))
    wait_until(lambda: states(client, run)[-1] == "Completed", "started again and done")

    assert "Chạy lại" in states(client, run)
    assert facts.read()["log"] == ["began", "began", "ended"]
    (told,) = notifications("run-failed")
    assert "Đang chạy nhưng không còn tín hiệu." in told["text"]


def heartbeats(client: SyncPrefectClient, run: UUID) -> int:
    query = {
        "filter": {
            "event": {"name": ["prefect.flow-run.heartbeat"]},
            "any_resource": {"id": [f"prefect.flow-run.{run}"]},
        }
    }
    return int(client.request("POST", "/events/filter", json=query).json()["total"])


def test_automations_are_made_once_and_a_persons_change_stays(
    client: SyncPrefectClient, own_pool: str, receiver: Receiver
) -> None:
    ids = deployed(own_pool)
    first = keep_automations(ids, own_pool)
    again = keep_automations(ids, own_pool)

    names = [FAILED, SILENT, OFFLINE, OVERDUE, OFFLINE_ALERT]
    assert [(line.name, line.standing) for line in first] == [(name, Standing.CREATED) for name in names]
    assert [(line.name, line.standing) for line in again] == [(name, Standing.AS_WANTED) for name in names]
    assert sorted(one.name for one in client.read_automations()) == sorted(names)

    paused = next(one for one in client.read_automations() if one.name == OVERDUE)
    client.pause_automation(paused.id)
    (line,) = [one for one in keep_automations(ids, own_pool) if one.name == OVERDUE]
    assert (line.enabled, line.standing) == (False, Standing.CHANGED_BY_PERSON)

    (line,) = [one for one in keep_automations(ids, own_pool, reset=True) if one.name == OVERDUE]
    assert (line.enabled, line.standing) == (True, Standing.UPDATED)


def test_without_alert_address_nothing_is_posted_and_what_was_made_for_it_goes(
    client: SyncPrefectClient, own_pool: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = deployed(own_pool)
    keep_automations(ids, own_pool)

    monkeypatch.delenv("OCOP_ALERT_URL")
    settings.cache_clear()
    lines = keep_automations(ids, own_pool)

    assert [line.name for line in lines] == [FAILED, SILENT, OFFLINE]
    assert sorted(one.name for one in client.read_automations()) == sorted([FAILED, SILENT, OFFLINE])
