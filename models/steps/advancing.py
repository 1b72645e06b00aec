"""Where a case is: open its next step, or take up the outcome that is there. What every step task calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import AttemptStatus, ItemStatus, Role
from models.errors import WrongMomentError
from models.process import Scope, place_in_order, step_definition
from models.process.kinds import StepKind
from models.regimes import regime_for
from models.regimes.kinds import DossierKind
from models.steps.addressing import addressee_of
from models.subjects import item_key, split_subject
from models.tables import DossierAttempt, Round, WorkItem
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
    ended: bool = False  # the case ended in the meantime (withdrawn): do not go on
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
    round_, attempt = case_of(session, subject)
    item = find_item(session, item_key(subject, kind, turn))
    if item is None or item.status is ItemStatus.CANCELLED:
        if attempt is not None and _withdrawn(session, attempt):
            return StepState(kind, turn, 0, ended=True)
        if _stated_anew_before(session, kind, subject, turn):
            return StepState(kind, turn, 0, overtaken=True)
        item = open_step(session, kind, subject, round_, attempt, now, turn)
    if item.status is ItemStatus.DONE and item.taken_up_at is None:
        item.taken_up_at = now
    return _state(item)


def _withdrawn(session: Session, attempt: DossierAttempt) -> bool:
    # Locked: a withdrawal at the same moment would leave the new item open for ever.
    lock_attempt(session, attempt)
    return attempt.status is AttemptStatus.WITHDRAWN


def _stated_anew_before(session: Session, kind: StepKind, subject: str, turn: int) -> bool:
    """Whether an earlier outcome is new to the run, which has gone past it: corrected while the run was under way."""
    query = select(WorkItem.kind, WorkItem.turn).where(
        WorkItem.subject == subject, WorkItem.status == ItemStatus.DONE, WorkItem.taken_up_at.is_(None)
    )
    here = place_in_order(kind, turn)
    return any(place_in_order(other, number) < here for other, number in session.execute(query))


def case_of(session: Session, subject: str) -> tuple[Round, DossierAttempt | None]:
    """The round, and the attempt if there is one, that a subject names.

    Raises:
        WrongMomentError: the subject is not a case.
    """
    scope, number = split_subject(subject)
    if scope is Scope.ROUND:
        return session.get_one(Round, number), None
    if scope is Scope.ATTEMPT:
        attempt = session.get_one(DossierAttempt, number)
        return attempt.round, attempt
    raise WrongMomentError(f"{subject} không phải đợt hay hồ sơ.", field="subject", remedy="")


def open_step(
    session: Session,
    kind: StepKind,
    subject: str,
    round_: Round,
    attempt: DossierAttempt | None,
    now: datetime,
    turn: int = 1,
) -> WorkItem:
    """Open the work item of a step for its addressee, with its due date."""
    office = round_.plan.office
    if step_definition(kind).role is Role.PRODUCER:
        suspend_while_with_producer(session, subject, now)
    regime = attempt.regime if attempt is not None else regime_for(round_.opens_on, DossierKind.FIRST).code
    item = open_item(
        session,
        kind,
        subject,
        round_=round_,
        office=office,
        to=addressee_of(session, kind, round_, attempt),
        budget=budget_for(kind, regime=regime, office=office, round_=round_),
        now=now,
        turn=turn,
        attempt_id=attempt.id if attempt is not None else None,
    )
    if attempt is not None:
        hold_to_limit(session, attempt, now)
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
