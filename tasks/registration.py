"""Step 2, registration: the window of the round, and the check of each dossier."""

from __future__ import annotations

from models.process.kinds import StepKind
from models.steps.advancing import StepState
from tasks.base import open_or_take_up, step_task


@step_task(StepKind.REGISTRATION_WINDOW)
def registration_window(round_id: int, turn: int) -> StepState:
    """Dossiers are received until the coordinator closes the list."""
    return open_or_take_up(StepKind.REGISTRATION_WINDOW, round_id, turn)


@step_task(StepKind.REGISTRATION_CHECK)
def registration_check(attempt_id: int, turn: int) -> StepState:
    """The office checks that the dossier is complete; it is accepted, or returned with the list."""
    return open_or_take_up(StepKind.REGISTRATION_CHECK, attempt_id, turn)
