"""The worker that runs flows inside its own process: no interpreter is started for a step that takes 0.2 s.

`prefect worker start --type ocop-in-process --pool …` finds it (entry point `prefect.collections`);
`ocop up` and `ocop worker` call `run_worker`. Several workers on several machines may share a pool.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import anyio
import anyio.abc
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State, WorkPool
from prefect.client.schemas.responses import DeploymentResponse, WorkerFlowRunResponse
from prefect.exceptions import InfrastructureNotAvailable, InfrastructureNotFound
from prefect.states import Scheduled
from prefect.workers.base import BaseJobConfiguration, BaseVariables, BaseWorker, BaseWorkerResult
from pydantic import PrivateAttr

from deployments.run_engine import RunEnd, execute
from deployments.run_threads import RunThreads
from models.errors import FinalError, OcopError
from tasks.heartbeats import send_heartbeats
from tasks.nudge import nudge, was_nudged
from tasks.prefect_client import send_what_is_left
from tasks.prefect_schedules import is_missed, skip_missed_runs
from tasks.worker_pool import IN_PROCESS

_log = logging.getLogger(__name__)

THREADS_SETTING = "OCOP_WORKER_THREADS"
DEFAULT_THREADS = 2
"""Runs at once with SQLite; 16 with PostgreSQL (design.md: with SQLite 16 are six times slower)."""
HEARTBEAT_SECONDS = 60.0
"""Between two signs of life of a run; Prefect's own engine gives one every 180 s."""
STOP_SECONDS = 20.0
"""How long a stopping worker waits for the runs that it has begun."""
MISSED_AFTER = timedelta(minutes=1)
"""A run that a schedule made and that is taken later than this was missed [ours]."""
_QUEUE_PER_THREAD = 4
_DEPLOYMENT_SECONDS = 60.0
_NUDGE_SECONDS = 0.05


class InProcessResult(BaseWorkerResult):
    """How a run left the worker: status 0 for suspended, completed or cancelled, 1 for failed or crashed."""


class InProcessConfiguration(BaseJobConfiguration):
    """What a run needs here: where its flow is. The environment is the worker's own."""

    _deployments: ClassVar[dict[UUID, tuple[float, DeploymentResponse]]] = {}
    _entrypoint: str = PrivateAttr(default="")

    @property
    def entrypoint(self) -> str:
        """The module path of the flow."""
        return self._entrypoint

    @classmethod
    async def resolve_for_flow_run(
        cls,
        flow_run: FlowRun,
        *,
        client: PrefectClient,
        work_pool: WorkPool,  # noqa: ARG003 - Prefect's signature
        worker_name: str,  # noqa: ARG003
        worker_id: UUID | None = None,  # noqa: ARG003
        deployment: DeploymentResponse | None = None,
    ) -> InProcessConfiguration:
        """Prefect's version reads deployment and flow and fills a template for each run; we need one word."""
        if flow_run.deployment_id is None:
            raise FinalError("lượt chạy không thuộc deployment nào")
        deployment = deployment or await cls._deployment(client, flow_run.deployment_id)
        if not deployment.entrypoint:
            raise FinalError(f"deployment {deployment.name!r} không có điểm vào (entrypoint)")
        configuration = cls(name=flow_run.name)
        configuration._entrypoint = deployment.entrypoint
        configuration._related_objects = {"deployment": deployment, "flow-run": flow_run}
        return configuration

    @classmethod
    async def _deployment(cls, client: PrefectClient, deployment_id: UUID) -> DeploymentResponse:
        read_at, known = cls._deployments.get(deployment_id, (0.0, None))
        if known is None or time.monotonic() - read_at > _DEPLOYMENT_SECONDS:
            known = await client.read_deployment(deployment_id)
            cls._deployments[deployment_id] = time.monotonic(), known
        return known


class InProcessVariables(BaseVariables):
    """Nothing to set for each deployment."""


