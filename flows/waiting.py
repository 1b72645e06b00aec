"""Waiting for a person: the run is suspended under our own Vietnamese state name and costs nothing meanwhile.

```python
@flow
async def dossier(dossier_id: str) -> None:
    outcome = read_outcome(item)                      # recorded already? then no wait and no Prefect call
    reason = "Mời UBND xã đánh giá hồ sơ"
    while outcome is None:
        answer = await wait_for_person(
            key="ho-so-7-cham-xa-1", state_name="Chờ UBND xã đánh giá", message=reason, form=CommuneOutcome
        )
        outcome, reason = record(item, answer)        # refused: outcome stays None, reason says why
```

The run ends here by Prefect's `Pause` and starts again at the top of the flow when it is woken. Woken without
input (`tasks.prefect_client.wake`, after the portal recorded the act) the flow finds the outcome in the
domain and never comes back to this wait; if it does, it waits again. Woken with input (*Resume* in Prefect's
UI) the input is handed to the caller at least once: after a crash or a retry between handing over and
recording it is handed over again, so recording must be idempotent, as completing a work item is.
"""

from __future__ import annotations

import json
import re
import sys
import weakref
from collections.abc import Iterable, Sequence
from typing import TypeVar, overload

from prefect._flow_run_suspension import mark_flow_run_suspension_requested
from prefect._internal.pydantic.v2_schema import create_v2_schema
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, FlowRunInput, State
from prefect.context import FlowRunContext
from prefect.exceptions import Abort, Pause
from prefect.input.run_input import keyset_from_base_key
from prefect.states import Cancelled, Suspended
from prefect.utilities.engine import propose_state
from pydantic import BaseModel, ValidationError

from models.errors import FinalError

Form = TypeVar("Form", bound=BaseModel)

# Prefect refuses other signs in the key of a run input, silently at suspension and for good at resume (trap 4).
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

# What was handed over in this execution: asking again on the same key means that the caller refused it.
_handed_over: dict[int, set[str]] = {}


@overload
async def wait_for_person(*, key: str, state_name: str, message: str, form: None = None) -> None: ...
@overload
async def wait_for_person(*, key: str, state_name: str, message: str, form: type[Form]) -> Form | None: ...
async def wait_for_person(*, key: str, state_name: str, message: str, form: type[Form] | None = None) -> Form | None:
    """The form filled in on *Resume* since the last wait on `key`, or else suspend the run.

    `key` names the work item and its attempt (only `[a-z0-9-]`). `state_name` is what the run list shows,
    `message` what the state and the form say (the reason of a refusal, when asking again); both Vietnamese.
    `form` is the outcome's schema (at least one required field, or an empty form cannot be told from none);
    without a form the call never returns, it suspends.

    Raises `FinalError` outside a flow run, for a key with other signs, or when Prefect refuses to suspend
    (a run without a deployment, a subflow); `prefect.exceptions.Pause` and `Abort` end the run on purpose
    and must not be caught.
    """
    if not _KEY.fullmatch(key):
        raise FinalError(f"khóa chờ {key!r} không hợp lệ", remedy="Chỉ dùng a-z, 0-9 và dấu gạch ngang.")
    flow_run, client = _current()
    inputs = await _inputs(client, flow_run, key) if form is not None else {}
    last = _last_number(key, flow_run, inputs)
    answer = inputs.get(_keyset(f"{key}-{last}")["response"])
    if form is not None and answer is not None and _first_time(flow_run, answer.key):
        try:
            return form.model_validate_json(answer.value)
        except ValidationError as error:
            message = _why_invalid(error)
    await _suspend(client, flow_run, f"{key}-{last + 1}", state_name, message, form)
    return None  # pragma: no cover - _suspend always raises


async def set_tags(tags: Sequence[str]) -> None:
    """Replace the tags of the current run (`đợt:2024-2`, `xã:Thọ Diên`, …); no call when nothing changes."""
    flow_run, client = _current()
    wanted = list(dict.fromkeys(tags))
    if set(wanted) != set(flow_run.tags):
        await client.update_flow_run(flow_run.id, tags=wanted)
        flow_run.tags = wanted


