"""What we ask of Prefect's API: deployments, runs, waking them. Thin, synchronous, one open client a server.

Every function raises `RetryableError` when Prefect does not answer (down, busy, time-out) and `FinalError`
when it refuses; the domain never depends on the answer, so a caller may always try again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

import httpx
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import DeploymentUpdate
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.responses import OrchestrationResult, SetStateStatus
from prefect.context import SettingsContext, get_settings_context
from prefect.events.worker import EventsWorker
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.flows import Flow
from prefect.logging.handlers import APILogWorker
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, PREFECT_CLIENT_RETRY_JITTER_FACTOR
from prefect.states import Scheduled
from prefect.types import KeyValueLabels
from prefect.types._datetime import now
from prefect.utilities.callables import parameter_schema

from models.errors import FinalError, RetryableError
from models.silence import silence_in_words
from tasks.nudge import nudge
from tasks.patient_transport import quick_retry
from tasks.worker_pool import IN_PROCESS, ensure_pool

PARENT_LABEL = "ocop.parent-flow-run"
_PAGE = 200


class WakeResult(StrEnum):
    """What became of a signal to a waiting run."""

    RESUMED = "resumed"
    """The run is scheduled: a worker starts it again."""
    NOT_YET = "not_yet"
    """The run is not suspended at this moment (trap 5): deliver the signal again later."""
    GONE = "gone"
    """Prefect does not know the run (its database was lost): create it anew."""
    FINISHED = "finished"
    """The run has ended; `read_run` tells how."""


@dataclass(frozen=True)
class RunInfo:
    """One flow run as Prefect has it. `state` is Prefect's type (`RUNNING`), `state_name` the name shown."""

    id: UUID
    name: str
    state: str
    state_name: str
    message: str
    tags: tuple[str, ...]
    finished: bool
    waiting: bool


def ensure_deployment(
    flow: Flow[..., Any],
    name: str,
    pool: str,
    *,
    kind: str = IN_PROCESS,
    tags: Sequence[str] = (),
    description: str | None = None,
    env: Mapping[str, str] | None = None,
) -> UUID:
    """The id of the deployment of `flow` on the work pool (made when missing); the same call changes nothing.

    The entry point is the module path, so any process that can import the flow can run it. `kind` is the
    type of the pool (`process` for Prefect's stock one), `env` is set in the processes of a pool that starts
    one a run (ours runs in the worker's own environment). Only what differs is sent, and never by creating it
    again: that would delete its schedules (docs/traps.md, 24).
    """
    wanted: dict[str, Any] = {
        "entrypoint": f"{flow.fn.__module__}.{flow.fn.__name__}",
        "work_pool_name": pool,
        "parameter_openapi_schema": parameter_schema(flow).model_dump_for_openapi(),
        "enforce_parameter_schema": True,
        "tags": list(tags),
        "description": description or flow.description,
        "job_variables": {"env": dict(env)} if env else {},
    }
    with talking() as client:
        ensure_pool(client, pool, kind)
        try:
            found = client.read_deployment_by_name(f"{flow.name}/{name}")
        except ObjectNotFound:
            return client.create_deployment(client.create_flow_from_name(flow.name), name, **wanted)
        changed = {field: value for field, value in wanted.items() if getattr(found, field) != value}
        if changed:
            client.update_deployment(found.id, DeploymentUpdate(**changed))
        return found.id


def find_deployment(name: str) -> UUID | None:
    """The id of the deployment `flow/name`, `None` when it is not there."""
    with talking() as client:
        try:
            return client.read_deployment_by_name(name).id
        except ObjectNotFound:
            return None


def create_run(
    deployment: UUID | str,
    parameters: Mapping[str, Any],
    *,
    name: str,
    tags: Sequence[str] = (),
    idempotency_key: str | None = None,
    parent: UUID | None = None,
) -> UUID:
    """Create a run that starts at once and return its id; with a key seen before, the id of that run.

    `deployment` is its id or `flow/deployment`. `parent` is noted as a label only: Prefect refuses to
    suspend a subflow, so a run that waits for people cannot be one.
    """
    labels: KeyValueLabels | None = {PARENT_LABEL: str(parent)} if parent else None
    with talking() as client:
        if isinstance(deployment, str):
            deployment = client.read_deployment_by_name(deployment).id
        run = client.create_flow_run_from_deployment(
            deployment,
            parameters=dict(parameters),
            name=name,
            tags=list(tags),
            idempotency_key=idempotency_key,
            labels=labels,
        )
        nudge()
        return run.id


