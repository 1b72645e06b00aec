"""Step 6, decision: signing, what follows for each product, the result of the level above."""

from __future__ import annotations

from models.process.kinds import StepKind
from models.steps.advancing import StepState
from tasks.base import open_or_take_up, step_task


@step_task(StepKind.DECISION_SIGNING)
def decision_signing(round_id: int, turn: int) -> StepState:
    """The leader signs; number and date are recorded, certificates issued, stronger products forwarded."""
    return open_or_take_up(StepKind.DECISION_SIGNING, round_id, turn)


@step_task(StepKind.DECISION)
def decision(attempt_id: int, turn: int) -> StepState:
    """The product waits for the decision; the round's decision closes the step (a second turn: one of its own)."""
    return open_or_take_up(StepKind.DECISION, attempt_id, turn)


@step_task(StepKind.HIGHER_LEVEL_RESULT)
def higher_level_result(attempt_id: int, turn: int) -> StepState:
    """The product is with the level above; the coordinator records what it decided."""
    return open_or_take_up(StepKind.HIGHER_LEVEL_RESULT, attempt_id, turn)
