"""Step 1, outreach: notice of the round, activity logs, training classes."""

from __future__ import annotations

from models.process.kinds import StepKind
from models.steps.advancing import StepState
from tasks.base import open_or_take_up, step_task


@step_task(StepKind.OUTREACH)
def outreach(round_id: int, turn: int) -> StepState:
    """The coordinator announces the round and records what was done to make it known."""
    return open_or_take_up(StepKind.OUTREACH, round_id, turn)