def wake(run_id: UUID) -> WakeResult:
    """Start a suspended run again, without form input even where a form is shown.

    Not through Prefect's resume, which asks for the form's fields. Two signals for the same suspension wake
    it once: the second is `NOT_YET`.
    """
    with talking() as client:
        try:
            run = client.read_flow_run(run_id)
            if run.state is None or not run.state.is_paused():
                return _why_not(run.state)
            answer = client.set_flow_run_state(run_id, _resuming(run_id, run.state))
        except ObjectNotFound:
            return WakeResult.GONE
        if not _accepted(answer):
            return _why_not(answer.state)
        nudge()
        return WakeResult.RESUMED


def read_run(run_id: UUID) -> RunInfo | None:
    """The run, `None` when Prefect does not know it."""
    with talking() as client:
        try:
            return _info(client.read_flow_run(run_id))
        except ObjectNotFound:
            return None


def rename_waiting(run_id: UUID, state_name: str, tags: Sequence[str], message: str | None = None) -> bool:
    """Show another name on a suspended run (`Quá hạn: …`), other tags and, when given, another message; its form
    and *Resume* stay as they are.

    `False` when the run is not suspended at this moment or unknown.
    """
    with talking() as client:
        try:
            run = client.read_flow_run(run_id)
        except ObjectNotFound:
            return False
        if run.state is None or not run.state.is_paused():
            return False
        state: State[Any] = State(
            type=run.state.type,
            name=state_name,
            message=message or run.state.message,
            state_details=run.state.state_details,
        )
        state.state_details.transition_id = None
        client.set_flow_run_state(run_id, state, force=True)
        client.update_flow_run(run_id, tags=list(tags))
        return True


def reschedule_orphans(pool: str, older_than: timedelta | None) -> list[UUID]:
    """Start again the runs of the pool whose process died; returns their ids.

    A run counts as orphaned when it has been in Running, Pending or Cancelling for longer than `older_than`
    (ours take seconds). With `None` every such run counts: only right while no worker of the pool lives.
    Should one of them run after all, the flow runs twice, which is harmless (re-entrant).
    """
    limit = now("UTC") - (older_than or timedelta(0))
    with talking() as client:
        orphans = [run for run in _busy_runs(client, pool) if run.state and run.state.timestamp <= limit]
        for run in orphans:
            client.set_flow_run_state(run.id, _again("Tiến trình chạy đã mất; chạy lại từ đầu."), force=True)
    return [run.id for run in orphans]


def lost_runs(run_ids: Sequence[UUID]) -> set[UUID]:
    """Which of the runs Prefect does not know any more (its database was lost) or has down as crashed."""
    kept: set[UUID] = set()
    with talking() as client:
        for start in range(0, len(run_ids), _PAGE):
            some = list(run_ids[start : start + _PAGE])
            found = client.read_flow_runs(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=some)), limit=_PAGE)
            kept |= {run.id for run in found if run.state is None or run.state.type is not StateType.CRASHED}
    return set(run_ids) - kept


def busy_runs(pool: str) -> list[UUID]:
    """The runs of the pool that are under way at this moment."""
    with talking() as client:
        return [run.id for run in _busy_runs(client, pool)]


def note_link(run_id: UUID, key: str, to: UUID, text: str) -> None:
    """Put a link to the run `to` on the page of the run `run_id`, under its artifacts; `key` takes `[a-z0-9-]` only.

    The same again adds a version of the same artifact. Unlike Prefect's own call it emits no event from this process.
    """
    note_paper(run_id, key, f"[{text}](/runs/flow-run/{to})", text)


def note_paper(run_id: UUID, key: str, shown: str, text: str) -> None:
    """Put `shown` (Markdown, with a link or without) on the page of a run, likewise."""
    artifact = {
        "key": key,
        "type": "markdown",
        "data": shown,
        "description": text,
        "flow_run_id": str(run_id),
    }
    with talking() as client:
        client.request("POST", "/artifacts/", json=artifact)


