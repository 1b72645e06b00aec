"""Step 3, commune assessment: the report on the four topics."""

from __future__ import annotations

from models.process.kinds import StepKind
from models.steps.advancing import StepState
from tasks.base import open_or_take_up, step_task


@step_task(StepKind.COMMUNE_ASSESSMENT)
def commune_assessment(attempt_id: int, turn: int) -> StepState:
    """The People's Committee of the commune reports its findings (form 03); it gives no points."""
    return open_or_take_up(StepKind.COMMUNE_ASSESSMENT, attempt_id, turn)
