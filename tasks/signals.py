"""Delivering signals: from the outbox to the runs that carry the cases; starting runs that are not there."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import models.instance
from models import outbox
from models.database import reading, transaction
from models.enums import OutboxKind
from models.errors import OcopError
from models.process import Scope
from models.signals import forget_run, run_of, runs_under_way, signal, undelivered, waits_for_engine
from models.steps.cases import Case, load_case
from models.subjects import split_subject
from models.tables import EngineRun, OutboxMessage
from tasks.prefect_client import WakeResult, create_run, lost_runs, note_link, wake

DEPLOYMENTS = {
    Scope.ATTEMPT: "dossier/ocop",
    Scope.ROUND: "round/ocop",
    Scope.RENEWAL: "certificate/ocop",
    Scope.INSPECTION: "certificate/ocop",
    Scope.REVOCATION: "certificate/ocop",
}


@dataclass(frozen=True)
class Pending:
    """One signal to deliver: the run it is for, and whether that run still has something to take up."""

    message_id: int
    case: Case
    run_id: str | None
    generation: int
    needed: bool
    previous_run: str | None = None  # that of the attempt before, if the case is one handed in again


def deliver_signals() -> int:
    """Deliver every signal whose time has come; gives how many left. Prefect's silence leaves them for later."""
    with reading() as session:
        pending = [_pending(session, message) for message in outbox.due_messages(session, OutboxKind.SIGNAL)]
    sent = 0
    for one in pending:
        try:
            why_not = _deliver(one)
        except OcopError as error:
            why_not = str(error)
        with transaction() as session:
            outbox.settle(session.get_one(OutboxMessage, one.message_id), why_not)
        sent += not why_not
    return sent


def reconcile() -> int:
    """Leave a new signal for every case whose run has something to do although none is on its way; gives how many.

    Rebuilds all runs when Prefect's database was lost, starts those that never started or crashed.
    """
    with reading() as session:
        expected = runs_under_way(session)
    lost = lost_runs([UUID(run_id) for run_id in expected])
    with transaction() as session:
        for run_id in lost:
            forget_run(session, expected[str(run_id)])
        session.flush()
        left_behind = undelivered(session)
        for subject in left_behind:
            count = _signals_so_far(session, subject)
            signal(session, subject, f"reconciled:{count}")
    return len(left_behind)


def _signals_so_far(session: Session, subject: str) -> int:
    query = select(OutboxMessage.id).where(OutboxMessage.key.startswith(f"signal:{subject}:"))
    return len(session.scalars(query).all())


def _pending(session: Session, message: OutboxMessage) -> Pending:
    subject = message.payload["subject"]
    case = load_case(session, subject)
    run = session.scalar(select(EngineRun).where(EngineRun.subject == subject))
    return Pending(
        message.id,
        case,
        run.flow_run_id if run else None,
        run.generation if run else 0,
        waits_for_engine(session, subject),
        _run_id(session, case.previous) if case.previous else None,
    )


def _run_id(session: Session, subject: str) -> str | None:
    return session.scalar(select(EngineRun.flow_run_id).where(EngineRun.subject == subject))


def _deliver(one: Pending) -> str:
    """Why the signal could not be delivered yet, empty when it was (or is needed no more)."""
    if not one.needed:
        return ""
    if one.run_id is None:
        _start(one, one.generation)
        return ""
    match wake(UUID(one.run_id)):
        case WakeResult.RESUMED:
            return ""
        case WakeResult.NOT_YET:
            return "lượt chạy chưa tạm dừng"
        case WakeResult.GONE:
            _start(one, one.generation + 1)
            return ""
        case WakeResult.FINISHED:
            _start(one, one.generation + 1, after=one.run_id)
            return ""


def _start(one: Pending, generation: int, after: str | None = None) -> None:
    """Make the run; `after`: the run of the same case that has ended and that this one goes on from."""
    earlier = after or one.previous_run
    scope, _ = split_subject(one.case.subject)
    run_id = create_run(
        DEPLOYMENTS[scope],
        _parameters(one.case.subject),
        name=one.case.title,
        tags=one.case.tags,
        idempotency_key=f"{instance_id()}:{one.case.subject}:{generation}",
        parent=UUID(earlier) if earlier else None,
    )
    if earlier:
        _link(one, UUID(earlier), run_id, generation)
    with transaction() as session:
        run = run_of(session, one.case.subject)
        run.flow_run_id = str(run_id)
        run.generation = generation


def _link(one: Pending, earlier: UUID, run_id: UUID, generation: int) -> None:
    """A link on each run's page to the other; before the run is noted as ours, so that a crash cannot lose it."""
    slug = f"{one.case.slug}-luot-{generation + 1}"
    note_link(run_id, f"{slug}-truoc", earlier, f"Lượt chạy trước của {one.case.title}")
    note_link(earlier, f"{slug}-sau", run_id, f"Chạy tiếp: {one.case.title}")


def _parameters(subject: str) -> dict[str, str | int]:
    scope, number = split_subject(subject)
    return {"case": subject} if scope.of_certificate else {f"{scope}_id": number}


def instance_id() -> str:
    """What tells this installation's runs from another's on the same Prefect server."""
    with transaction() as session:
        return models.instance.instance_id(session)