def send_events(events: Sequence[Mapping[str, Any]]) -> None:
    """Hand events (as the events API takes them) to Prefect, which keeps one of each id."""
    with talking() as client:
        client.request("POST", "/events", json=list(events))


def send_what_is_left(seconds: float = 5.0) -> None:
    """Send the logs and events that Prefect still holds back in this process; call before its server stops.

    Prefect does so at the end of the process, and with the server gone keeps trying for a minute.
    """
    APILogWorker.drain_all(timeout=seconds)
    EventsWorker.drain_all(timeout=seconds)


def _busy_runs(client: SyncPrefectClient, pool: str) -> list[FlowRun]:
    busy = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
    runs: list[FlowRun] = []
    while True:
        page = client.read_flow_runs(
            flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=busy))),
            work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[pool])),
            limit=_PAGE,
            offset=len(runs),
        )
        runs += page
        if len(page) < _PAGE:
            return runs


def _again(message: str) -> State[None]:
    return Scheduled(name="Resuming", message=message, scheduled_time=now("UTC"))


def _resuming(run_id: UUID, suspended: State[Any]) -> State[None]:
    state = _again("Đã có kết quả; chạy tiếp.")
    # The same suspension gives the same transition, which Prefect refuses to make a second time.
    state.state_details.transition_id = uuid5(run_id, str(suspended.id))
    return state


def _accepted(answer: OrchestrationResult[Any]) -> bool:
    return answer.status == SetStateStatus.ACCEPT


def _why_not(state: State[Any] | None) -> WakeResult:
    return WakeResult.FINISHED if state is not None and state.is_final() else WakeResult.NOT_YET


def _info(run: FlowRun) -> RunInfo:
    state = run.state
    return RunInfo(
        id=run.id,
        name=run.name,
        state=state.type.value if state else "",
        state_name=(state.name or "") if state else "",
        message=(state.message or "") if state else "",
        tags=tuple(run.tags),
        finished=bool(state and state.is_final()),
        waiting=bool(state and state.is_paused()),
    )


_clients: dict[str, tuple[SyncPrefectClient, SettingsContext]] = {}
_lock = threading.Lock()


def _open() -> tuple[SyncPrefectClient, SettingsContext]:
    current = get_settings_context()
    url = current.settings.api.url
    if not url:
        raise FinalError("chưa đặt địa chỉ Prefect", field="PREFECT_API_URL", remedy="Chạy `ocop up` trước.")
    with _lock:
        if url not in _clients:
            # Prefect's own patience (five tries, a minute and more) would hold up whoever delivers signals.
            updates: dict[Any, Any] = {PREFECT_CLIENT_MAX_RETRIES: 1, PREFECT_CLIENT_RETRY_JITTER_FACTOR: 0}
            settings = current.settings.copy_with_update(updates=updates)
            key = settings.api.auth_string
            client = SyncPrefectClient(
                url,
                auth_string=key.get_secret_value() if key else None,
                httpx_settings={"transport": quick_retry()},
            )
            _clients[url] = client.__enter__(), SettingsContext(profile=current.profile, settings=settings)
        return _clients[url]


@contextmanager
def talking() -> Iterator[SyncPrefectClient]:
    """The open client of the server, whose troubles come out as our errors (see the head of this module)."""
    client, settings = _open()
    try:
        with settings.model_copy():
            yield client
    except httpx.TransportError as error:
        raise _silent(client, silence_in_words(error)) from error
    except PrefectHTTPStatusError as error:
        code = error.response.status_code
        if code >= httpx.codes.INTERNAL_SERVER_ERROR or code == httpx.codes.TOO_MANY_REQUESTS:
            raise _silent(client, f"HTTP {code}") from error
        raise FinalError(f"Prefect từ chối: HTTP {code} {error.response.text[:300]}") from error
    except ObjectNotFound as error:
        raise FinalError(f"Prefect không có đối tượng này: {error}") from error


def _silent(client: SyncPrefectClient, why: str) -> RetryableError:
    remedy = (
        "Chạy máy chủ Prefect (ocop up); máy chủ ở cổng hay máy khác thì đặt OCOP_PREFECT_PORT hoặc PREFECT_API_URL, "
        "rồi thử lại. Dữ liệu nghiệp vụ vẫn nguyên."
    )
    return RetryableError(f"Prefect không trả lời ở {client.api_url}: {why}", remedy=remedy)
