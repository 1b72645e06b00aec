"""Papers as one person may see them: of the cases that are theirs to see, issued ones, and drafts for the office.

Producers and communes see no drafts of the office's papers and none that are kinds for inside use; the forms that
nobody issues (01, 02) and the commune's own papers are open to those who see the case [ours].
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload

from models.access import may_see_certificate, may_see_dossier, may_see_round, may_see_sheet, reach
from models.documents.issuing import latest_document
from models.documents.kinds import By, Kind, Of, all_kinds, kind_named
from models.documents.subjects import SUBJECTS, Links, find_subject
from models.enums import Role, SignatureVerdict
from models.errors import NotFoundError, OcopError
from models.tables import (
    Capacity,
    Certificate,
    Decision,
    DecisionLine,
    Document,
    Dossier,
    DossierAttempt,
    Round,
    SignedPaper,
)

INSIDE = {Role.COORDINATOR, Role.COUNCIL_SECRETARY, Role.ADVISORY_MEMBER, Role.COUNCIL_MEMBER, Role.AUDITOR}
DECISION, OF_RESULT = "decision", ("decision_single", "result_notice_producer")
OF_COMMUNES = {Role.COMMUNE_OFFICER, Role.LEADER}


@dataclass(frozen=True)
class SignedRow:
    """One signed original of a paper."""

    sha256: str
    name: str
    verdict: SignatureVerdict
    verdict_label: str
    signers: list[str]
    findings: list[str]
    added_at: datetime
    added_by: str | None


@dataclass(frozen=True)
class PaperLine:
    """A paper in a list; `version` is empty while it was never made: it is made when somebody asks for it."""

    kind: str
    label: str
    subject: str
    version: int | None = None
    number: str | None = None
    dated: date | None = None
    frozen: bool = False
    made_at: datetime | None = None
    signed: list[SignedRow] = field(default_factory=list)


@dataclass(frozen=True)
class VisiblePaper:
    """One paper that somebody may see: its kind, what it is about, and the version that counts, if it was made."""

    kind: Kind
    subject: str
    links: Links
    document: Document | None
    about: object = None


def visible_paper(session: Session, capacities: Collection[Capacity], code: str, subject: str) -> VisiblePaper:
    """The paper.

    Raises:
        NotFoundError: there is none, or not for this person; which of the two is not told.
    """
    kind = _kind(code)
    row = latest_document(session, code, subject)
    about = find_subject(session, kind, subject) if row is None or kind.of in {Of.SHEET, Of.PLAN} else None
    links = Links(row.attempt_id, row.round_id, row.certificate_id) if row else SUBJECTS[kind.of].links(about)
    seers = [one for one in capacities if open_to(session, kind, row, one)]
    if not _sees(session, seers, kind, links, about):
        raise _none(subject)
    return VisiblePaper(kind, subject, links, row, about)


def open_to(session: Session, kind: Kind, row: Document | None, capacity: Capacity) -> bool:
    """Whether somebody who sees the case sees this paper of it."""
    if capacity.role in INSIDE or (capacity.role is Role.LEADER and reach.own_offices(session, capacity)):
        return True
    if kind.internal:
        return False
    issued = row is not None and row.frozen_at is not None
    return issued or kind.by is By.NOBODY or (kind.by is By.COMMUNE and capacity.role in OF_COMMUNES)


def sees_draft(session: Session, capacity: Capacity, paper: VisiblePaper) -> bool:
    """Whether somebody sees the paper before it is issued: those who work on it."""
    works = [capacity] if open_to(session, paper.kind, None, capacity) else []
    return _sees(session, works, paper.kind, paper.links, paper.about)


def papers_of_dossier(session: Session, capacities: Collection[Capacity], dossier: Dossier) -> list[PaperLine]:
    """The papers of all attempts with forms 01 and 02 of each, and the decisions that name them."""
    if not may_see_dossier(session, capacities, dossier):
        raise _none(dossier.code)
    ids = [attempt.id for attempt in dossier.attempts]
    made = _lines(session, capacities, Document.attempt_id.in_(ids) | _deciding(ids))
    there = {(line.kind, line.subject) for line in made}
    forms = [
        PaperLine(kind.code, kind.label, name)
        for attempt in dossier.attempts
        for kind in all_kinds()
        if kind.of is Of.ATTEMPT and kind.by is By.NOBODY and (kind.code, (name := _name(attempt))) not in there
    ]
    return made + forms


def papers_of_round(session: Session, capacities: Collection[Capacity], round_: Round) -> list[PaperLine]:
    """The papers of the round itself, not those of its dossiers."""
    if not may_see_round(session, capacities, round_):
        raise _none(round_.code)
    of_round = (Document.round_id == round_.id) & Document.attempt_id.is_(None) & Document.certificate_id.is_(None)
    return _lines(session, capacities, of_round)


def papers_of_certificate(
    session: Session, capacities: Collection[Capacity], certificate: Certificate
) -> list[PaperLine]:
    """The papers about a certificate, its own included: its decision and notice of result too."""
    if not may_see_certificate(session, capacities, certificate):
        raise _none(certificate.code)
    about = Document.certificate_id == certificate.id
    attempt = session.get(DossierAttempt, certificate.attempt_id) if certificate.attempt_id is not None else None
    if attempt is not None and may_see_dossier(session, capacities, attempt):
        own = [attempt.id]
        about |= _deciding(own) | (Document.attempt_id.in_(own) & Document.kind.in_(OF_RESULT))
    return _lines(session, capacities, about)


def _deciding(attempt_ids: Collection[int]) -> ColumnElement[bool]:
    """The round's decisions on these attempts; who sees a case sees the decision on it, once it is issued."""
    rounds = select(Decision.round_id).join(DecisionLine).where(DecisionLine.attempt_id.in_(attempt_ids))
    return (Document.kind == DECISION) & Document.round_id.in_(rounds)


