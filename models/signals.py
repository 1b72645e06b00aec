"""Signals: "look at your case again", from the domain to the run that carries it, through the outbox."""

from __future__ import annotations

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models import outbox
from models.enums import AttemptStatus, ItemStatus, OutboxKind, RoundStatus
from models.process import place_in_order
from models.subjects import attempt_subject, round_subject, split_subject
from models.tables import DossierAttempt, EngineRun, OutboxMessage, Round, WorkItem


def signal(session: Session, subject: str, cause: str) -> None:
    """Leave a signal for the run of `subject`; `cause` makes it unique (item and version of its outcome)."""
    outbox.put(session, OutboxKind.SIGNAL, f"signal:{subject}:{cause}", {"subject": subject})


def run_of(session: Session, subject: str) -> EngineRun:
    """The row that says which flow run carries the subject; made on first use."""
    run = session.scalar(select(EngineRun).where(EngineRun.subject == subject))
    if run is None:
        run = EngineRun(subject=subject)
        session.add(run)
        session.flush()
    return run


def runs_under_way(session: Session) -> dict[str, str]:
    """The flow run of each live subject that has one: what Prefect is expected to know."""
    query = select(EngineRun.flow_run_id, EngineRun.subject).where(
        EngineRun.ended_at.is_(None), EngineRun.flow_run_id.is_not(None)
    )
    return {run_id: subject for run_id, subject in session.execute(query) if run_id is not None}


def generation_in_charge(session: Session, subject: str) -> int:
    """Which of the runs made for a case carries it: the last one, counted from 0."""
    return session.scalar(select(EngineRun.generation).where(EngineRun.subject == subject)) or 0


def locked_run_of(session: Session, subject: str) -> EngineRun:
    """As `run_of`, locked: its end and what brings it back to life wait for each other."""
    run = run_of(session, subject)
    session.refresh(run, with_for_update=True)
    return run


def forget_run(session: Session, subject: str) -> None:
    """The engine has lost the run of the subject: the next signal makes a new one."""
    run = run_of(session, subject)
    run.flow_run_id = None
    run.generation += 1


def waits_for_engine(session: Session, subject: str) -> bool:
    """Whether the run has something to take up: it never started, or an outcome is new to it."""
    run = session.scalar(select(EngineRun).where(EngineRun.subject == subject))
    if run is None or run.flow_run_id is None:
        return True
    if run.ended_at is not None:
        return False
    return _first_unsettled(session, subject) is not ItemStatus.OPEN


def has_news(session: Session, subject: str) -> bool:
    """Whether an outcome is there that the run has not taken up and can take up now."""
    return _first_unsettled(session, subject) is ItemStatus.DONE


def _first_unsettled(session: Session, subject: str) -> ItemStatus | None:
    """Of what is open or new to the run the first in the procedure: an outcome after an open step (carried over from
    an earlier attempt) is no news until the run gets there."""
    query = select(WorkItem.kind, WorkItem.turn, WorkItem.status).where(
        WorkItem.subject == subject,
        or_(
            WorkItem.status == ItemStatus.OPEN,
            and_(WorkItem.status == ItemStatus.DONE, WorkItem.taken_up_at.is_(None)),
        ),
    )
    found = {place_in_order(kind, turn): status for kind, turn, status in session.execute(query)}
    return found[min(found)] if found else None


def live_subjects(session: Session) -> list[str]:
    """Subjects whose run should be alive: rounds under way, attempts in progress, certificates
    with something open, and what is still being followed."""
    rounds = session.scalars(select(Round.id).where(Round.status.not_in([RoundStatus.PLANNED, RoundStatus.CLOSED])))
    followed = select(EngineRun.subject).where(EngineRun.ended_at.is_(None))
    attempts = session.scalars(select(DossierAttempt.id).where(DossierAttempt.status == AttemptStatus.IN_PROGRESS))
    of_certificates = select(WorkItem.subject).where(
        WorkItem.certificate_id.is_not(None), WorkItem.status == ItemStatus.OPEN
    )
    named = {round_subject(i) for i in rounds} | {attempt_subject(i) for i in attempts}
    named |= set(session.scalars(of_certificates.distinct()))
    return sorted(named | set(session.scalars(followed)), key=split_subject)


def undelivered(session: Session) -> list[str]:
    """Live subjects that wait for the engine although no signal for them is on its way."""
    pending = {
        m["subject"]
        for m in session.scalars(
            select(OutboxMessage.payload).where(
                OutboxMessage.kind == OutboxKind.SIGNAL, OutboxMessage.sent_at.is_(None)
            )
        )
    }
    return [s for s in live_subjects(session) if s not in pending and waits_for_engine(session, s)]
