"""One dossier as pages show it: `ocop dossier show`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from models.clock import vn_date
from models.documents.kinds import kind_named
from models.dossiers.attempts import dossier_by_code
from models.dossiers.comparing import Difference, differences
from models.dossiers.evidence import in_force, missing_kinds
from models.dossiers.limits import finish_limit
from models.dossiers.listing import DossierRow
from models.enums import AttemptStatus
from models.offices.history import place_of_attempt
from models.process import place_in_order, step_definition
from models.subjects import attempt_subject
from models.tables import (
    AuditEntry,
    Certificate,
    ConsultingVisit,
    Document,
    Dossier,
    DossierAttempt,
    Evidence,
    Outcome,
    Product,
    Result,
    RoundCarry,
    SessionProduct,
    WorkItem,
)


@dataclass(frozen=True)
class PaperRow:
    """One paper of an attempt that counts (not replaced). `sha256`: its file in the store, if it is there."""

    kind: str
    label: str
    title: str
    number: str | None
    issued_on: date | None
    expires_on: date | None
    page_from: int | None
    page_to: int | None
    criteria: list[str]
    carried_over: bool
    sha256: str | None = None


@dataclass(frozen=True)
class StepRow:
    """One step of an attempt: when it was opened, due and closed, with what outcome.

    `versions` counts the outcomes stated (above one: corrected or done again); `carried_from` is the attempt in which
    an outcome that was taken over was stated. `label`: the office's name of the
    stage, `producer_label`: the producer's.
    """

    item: int
    kind: str
    label: str
    producer_label: str
    turn: int
    opened_on: date
    due_on: date
    closed_on: date | None
    status: str
    outcome: str | None
    late: bool
    versions: int
    carried_from: int | None
    stated_by: str | None


@dataclass(frozen=True)
class ResultRow:
    """What a council concluded on the attempt."""

    mean: str | None
    spread: str | None
    stars: int | None
    computed_stars: int | None
    override_reason: str | None
    missed_gates: list[dict[str, Any]]
    eliminated: list[str]
    forward_to: str | None
    explanation: str


@dataclass(frozen=True)
class DocumentRow:
    """One paper that was made for the attempt, in the version that counts; `signed`: its signed originals in words."""

    kind: str
    label: str
    subject: str
    version: int
    number: str | None
    dated: date | None
    frozen: bool
    file: str
    signed: list[str]


@dataclass(frozen=True)
class AttemptDetail:
    """One handing-in of the dossier, with its papers, steps and result.

    `changes`: what differs from the attempt before. `carried_rounds`: the rounds it missed the council of, each with
    the round it went on in (`None`: waits for one). `reported_anew`: why the commune's earlier report does not hold.
    `finish_by`: transition limit of its rules.
    """

    number: int
    round: str
    received_on: date
    regime: str
    criteria_source: str
    criteria_set: int
    case: int | None
    status: str
    status_label: str
    ended_on: date | None
    ended_because: str
    papers: list[PaperRow]
    missing: list[str]
    steps: list[StepRow]
    results: list[ResultRow]
    certificates: list[str]
    previous: int | None
    next: int | None
    finish_by: date | None
    carried_rounds: list[tuple[str, str | None]]
    reported_anew: str
    changes: list[Difference]
    documents: list[DocumentRow]


@dataclass(frozen=True)
class DossierDetail:
    """One dossier through all its attempts, the first one first."""

    dossier: DossierRow
    attempts: list[AttemptDetail]


def dossier_detail(session: Session, code: str, today: date) -> DossierDetail:
    """One dossier.

    Raises:
        NotFoundError: there is none of this code.
    """
    return detail_of(session, dossier_by_code(session, code, *with_papers()), today)


def detail_of(session: Session, dossier: Dossier, today: date) -> DossierDetail:
    """One dossier that was read `with_papers`."""
    return DossierDetail(_dossier_row(session, dossier), [_attempt_detail(session, a, today) for a in dossier.attempts])


def with_papers() -> tuple[ORMOption, ...]:
    """What is loaded with a dossier that is shown."""
    attempts = selectinload(Dossier.attempts)
    product = joinedload(Dossier.product)
    return (
        product.joinedload(Product.producer),
        product.joinedload(Product.place),
        attempts.joinedload(DossierAttempt.round),
        attempts.joinedload(DossierAttempt.commune_assessment),
        attempts.selectinload(DossierAttempt.visits).joinedload(ConsultingVisit.consultant),
        attempts.selectinload(DossierAttempt.evidence).selectinload(Evidence.uses),
    )


def _dossier_row(session: Session, dossier: Dossier) -> DossierRow:
    latest = dossier.latest
    return DossierRow(
        code=dossier.code,
        product=dossier.product.name,
        producer=dossier.product.producer.name,
        commune=place_of_attempt(session, latest).title,
        kind=dossier.kind.value,
        kind_label=dossier.kind.label,
        target_stars=dossier.target_stars,
        attempt=latest.number,
        round=latest.round.code,
        received_on=latest.received_on,
        status=latest.status.value,
        status_label=latest.status.label,
    )


def _attempt_detail(session: Session, attempt: DossierAttempt, today: date) -> AttemptDetail:
    in_progress = attempt.status is AttemptStatus.IN_PROGRESS
    certificates = select(Certificate.code).where(Certificate.attempt_id == attempt.id).order_by(Certificate.id)
    return AttemptDetail(
        number=attempt.number,
        round=attempt.round.code,
        received_on=attempt.received_on,
        regime=attempt.regime,
        criteria_source=attempt.criteria_source,
        criteria_set=attempt.criteria_set,
        case=attempt.case,
        status=attempt.status.value,
        status_label=attempt.status.label,
        ended_on=attempt.ended_on,
        ended_because=attempt.ended_because,
        papers=[paper_row(paper) for paper in in_force(attempt)],
        missing=[kind.label for kind in missing_kinds(attempt)] if in_progress else [],
        steps=_step_rows(session, attempt, today),
        results=_result_rows(session, attempt),
        certificates=list(session.scalars(certificates)),
        previous=attempt.previous.number if attempt.previous is not None else None,
        next=attempt.next.number if attempt.next is not None else None,
        finish_by=finish_limit(session, attempt, today),
        carried_rounds=_carried_rounds(session, attempt),
        reported_anew=_reported_anew(session, attempt),
        changes=_changes(attempt),
        documents=_document_rows(session, attempt),
    )


def _carried_rounds(session: Session, attempt: DossierAttempt) -> list[tuple[str, str | None]]:
    query = select(RoundCarry).where(RoundCarry.attempt_id == attempt.id).order_by(RoundCarry.id)
    return [(c.from_round.code, c.to_round.code if c.to_round else None) for c in session.scalars(query)]


def _reported_anew(session: Session, attempt: DossierAttempt) -> str:
    if attempt.number == 1:
        return ""
    query = select(AuditEntry.reason).where(
        AuditEntry.subject == attempt_subject(attempt.id), AuditEntry.act == "findings.not_carried"
    )
    return session.scalar(query.limit(1)) or ""


def _changes(attempt: DossierAttempt) -> list[Difference]:
    if attempt.previous is None:
        return []
    return [line for line in differences(attempt.previous, attempt) if line.change not in {"same", "carried"}]


def _document_rows(session: Session, attempt: DossierAttempt) -> list[DocumentRow]:
    query = select(Document).where(Document.attempt_id == attempt.id).order_by(Document.version, Document.id)
    query = query.options(selectinload(Document.signed))
    latest = {(row.kind, row.subject): row for row in session.scalars(query)}
    return [
        DocumentRow(
            row.kind,
            kind_named(row.kind).label,
            row.subject,
            row.version,
            row.number,
            row.dated,
            row.frozen_at is not None,
            row.file,
            [f"{one.verdict.label}: {', '.join(one.signers) or one.file_name}" for one in row.signed],
        )
        for row in sorted(latest.values(), key=lambda row: row.id)
    ]


def paper_row(paper: Evidence) -> PaperRow:
    """One paper as pages show it."""
    return PaperRow(
        kind=paper.kind.value,
        label=paper.kind.label,
        title=paper.title,
        number=paper.number,
        issued_on=paper.issued_on,
        expires_on=paper.expires_on,
        page_from=paper.page_from,
        page_to=paper.page_to,
        criteria=[use.criterion for use in paper.uses],
        carried_over=paper.carried_from_id is not None,
        sha256=paper.file_sha256,
    )


def items_of(session: Session, attempt: DossierAttempt) -> list[WorkItem]:
    """The steps of the attempt in the order of the procedure, with what was stated."""
    query = select(WorkItem).where(WorkItem.subject == attempt_subject(attempt.id)).order_by(WorkItem.id)
    query = query.options(selectinload(WorkItem.outcomes).joinedload(Outcome.actor))
    return sorted(session.scalars(query), key=lambda item: place_in_order(item.kind, item.turn))


def _step_rows(session: Session, attempt: DossierAttempt, today: date) -> list[StepRow]:
    return [
        StepRow(
            item=item.id,
            kind=item.kind.value,
            label=step_definition(item.kind).label,
            producer_label=step_definition(item.kind).producer_label,
            turn=item.turn,
            opened_on=vn_date(item.opened_at),
            due_on=item.due_on,
            closed_on=vn_date(item.closed_at) if item.closed_at else None,
            status=item.status.label,
            outcome=item.outcome.code if item.outcome else None,
            late=item.suspended_on is None and (vn_date(item.closed_at) if item.closed_at else today) > item.due_on,
            versions=len(item.outcomes),
            carried_from=_carried_from(item),
            stated_by=_stated_by(item.outcome),
        )
        for item in items_of(session, attempt)
    ]


def _stated_by(outcome: Outcome | None) -> str | None:
    if outcome is None or outcome.actor is None:
        return None
    stood_in = f" (thay mặt {outcome.on_behalf_of.name})" if outcome.on_behalf_of is not None else ""
    return f"{outcome.actor.name}{stood_in}"


def _carried_from(item: WorkItem) -> int | None:
    if item.outcome is None or item.outcome.carried_from is None:
        return None
    return item.outcome.original.item.case.number


def _result_rows(session: Session, attempt: DossierAttempt) -> list[ResultRow]:
    query = select(Result).join(SessionProduct)
    query = query.where(SessionProduct.attempt_id == attempt.id, SessionProduct.taken_off == "").order_by(Result.id)
    return [
        ResultRow(
            mean=result.mean_cut,
            spread=result.spread,
            stars=result.stars,
            computed_stars=result.computed_stars,
            override_reason=result.override_reason,
            missed_gates=result.missed_gates,
            eliminated=result.eliminated,
            forward_to=result.forward_to,
            explanation=result.explanation,
        )
        for result in session.scalars(query)
    ]
