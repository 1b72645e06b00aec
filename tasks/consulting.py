"""Step 4, consulting support: visits, and the producer's supplements."""

from __future__ import annotations

from models.process.kinds import StepKind
from models.steps.advancing import StepState
from tasks.base import open_or_take_up, step_task


@step_task(StepKind.CONSULTING)
def consulting(attempt_id: int, turn: int) -> StepState:
    """A visit of the consultant: ready for the council, or what has to be supplemented."""
    return open_or_take_up(StepKind.CONSULTING, attempt_id, turn)


@step_task(StepKind.SUPPLEMENT)
def supplement(attempt_id: int, turn: int) -> StepState:
    """The producer answers what the visit asked for."""
    return open_or_take_up(StepKind.SUPPLEMENT, attempt_id, turn)
