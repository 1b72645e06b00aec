"""The last day on which an attempt may be finished under its old rules, once newer ones are in force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import ColumnElement, String, cast, literal, select
from sqlalchemy.orm import Session

from models.clock import vn_date
from models.enums import AttemptStatus, ItemStatus
from models.process.kinds import Scope, StepKind
from models.regimes.kinds import DossierKind
from models.regimes.loader import finish_by, regimes
from models.tables import DossierAttempt, WorkItem


def finish_limit(session: Session, attempt: DossierAttempt, today: date) -> date | None:
    """The transition limit of an attempt in progress on `today`; none where no newer decision sets one.

    It binds what was not evaluated yet when the newer decision came into force [law, 26/2026 Điều 11–12]; what the
    council had evaluated before is decided without it [ours].
    """
    kind = DossierKind(attempt.dossier.kind)
    return limit_of(attempt.status, attempt.received_on, kind, lambda: _evaluated_on(session, attempt), today)


def limit_of(
    status: AttemptStatus, received_on: date, kind: DossierKind, evaluated_on: Callable[[], date | None], today: date
) -> date | None:
    """The same from the facts of an attempt; `evaluated_on` is asked only where it matters."""
    if status is not AttemptStatus.IN_PROGRESS or today < received_on:
        return None
    evaluated = evaluated_on()
    pending_on = today if evaluated is None else max(evaluated, received_on)
    return finish_by(received_on, kind, pending_on)


def evaluated_days(session: Session, attempts: ColumnElement[bool]) -> dict[int, date]:
    """When the council evaluated each of the attempts that fulfil a condition; those that it did not are left out."""
    # The status is looked at here: in the query it would make SQLite go through all items that were ever closed.
    query = (
        select(WorkItem.attempt_id, WorkItem.closed_at, WorkItem.status)
        .join(DossierAttempt, WorkItem.attempt_id == DossierAttempt.id)
        .where(attempts, WorkItem.kind == StepKind.COUNCIL_EVALUATION)
        .where(WorkItem.subject == literal(f"{Scope.ATTEMPT}:").concat(cast(DossierAttempt.id, String)))
        .order_by(WorkItem.id.desc())
    )
    done = [row for row in session.execute(query) if row.status is ItemStatus.DONE]
    return {row.attempt_id: vn_date(row.closed_at) for row in done if row.attempt_id and row.closed_at}


def regimes_with_a_limit(today: date) -> set[str]:
    """The regimes whose pending dossiers a newer decision, in force today, wants finished by a day."""
    rules = [regime.transition for regime in regimes() if regime.transition is not None]
    return {code for rule in rules if rule.starts <= today for code in rule.from_regimes}


_EVALUATED = (WorkItem.kind == StepKind.COUNCIL_EVALUATION, WorkItem.status == ItemStatus.DONE)


def _evaluated_on(session: Session, attempt: DossierAttempt) -> date | None:
    query = select(WorkItem.closed_at).where(WorkItem.attempt_id == attempt.id, *_EVALUATED).order_by(WorkItem.id)
    closed_at = session.scalar(query)
    return vn_date(closed_at) if closed_at is not None else None