class InProcessWorker(BaseWorker[InProcessConfiguration, InProcessVariables, InProcessResult]):
    """Hands each run to one of a few threads (`OCOP_WORKER_THREADS`)."""

    type = IN_PROCESS
    job_configuration = InProcessConfiguration
    job_configuration_variables = InProcessVariables
    _description = "Chạy các luồng OCOP ngay trong tiến trình của worker."

    def __init__(self, work_pool_name: str, **options: Any) -> None:
        self._threads = threads_wanted()
        # A short queue: the threads never wait for the next poll, other workers still get their share.
        options["limit"] = options.get("limit") or self._threads * _QUEUE_PER_THREAD
        super().__init__(work_pool_name, **options)
        self._pool: RunThreads[RunEnd] | None = None
        self._futures: dict[UUID, Future[RunEnd]] = {}
        self._taken: dict[UUID, tuple[FlowRun, float]] = {}

    async def setup(self) -> None:
        """Start the threads, then as every worker."""
        self._pool = RunThreads(self._threads)
        await super().setup()

    async def teardown(self, *exc_info: Any) -> None:
        """As every worker (`run` waits for what was begun), then let the threads go."""
        await super().teardown(*exc_info)
        if self._pool is not None:
            self._pool.close()

    async def run(
        self,
        flow_run: FlowRun,
        configuration: InProcessConfiguration,
        task_status: anyio.abc.TaskStatus[Any] | None = None,
    ) -> InProcessResult:
        """Run it in a thread. Errors end the run, never the worker."""
        assert self._pool is not None
        future = self._pool.submit(lambda: execute(configuration.entrypoint, flow_run))
        self._futures[flow_run.id] = future
        self._taken[flow_run.id] = flow_run, time.monotonic()
        identifier = f"{_process_name()}:{flow_run.id}"
        if task_status is not None:
            task_status.started(identifier)
        try:
            return InProcessResult(identifier=identifier, status_code=await self._status(flow_run, future))
        finally:
            self._futures.pop(flow_run.id, None)
            self._taken.pop(flow_run.id, None)

    def long_runs(self, seconds: float) -> list[FlowRun]:
        """The runs under way that were taken longer ago than that; nearly always none."""
        limit = time.monotonic() - seconds
        return [run for run, taken in tuple(self._taken.values()) if taken < limit]

    async def kill_infrastructure(
        self,
        infrastructure_pid: str,
        configuration: InProcessConfiguration,  # noqa: ARG002 - Prefect's signature
        grace_seconds: int = 30,  # noqa: ARG002
    ) -> None:
        """Take a run that has not begun out of the queue; a thread cannot be killed: it ends at its next wait.

        Raises `InfrastructureNotAvailable` for a run of another process or one that has begun,
        `InfrastructureNotFound` for one that has ended.
        """
        process, _, run_id = infrastructure_pid.rpartition(":")
        if process != _process_name():
            raise InfrastructureNotAvailable(f"run {run_id} belongs to another process ({process})")
        future = self._futures.get(UUID(run_id))
        if future is None:
            raise InfrastructureNotFound(f"run {run_id} has ended")
        if not future.cancel():
            raise InfrastructureNotAvailable(f"run {run_id} has begun and ends at its next wait")

    async def _status(self, flow_run: FlowRun, future: Future[RunEnd]) -> int:
        try:
            end = await asyncio.shield(asyncio.wrap_future(future))
        except asyncio.CancelledError:
            if future.cancelled():
                return 0  # taken out of the queue by kill_infrastructure
            with anyio.CancelScope(shield=True):
                await self._finish_or_give_back(flow_run, future)
            raise
        except (Exception, SystemExit, KeyboardInterrupt):
            self.get_flow_run_logger(flow_run).exception("Run %s ended by an error", flow_run.id)
            return 1
        if end is RunEnd.LOST:
            await self._give_back(flow_run)
        return int(end is RunEnd.FAILED)

    async def _finish_or_give_back(self, flow_run: FlowRun, future: Future[RunEnd]) -> None:
        if future.cancel():
            await self._give_back(flow_run)
            return
        limit = time.monotonic() + STOP_SECONDS
        while not future.done() and time.monotonic() < limit:
            await anyio.sleep(0.05)

    async def _give_back(self, flow_run: FlowRun) -> None:
        # To Scheduled, so that any worker starts it again; should this fail, reschedule_orphans finds it.
        with suppress(Exception):
            state: State[None] = Scheduled(name="Resuming", message="Bộ chạy trả lại; chạy lại từ đầu.")
            await self.client.set_flow_run_state(flow_run.id, state, force=True)

    async def _get_scheduled_flow_runs(self) -> list[WorkerFlowRunResponse]:
        # After downtime each schedule has a pile of late runs, of which one is enough (docs/traps.md, 9).
        found = await super()._get_scheduled_flow_runs()
        if any(is_missed(one.flow_run, MISSED_AFTER) for one in found):
            skipped = await asyncio.to_thread(skip_missed_runs, self._work_pool_name)
            found = [one for one in found if one.flow_run.id not in skipped]
        # A run woken in the instant of its suspension is still on its way out here: it would be refused a
        # slot with an error that stops the poll. Take it at the next look, which is not far.
        ready = [one for one in found if one.flow_run.id not in self._futures]
        if len(ready) < len(found):
            nudge()
        return ready

    async def _give_worker_labels_to_flow_run(self, flow_run_id: UUID) -> None:
        """Not kept: one call a run for what the run's log says already."""

    async def _propose_submitting_state(self, flow_run: FlowRun) -> None:
        """Not kept: between Pending and Running there is nothing to submit to."""


