"""Where a case is: open its next step, or take up the outcome that is there. What every step task calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.certificates.register import attempt_certificates_over
from models.clock import vn_date
from models.enums import AttemptStatus, ItemStatus, Role
from models.process import place_in_order, step_definition
from models.process.kinds import StepKind
from models.steps.addressing import addressee_of
from models.steps.whose import Whose, whose
from models.subjects import item_key
from models.tables import WorkItem
from models.work_items.closing import find_item
from models.work_items.limiting import hold_to_limit
from models.work_items.locking import lock_attempt
from models.work_items.opening import open_item
from models.work_items.suspending import suspend_while_with_producer
from models.work_items.terms import budget_for


@dataclass(frozen=True)
class StepState:
    """A step of a case as the flow needs to know it: waiting, or done with this outcome."""

    kind: StepKind
    turn: int
    item_id: int
    outcome: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    ended: bool = False  # the case ended in the meantime (withdrawn, certificate over): do not go on
    overtaken: bool = False  # an earlier step was stated anew in the meantime: go through the procedure again
    due_on: date | None = None

    def is_(self, *outcomes: str) -> bool:
        """Whether the step was closed with one of these outcomes."""
        return self.outcome in outcomes


def known_outcome(session: Session, kind: StepKind, subject: str, turn: int) -> StepState | None:
    """The outcome that the run has already taken up, so that a resume costs no call to the engine."""
    item = find_item(session, item_key(subject, kind, turn))
    if item is None or item.taken_up_at is None or item.outcome is None:
        return None
    return _state(item)


def advance(session: Session, kind: StepKind, subject: str, now: datetime, turn: int = 1) -> StepState:
    """Open the step if it is not open, or take up its outcome if there is one. Idempotent.

    What a correction cancelled opens again, with its history, when the case gets there.
    """
    item = find_item(session, item_key(subject, kind, turn))
    if item is None or item.status is ItemStatus.CANCELLED:
        case = whose(session, subject)
        if _over(session, case):
            return StepState(kind, turn, 0, ended=True)
        if _stated_anew_before(session, kind, subject, turn):
            return StepState(kind, turn, 0, overtaken=True)
        if _nothing_to_inspect(session, kind, case, now):
            return StepState(kind, turn, 0, ended=True)
        item = open_step(session, kind, case, now, turn)
    if item.status is ItemStatus.DONE and item.taken_up_at is None:
        item.taken_up_at = now
    return _state(item)


def _over(session: Session, case: Whose) -> bool:
    if case.certificate is not None:
        return True  # whatever calls for a step of a certificate's life opens it in the same transaction
    if case.attempt is None:
        return False
    # Locked: a withdrawal at the same moment would leave the new item open for ever.
    lock_attempt(session, case.attempt)
    return case.attempt.status is AttemptStatus.WITHDRAWN


def _nothing_to_inspect(session: Session, kind: StepKind, case: Whose, now: datetime) -> bool:
    # Revoked or replaced before the run got here, or the item was cancelled for that: it must not open again.
    if kind is not StepKind.INSPECTION or case.attempt is None:
        return False
    return attempt_certificates_over(session, case.attempt.id, vn_date(now))


def _stated_anew_before(session: Session, kind: StepKind, subject: str, turn: int) -> bool:
    """Whether an earlier outcome is new to the run, which has gone past it: corrected while the run was under way."""
    query = select(WorkItem.kind, WorkItem.turn).where(
        WorkItem.subject == subject, WorkItem.status == ItemStatus.DONE, WorkItem.taken_up_at.is_(None)
    )
    here = place_in_order(kind, turn)
    return any(place_in_order(other, number) < here for other, number in session.execute(query))


def open_step(session: Session, kind: StepKind, case: Whose, now: datetime, turn: int = 1) -> WorkItem:
    """Open the work item of a step for its addressee, with its due date."""
    if step_definition(kind).role is Role.PRODUCER:
        suspend_while_with_producer(session, case.subject, now)
    item = open_item(
        session,
        kind,
        case.subject,
        office=case.office,
        to=addressee_of(session, kind, case),
        budget=budget_for(kind, regime=case.regime, office=case.office, dates=case.dates, dates_rule=case.dates_rule),
        now=now,
        turn=turn,
        round_id=case.round.id if case.round is not None else None,
        attempt_id=case.attempt.id if case.attempt is not None else None,
        certificate_id=case.certificate.id if case.certificate is not None else None,
    )
    if case.attempt is not None:
        hold_to_limit(session, case.attempt, now)
    return item


def _state(item: WorkItem) -> StepState:
    outcome = item.outcome
    return StepState(
        kind=item.kind,
        turn=item.turn,
        item_id=item.id,
        outcome=outcome.code if outcome else None,
        data=dict(outcome.data) if outcome else {},
        due_on=item.due_on,
    )
