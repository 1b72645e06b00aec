"""What all step tasks share: their name in Prefect, retries on passing trouble, nothing kept by the engine.

Nothing is persisted and nothing cached: the domain row (step + turn) says what is done (docs/traps.md, 1 and 2).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task, exponential_backoff

from models.database import transaction
from models.errors import RetryableError
from models.office_clock import clock_for
from models.process import step_definition
from models.process.kinds import StepKind
from models.settings import settings
from models.steps.advancing import StepState, advance
from models.subjects import subject_of

RETRIES = 5


async def retry_passing_trouble(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Try again only what may succeed later (`RetryableError`); a person's or a final error stays."""
    try:
        await state.aresult()
    except RetryableError:
        return True
    except Exception:
        return False
    return False


def domain_task(slug: str) -> Callable[[Callable[..., Any]], Task[..., Any]]:
    """A task of ours under an ASCII name (docs/traps.md: the timeline drops Vietnamese letters)."""
    return task(
        name=slug,
        task_run_name=slug,
        retries=RETRIES,
        retry_delay_seconds=exponential_backoff(0.5),
        retry_jitter_factor=0.5,
        retry_condition_fn=retry_passing_trouble,
        cache_policy=NO_CACHE,
        persist_result=False,
    )


@dataclass(frozen=True)
class StepTask:
    """One step of the cycle as flows use it: its kind, and the Prefect task that opens it or takes up its outcome."""

    kind: StepKind
    run: Callable[[int, int], Awaitable[StepState]]


def step_task(kind: StepKind) -> Callable[[Callable[[int, int], StepState]], StepTask]:
    """Make the step `kind` a Prefect task named by its slug: `3-danh-gia-cap-xa`."""

    def decorate(function: Callable[[int, int], StepState]) -> StepTask:
        decorated = domain_task(step_definition(kind).slug)(_as_coroutine(function))
        return StepTask(kind, decorated)

    return decorate


def _as_coroutine(function: Callable[[int, int], StepState]) -> Callable[[int, int], Awaitable[StepState]]:
    async def run(case_id: int, turn: int) -> StepState:
        return function(case_id, turn)

    run.__doc__ = function.__doc__
    return run


def open_or_take_up(kind: StepKind, case_id: int, turn: int) -> StepState:
    """Open the step of the case, or take up the outcome that a person stated, in one transaction.

    Raises:
        RetryableError: the database is busy; the task is tried again.
    """
    subject = subject_of(step_definition(kind).scope, case_id)
    with transaction() as session:
        return advance(session, kind, subject, clock_for(session, settings()).now(), turn)
