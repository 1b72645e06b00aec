"""The last day on which an attempt may be finished under its old rules, once newer ones are in force."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.clock import vn_date
from models.enums import AttemptStatus, ItemStatus
from models.process.kinds import StepKind
from models.regimes.kinds import DossierKind
from models.regimes.loader import finish_by, regimes
from models.tables import DossierAttempt, WorkItem


def finish_limit(session: Session, attempt: DossierAttempt, today: date) -> date | None:
    """The transition limit of an attempt in progress on `today`; none where no newer decision sets one.

    It binds what was not evaluated yet when the newer decision came into force [law, 26/2026 Điều 11–12]; what the
    council had evaluated before is decided without it [ours].
    """
    if attempt.status is not AttemptStatus.IN_PROGRESS or today < attempt.received_on:
        return None
    evaluated_on = _evaluated_on(session, attempt)
    pending_on = today if evaluated_on is None else max(evaluated_on, attempt.received_on)
    return finish_by(attempt.received_on, DossierKind(attempt.dossier.kind), pending_on)


def regimes_with_a_limit(today: date) -> set[str]:
    """The regimes whose pending dossiers a newer decision, in force today, wants finished by a day."""
    rules = [regime.transition for regime in regimes() if regime.transition is not None]
    return {code for rule in rules if rule.starts <= today for code in rule.from_regimes}


def _evaluated_on(session: Session, attempt: DossierAttempt) -> date | None:
    closed_at = session.scalar(
        select(WorkItem.closed_at).where(
            WorkItem.attempt_id == attempt.id,
            WorkItem.kind == StepKind.COUNCIL_EVALUATION,
            WorkItem.status == ItemStatus.DONE,
        )
    )
    return vn_date(closed_at) if closed_at is not None else None