def signed_rows(signed: Iterable[SignedPaper]) -> list[SignedRow]:
    """Signed originals as pages show them."""
    return [
        SignedRow(
            one.file_sha256, one.file_name, one.verdict, one.verdict.label, list(one.signers), list(one.findings),
            one.added_at, one.added_by.name if one.added_by else None,
        )
        for one in signed
    ]  # fmt: skip


def paper_with_file(session: Session, capacities: Collection[Capacity], sha256: str) -> bool:
    """Whether a stored file is the signed original of a paper that somebody may see."""
    query = select(Document).join(SignedPaper).where(SignedPaper.file_sha256 == sha256)
    for row in session.scalars(query):
        kind, links = kind_named(row.kind), Links(row.attempt_id, row.round_id, row.certificate_id)
        about = find_subject(session, kind, row.subject) if kind.of in {Of.SHEET, Of.PLAN} else None
        if _sees(session, [one for one in capacities if open_to(session, kind, row, one)], kind, links, about):
            return True
    return False


def _lines(session: Session, capacities: Collection[Capacity], condition: ColumnElement[bool]) -> list[PaperLine]:
    query = select(Document).where(condition).options(selectinload(Document.signed).joinedload(SignedPaper.added_by))
    latest: dict[tuple[str, str], Document] = {}
    signed: dict[tuple[str, str], list[SignedPaper]] = {}
    for row in session.scalars(query.order_by(Document.version, Document.id)):
        latest[row.kind, row.subject] = row
        signed.setdefault((row.kind, row.subject), []).extend(row.signed)
    order = {kind.code: place for place, kind in enumerate(all_kinds())}
    shown = [
        row for row in latest.values() if any(open_to(session, kind_named(row.kind), row, one) for one in capacities)
    ]
    return [
        PaperLine(
            row.kind, kind_named(row.kind).label, row.subject, row.version, row.number, row.dated,
            row.frozen_at is not None, row.made_at, signed_rows(signed[row.kind, row.subject]),
        )
        for row in sorted(shown, key=lambda row: (order[row.kind], row.id))
    ]  # fmt: skip


def _sees(session: Session, seers: Collection[Capacity], kind: Kind, links: Links, about: object) -> bool:
    if kind.of is Of.CRITERIA_SET:
        return bool(seers)
    if kind.of is Of.SHEET:
        return may_see_sheet(session, seers, about)  # type: ignore[arg-type]
    if kind.of is Of.PLAN:
        home = about.home.id  # type: ignore[attr-defined]
        return any(one.role is Role.AUDITOR or home in reach.own_offices(session, one) for one in seers)
    if links.attempt_id is not None:
        return may_see_dossier(session, seers, session.get_one(DossierAttempt, links.attempt_id))
    if links.certificate_id is not None:
        return may_see_certificate(session, seers, session.get_one(Certificate, links.certificate_id))
    return links.round_id is not None and may_see_round(session, seers, session.get_one(Round, links.round_id))


def _name(attempt: DossierAttempt) -> str:
    return SUBJECTS[Of.ATTEMPT].name(attempt)


def _kind(code: str) -> Kind:
    try:
        return kind_named(code)
    except OcopError:
        raise _none(code) from None


def _none(name: str) -> NotFoundError:
    return NotFoundError(
        f"Không có giấy tờ «{name}», hoặc anh/chị không được xem.", field="paper", remedy="Mở lại từ danh sách giấy tờ."
    )