def generation_of_run() -> int:
    """Which of the runs made for its case the current one is: the number at the end of its idempotency key.

    A run that somebody started by hand has none and counts as the latest.
    """
    flow_run, _ = _current()
    _, _, number = (flow_run.idempotency_key or "").rpartition(":")
    return int(number) if number.isdigit() else sys.maxsize


async def _suspend(
    client: PrefectClient,
    flow_run: FlowRun,
    pause_key: str,
    state_name: str,
    message: str,
    form: type[BaseModel] | None,
) -> None:
    wanted: State[None] = Suspended(pause_key=pause_key, message=message)
    wanted.name = state_name
    if form is not None:
        keyset = _keyset(pause_key)
        wanted.state_details.run_input_keyset = keyset
        # Before the state: a run must never be suspended with a form that cannot be found (Prefect: after).
        schema = create_v2_schema(form.__name__, model_base=form)
        await client.create_flow_run_input(flow_run.id, keyset["schema"], json.dumps(schema))
        await client.create_flow_run_input(flow_run.id, keyset["description"], json.dumps(message))
    try:
        state = await propose_state(client, wanted, flow_run_id=flow_run.id)
    except Abort as refused:
        raise FinalError(f"Prefect không cho tạm dừng: {refused}", field=pause_key) from refused
    if state.is_cancelling():
        await _cancel(client, flow_run)
    if not state.is_paused():
        raise FinalError(f"Prefect không cho tạm dừng, trạng thái: {state.name}", field=pause_key)
    mark_flow_run_suspension_requested(flow_run.id, state)
    raise Pause(state=state)


async def _cancel(client: PrefectClient, flow_run: FlowRun) -> None:
    # Nobody can stop a thread: a run cancelled while it runs ends here, where it would have waited.
    state: State[None] = await propose_state(client, Cancelled(), flow_run_id=flow_run.id)
    raise Abort(f"Lượt chạy đã bị hủy ({state.name})")


def _current() -> tuple[FlowRun, PrefectClient]:
    context = FlowRunContext.get()
    if context is None or not isinstance(context.flow_run, FlowRun) or not isinstance(context.client, PrefectClient):
        raise FinalError("chỉ gọi được trong một lượt chạy flow async của Prefect")
    return context.flow_run, context.client


async def _inputs(client: PrefectClient, flow_run: FlowRun, key: str) -> dict[str, FlowRunInput]:
    # No paging: two or three rows a wait, and a wait that is repeated a thousand times is another fault.
    found = await client.filter_flow_run_input(
        flow_run.id, key_prefix=f"{_base(key)}-", limit=10_000, exclude_keys=set()
    )
    return {one.key: one for one in found}


def _base(pause_key: str) -> str:
    return f"suspended-{pause_key}"


def _keyset(pause_key: str) -> dict[str, str]:
    return {str(part): key for part, key in keyset_from_base_key(_base(pause_key)).items()}


def _last_number(key: str, flow_run: FlowRun, inputs: Iterable[str]) -> int:
    """The highest number in use on this key, -1 when none.

    The fired keys alone do not tell: a retry empties them, while the inputs stay (trap 6).
    """
    fired = re.compile(rf"(?:suspended-)?{key}-(\d+)(?:-schema|-response)?")
    names = [*(flow_run.empirical_policy.pause_keys or ()), *inputs]
    return max((int(found[1]) for name in names if (found := fired.fullmatch(name))), default=-1)


def _first_time(flow_run: FlowRun, response_key: str) -> bool:
    # A retry within the process reads the run anew: another object, so the input is handed over again.
    if id(flow_run) not in _handed_over:
        _handed_over[id(flow_run)] = set()
        weakref.finalize(flow_run, _handed_over.pop, id(flow_run), None)
    seen = _handed_over[id(flow_run)]
    return response_key not in seen and not seen.add(response_key)  # type: ignore[func-returns-value]


def _why_invalid(error: ValidationError) -> str:
    faults = (f"{'.'.join(map(str, one['loc'])) or 'biểu mẫu'}: {one['msg']}" for one in error.errors())
    return "Dữ liệu nhập chưa hợp lệ, mời nhập lại. " + "; ".join(faults)