def threads_wanted() -> int:
    """`OCOP_WORKER_THREADS`, else 2. Raises `FinalError` when it is not a number from 1 to 64."""
    text = os.environ.get(THREADS_SETTING, str(DEFAULT_THREADS))
    most = 64
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise FinalError(f"{text!r} không phải số luồng chạy", field=THREADS_SETTING, remedy="Đặt số từ 1 đến 64.")
    return int(text)


def run_worker(
    pool: str,
    *,
    name: str | None = None,
    on_start: Callable[[], None] | None = None,
    background: Sequence[Callable[[threading.Event], None]] = (),
    stop: threading.Event | None = None,
) -> None:
    """Run a worker of the pool (created when absent) until SIGTERM, SIGINT or `stop`, then end gracefully.

    `on_start` is called when the worker has made contact with the pool. Each of `background` runs in a
    thread of its own and has to return soon after the event that it is given is set; one that raises stops
    the worker, and its error is raised here.
    """
    try:
        asyncio.run(_serve(pool, name, on_start, background, stop or threading.Event()))
    finally:
        send_what_is_left()


async def _serve(
    pool: str,
    name: str | None,
    on_start: Callable[[], None] | None,
    background: Sequence[Callable[[threading.Event], None]],
    stop: threading.Event,
) -> None:
    _stop_on_signals(stop)
    worker = InProcessWorker(pool, name=name or f"ocop-{_process_name()}".replace(":", "-"), prefetch_seconds=0)
    helpers = [asyncio.create_task(_in_thread(one, stop)) for one in background]
    serving = asyncio.create_task(worker.start(printer=_once(on_start)))
    helpers.append(asyncio.create_task(_beat(worker, stop)))
    try:
        while not stop.is_set() and not serving.done():
            if was_nudged():
                await _look_now(worker)
            await asyncio.sleep(_NUDGE_SECONDS)
    finally:
        stop.set()
        serving.cancel()
        ends = await asyncio.gather(serving, *helpers, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end


async def _beat(worker: InProcessWorker, stop: threading.Event) -> None:
    """Tell Prefect now and then that runs which take long are alive; its automations notice when that ends.

    In place of a heartbeat thread a run (docs/traps.md, 13): most of our runs end before the first beat.
    """
    last = time.monotonic()
    while not stop.is_set():
        await asyncio.sleep(_NUDGE_SECONDS)
        if time.monotonic() - last < HEARTBEAT_SECONDS:
            continue
        last = time.monotonic()
        runs = worker.long_runs(HEARTBEAT_SECONDS)
        if runs:
            with suppress(OcopError):  # Prefect is away: the next beat tells it
                await asyncio.to_thread(send_heartbeats, runs)


async def _look_now(worker: InProcessWorker) -> None:
    if worker.is_setup:
        try:
            await worker.get_and_submit_flow_runs()
        except Exception:
            # Prefect is away: the worker's own loop, which comes next, copes with that.
            _log.warning("Could not look for runs", exc_info=True)


def _once(on_start: Callable[[], None] | None) -> Callable[..., None]:
    # Prefect prints twice: that it started and that it stopped.
    pending = [on_start] if on_start else []

    def printed(*_: object) -> None:
        if pending:
            pending.pop()()

    return printed


def _stop_on_signals(stop: threading.Event) -> None:
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())


async def _in_thread(work: Callable[[threading.Event], None], stop: threading.Event) -> None:
    try:
        await asyncio.to_thread(work, stop)
    except Exception:
        stop.set()
        raise


def _process_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
