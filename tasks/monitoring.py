"""Step 7, monitoring: inspections, and the hand-over of a round that is decided."""

from __future__ import annotations

from models.database import transaction
from models.office_clock import clock_for
from models.process.kinds import StepKind
from models.rounds.closing import close_round
from models.settings import settings
from models.steps.advancing import StepState
from tasks.base import domain_task, open_or_take_up, step_task


@step_task(StepKind.INSPECTION)
def inspection(attempt_id: int, turn: int) -> StepState:
    """The technical office inspects the recognised product and records its findings."""
    return open_or_take_up(StepKind.INSPECTION, attempt_id, turn)


@domain_task("7-ban-giao-giam-sat")
async def hand_over(round_id: int) -> None:
    """The round is decided: close it; its products go on under monitoring."""
    with transaction() as session:
        close_round(session, round_id, clock_for(session, settings()).now())
