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


@step_task(StepKind.RENEWAL_FILING)
def renewal_filing(renewal_id: int, turn: int) -> StepState:
    """The producer hands in the re-evaluation of a certificate that will end, or says why not."""
    return open_or_take_up(StepKind.RENEWAL_FILING, renewal_id, turn)


@step_task(StepKind.RENEWAL_COMMUNE)
def renewal_commune(renewal_id: int, turn: int) -> StepState:
    """The commune says whether production goes on."""
    return open_or_take_up(StepKind.RENEWAL_COMMUNE, renewal_id, turn)


@step_task(StepKind.CERTIFICATE_INSPECTION)
def certificate_inspection(inspection_id: int, turn: int) -> StepState:
    """The technical office makes a planned inspection."""
    return open_or_take_up(StepKind.CERTIFICATE_INSPECTION, inspection_id, turn)


@step_task(StepKind.REMEDY_CHECK)
def remedy_check(inspection_id: int, turn: int) -> StepState:
    """The technical office looks whether what an inspection found was mended."""
    return open_or_take_up(StepKind.REMEDY_CHECK, inspection_id, turn)


@step_task(StepKind.PRODUCTION_CONFIRMATION)
def production_confirmation(revocation_id: int, turn: int) -> StepState:
    """The commune says whether production stopped, as somebody found."""
    return open_or_take_up(StepKind.PRODUCTION_CONFIRMATION, revocation_id, turn)


@step_task(StepKind.REVOCATION_DECISION)
def revocation_decision(revocation_id: int, turn: int) -> StepState:
    """Whoever issued the certificate revokes it, or sees no ground to."""
    return open_or_take_up(StepKind.REVOCATION_DECISION, revocation_id, turn)


@domain_task("7-ban-giao-giam-sat")
async def hand_over(round_id: int) -> None:
    """The round is decided, or needed no council: close it; its products go on under monitoring."""
    with transaction() as session:
        close_round(session, round_id, clock_for(session, settings()).now())
