"""One flow run, here and now, in the event loop of the calling thread; says how it ended."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from functools import lru_cache
from typing import Any

import httpx
from prefect._flow_run_suspension import FlowRunSuspensionRequest, register_flow_run_suspension_request
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.exceptions import Abort, Pause, PrefectHTTPStatusError
from prefect.flow_engine import AsyncFlowRunEngine, _flow_parameters
from prefect.flows import Flow, load_flow_from_entrypoint
from prefect.states import Cancelled
from prefect.utilities.engine import propose_state

_log = logging.getLogger(__name__)


def _waiting_is_no_error(record: logging.LogRecord) -> bool:
    # Prefect logs every end of an async run that is not Completed as an error, suspensions too.
    if record.levelno == logging.ERROR and record.getMessage().endswith("type=PAUSED)"):
        record.levelno, record.levelname = logging.INFO, "INFO"
    return True


logging.getLogger("prefect.flow_runs").addFilter(_waiting_is_no_error)


class RunEnd(Enum):
    """How a run left the worker. Its state in Prefect is set already, except when `LOST`."""

    DONE = "done"
    """Completed, suspended, cancelled, or started elsewhere meanwhile."""
    FAILED = "failed"
    """The flow raised an error or crashed."""
    LOST = "lost"
    """Prefect's API did not answer: nobody knows the run's state there."""


class RunEngine(AsyncFlowRunEngine[Any, Any]):
    """Prefect's engine without its two helper threads, which cost more than the run (docs/traps.md).

    Heartbeats tell Prefect's automations that a long run lives; ours last seconds, and `watch` finds orphans.
    The suspension observer (a thread, a loop, a client and a web socket a run) notices that somebody
    suspends a running run from outside; ours suspend themselves.
    """

    @property
    def heartbeat_seconds(self) -> int | None:
        """No heartbeat."""
        return None

    @contextmanager
    def setup_flow_run_suspension_request(self) -> Iterator[FlowRunSuspensionRequest]:
        """Only what a flow needs to suspend itself."""
        request = self._get_flow_run_suspension_request()
        assert self.flow_run is not None
        with register_flow_run_suspension_request(self.flow_run.id, request):
            yield request


@lru_cache(maxsize=256)
def load_flow(entrypoint: str) -> Flow[..., Any]:
    """The flow at a module path (or `file:function`), loaded once a process."""
    return load_flow_from_entrypoint(entrypoint, use_placeholder_flow=False)


async def execute(entrypoint: str, flow_run: FlowRun) -> RunEnd:
    """Run it to its end or to its next suspension. Raises only what is not the flow's: a flow that cannot be
    loaded, or a signal such as `SystemExit`."""
    flow = load_flow(entrypoint)
    try:
        state = await _drive(flow, flow_run)
    except Pause:
        return RunEnd.DONE
    except Abort as aborted:
        _log.info("Prefect stopped run %s: %s", flow_run.id, aborted)
        return RunEnd.DONE
    except (httpx.TransportError, PrefectHTTPStatusError):
        _log.exception("Prefect did not answer during run %s", flow_run.id)
        return RunEnd.LOST
    if state.is_cancelling():
        await propose_state(get_client(), Cancelled(), flow_run_id=flow_run.id)
    return RunEnd.FAILED if state.is_failed() or state.is_crashed() else RunEnd.DONE


async def _drive(flow: Flow[..., Any], flow_run: FlowRun) -> State[Any]:
    # As prefect.flow_engine.run_flow_async does, with our engine.
    parameters = _flow_parameters(flow, flow_run, None)
    engine = RunEngine(flow=flow, flow_run=flow_run, parameters=parameters)
    async with engine.start():
        while engine.is_running():
            async with engine.run_context():
                await engine.call_flow_fn()  # type: ignore[unused-coroutine]  # Prefect's annotation is wrong
    return engine.state
