"""Step 5, council evaluation: convening, the session with its score sheets, and the result of each product."""

from __future__ import annotations

from models.process.kinds import StepKind
from models.steps.advancing import StepState
from tasks.base import open_or_take_up, step_task


@step_task(StepKind.COUNCIL_CONVENING)
def council_convening(round_id: int, turn: int) -> StepState:
    """The secretary calls the meeting: day, place, dossiers."""
    return open_or_take_up(StepKind.COUNCIL_CONVENING, round_id, turn)


@step_task(StepKind.COUNCIL_SESSION)
def council_session(round_id: int, turn: int) -> StepState:
    """Members score; the secretary closes the scoring, for a second one or with the conclusion."""
    return open_or_take_up(StepKind.COUNCIL_SESSION, round_id, turn)


@step_task(StepKind.COUNCIL_EVALUATION)
def council_evaluation(attempt_id: int, turn: int) -> StepState:
    """The product waits for the council; the session's conclusion closes the step."""
    return open_or_take_up(StepKind.COUNCIL_EVALUATION, attempt_id, turn)
