"""A dossier as one person may see it: what is not theirs is not there (domain.md §9)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from models.access import may_see_dossier, may_see_result, may_see_scores, sheets_visible
from models.access.items import RESULTS
from models.access.scores import WAITS_FOR_DECISION
from models.audit_list import AuditFilter, AuditLine, audit_page
from models.criteria import load_set
from models.dossiers.attempts import dossier_by_code
from models.dossiers.comparing import FIELDS, Comparison, compare
from models.dossiers.evidence import in_force, missing_kinds
from models.dossiers.queries import AttemptDetail, DossierDetail, PaperRow, detail_of, paper_row, with_papers
from models.dossiers.story import StoryLine, story_of
from models.enums import ItemStatus, Role
from models.errors import NotFoundError
from models.forms.registration import facts_in_words
from models.forms.words import flat, text
from models.paging import LARGEST_SIZE
from models.subjects import attempt_subject
from models.tables import Capacity, CouncilMember, Dossier, DossierAttempt, ScoreSheet, SessionProduct, WorkItem
from models.work_items.queries import ItemRow, item_row, with_names

SEES_AUDIT = {Role.COORDINATOR, Role.AUDITOR, Role.LEADER}
"""Roles that see the entries of the audit trail of the dossiers that are theirs to see [ours]."""


SHEET = "score_sheet"

TELL_RESULTS = {SHEET, "result_notice_producer", "decision_single", "certificate"}
"""Papers of an attempt that say what the council gave it."""


@dataclass(frozen=True)
class FindingRow:
    """What the commune found on one of the four topics, beside what the producer said."""

    topic: str
    described: str
    found: str
    agrees: bool


@dataclass(frozen=True)
class ReportRow:
    """The commune's report (form 03)."""

    number: str
    signed_on: date
    signer: str
    proposes: bool
    findings: list[FindingRow]


@dataclass(frozen=True)
class VisitRow:
    """One visit of a consultant."""

    turn: int
    visited_on: date
    consultant: str
    findings: str
    improved: str
    requests: list[str]
    missed_gates: list[str]
    ready: bool


@dataclass(frozen=True)
class SheetRow:
    """One member's sheet of one scoring."""

    member: str
    role: str
    scoring: int
    total: int
    opinion: str
    submitted_at: datetime


@dataclass(frozen=True)
class AttemptView:
    """One handing-in with what commune, consultants and council found; `forms` by the titles of their fields.

    `scored`: the products of meetings whose scores are open to the viewer.
    """

    detail: AttemptDetail
    report: ReportRow | None
    visits: list[VisitRow]
    sheets: list[SheetRow]
    scored: list[int]
    forms: dict[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class CaseFacts:
    """What stands beside the form of a step of a dossier."""

    papers: list[PaperRow]
    missing: list[str]
    report: ReportRow | None
    visits: list[VisitRow]
    forms: dict[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class DossierView:
    """The dossier: where it is now (`waiting`, the open items), its attempts, the last first, and its story."""

    dossier: DossierDetail
    waiting: list[ItemRow]
    attempts: list[AttemptView]
    story: list[StoryLine]
    sees_audit: bool


def visible_dossier(session: Session, capacities: Collection[Capacity], code: str, *options: ORMOption) -> Dossier:
    """The dossier of this code; `options` say what is loaded with it.

    Raises:
        NotFoundError: there is none, or it is not theirs to see; both look the same.
    """
    try:
        dossier = dossier_by_code(session, code, *options)
    except NotFoundError:
        raise _none(code) from None
    if not may_see_dossier(session, capacities, dossier):
        raise _none(code)
    return dossier


def dossier_view(session: Session, capacities: Collection[Capacity], code: str, today: date) -> DossierView:
    """All of a dossier that these capacities let see.

    Raises:
        NotFoundError: there is none of this code for them.
    """
    return view_of(session, capacities, visible_dossier(session, capacities, code, *with_papers()), today)


def view_of(session: Session, capacities: Collection[Capacity], dossier: Dossier, today: date) -> DossierView:
    """The same of a dossier that is theirs to see and was read `with_papers`."""
    detail = detail_of(session, dossier, today)
    known = {one.number: _knows_result(session, capacities, one) for one in dossier.attempts}
    shown = [_without_results(one, known=known[one.number]) for one in detail.attempts]
    views = [
        _attempt(session, capacities, row, one, known=known[one.number])
        for row, one in zip(dossier.attempts, shown, strict=True)
    ]
    return DossierView(
        dossier=DossierDetail(detail.dossier, [view.detail for view in views]),
        waiting=_waiting(session, dossier, today) if _has_open_step(detail) else [],
        attempts=views[::-1],
        story=_story(session, dossier, known),
        sees_audit=any(one.role in SEES_AUDIT for one in capacities),
    )


def visible_comparison(
    session: Session, capacities: Collection[Capacity], code: str, numbers: tuple[int, int] | None = None
) -> Comparison:
    """Two attempts of a dossier side by side, without results that are not theirs to see yet.

    Raises:
        NotFoundError: no such dossier or attempt for them.
        InputError: handed in once only, or an attempt is compared with itself.
    """
    dossier = visible_dossier(session, capacities, code)
    known = all(may_see_result(session, capacities, attempt) for attempt in dossier.attempts)
    return compare(session, code, numbers, without=() if known else RESULTS)


def visible_audit(session: Session, capacities: Collection[Capacity], code: str) -> list[AuditLine]:
    """The audit trail of a dossier through its attempts, the latest entry first.

    Raises:
        NotFoundError: there is none of this code whose trail they may see.
    """
    dossier = visible_dossier(session, [one for one in capacities if one.role in SEES_AUDIT], code)
    lines: list[AuditLine] = []
    for attempt in dossier.attempts:
        before: int | None = None
        while True:
            found = audit_page(session, AuditFilter(subject=attempt_subject(attempt.id)), before, LARGEST_SIZE)
            lines += found.lines
            before = found.before
            if before is None:
                break
    return sorted(lines, key=lambda line: line.id, reverse=True)


def _none(code: str) -> NotFoundError:
    return NotFoundError(f"Không có hồ sơ mã «{code}».", field="dossier", remedy="Mở danh sách hồ sơ để chọn.")


def _without_results(detail: AttemptDetail, *, known: bool) -> AttemptDetail:
    if known:
        return detail
    steps = [
        replace(step, outcome=None, stated_by=None, versions=min(step.versions, 1)) if step.kind in RESULTS else step
        for step in detail.steps
    ]
    documents = [paper for paper in detail.documents if paper.kind not in TELL_RESULTS]
    return replace(detail, results=[], steps=steps, documents=documents)


def _knows_result(session: Session, capacities: Collection[Capacity], attempt: DossierAttempt) -> bool:
    """As `may_see_result`, for who sees the dossier: asked again only where a capacity has to wait for the decision."""
    waits = any(one.role in WAITS_FOR_DECISION for one in capacities)
    return not waits or may_see_result(session, capacities, attempt)


def _has_open_step(detail: DossierDetail) -> bool:
    return any(step.status == ItemStatus.OPEN.label for one in detail.attempts for step in one.steps)


def _story(session: Session, dossier: Dossier, known: Mapping[int, bool]) -> list[StoryLine]:
    """Without the acts by which results became known to the office only."""
    lines = story_of(session, dossier)
    return [line for line in lines if known[line.attempt] or line.kind not in RESULTS or line.outcome is None]


def _waiting(session: Session, dossier: Dossier, today: date) -> list[ItemRow]:
    subjects = [attempt_subject(attempt.id) for attempt in dossier.attempts]
    query = select(WorkItem).where(WorkItem.subject.in_(subjects), WorkItem.status == ItemStatus.OPEN)
    return [item_row(session, item, today) for item in session.scalars(query.options(*with_names())).unique()]


def _attempt(
    session: Session, capacities: Collection[Capacity], attempt: DossierAttempt, detail: AttemptDetail, *, known: bool
) -> AttemptView:
    sheets = select(ScoreSheet.id).where(ScoreSheet.session_product_id == SessionProduct.id).exists()
    query = select(SessionProduct, sheets).where(SessionProduct.attempt_id == attempt.id)
    products = session.execute(query.options(joinedload(SessionProduct.session))).tuples().all()
    scored = [one.id for one, has in products if known and has and may_see_scores(session, capacities, one)]
    documents = [paper for paper in detail.documents if scored or paper.kind != SHEET]
    return AttemptView(
        detail=replace(detail, documents=documents),
        report=report_of(attempt),
        visits=visits_of(attempt),
        sheets=_sheets(session, capacities, [product.id for product, has_sheets in products if has_sheets]),
        scored=scored,
        forms=forms_of(attempt),
    )


def case_facts(attempt: DossierAttempt) -> CaseFacts:
    """What one needs to see of a dossier to decide a step of it; whether the reader may see it was asked before."""
    return CaseFacts(
        papers=[paper_row(paper) for paper in in_force(attempt)],
        missing=[kind.label for kind in missing_kinds(attempt)],
        report=report_of(attempt),
        visits=visits_of(attempt),
        forms=forms_of(attempt),
    )


def forms_of(attempt: DossierAttempt) -> dict[str, list[tuple[str, str]]]:
    """Forms 01 and 02 as they were handed in, by the titles of their fields."""
    return {label: _facts(form, getattr(attempt, name)) for name, (label, form) in FIELDS.items()}


def report_of(attempt: DossierAttempt) -> ReportRow | None:
    """The commune's report on the attempt, if it is there."""
    report = attempt.commune_assessment
    if report is None:
        return None
    findings = [FindingRow(f.topic.label, f.described, f.found, f.agrees) for f in report.findings]
    return ReportRow(report.report_number, report.signed_on, report.signer, report.proposes, findings)


def visits_of(attempt: DossierAttempt) -> list[VisitRow]:
    """The consultants' visits, the first one first."""
    criteria = load_set(attempt.criteria_source, attempt.criteria_set)
    return [
        VisitRow(
            turn=visit.turn,
            visited_on=visit.visited_on,
            consultant=visit.consultant.name,
            findings=visit.findings,
            improved=visit.improved,
            requests=list(visit.requests),
            missed_gates=[criteria.title_of(gate["criterion"]) for gate in visit.missed_gates],
            ready=visit.ready,
        )
        for visit in attempt.visits
    ]


def _sheets(session: Session, capacities: Collection[Capacity], products: Sequence[int]) -> list[SheetRow]:
    if not products:
        return []
    query = (
        select(ScoreSheet)
        .join(SessionProduct, ScoreSheet.session_product_id == SessionProduct.id)
        .where(SessionProduct.id.in_(products), sheets_visible(session, capacities))
        .order_by(SessionProduct.id, ScoreSheet.scoring, ScoreSheet.member_id)
        .options(joinedload(ScoreSheet.member).joinedload(CouncilMember.person), defer(ScoreSheet.choices))
    )
    return [
        SheetRow(
            member=sheet.member.person.name,
            role=sheet.member.role.label,
            scoring=sheet.scoring,
            total=sheet.total,
            opinion=sheet.opinion,
            submitted_at=sheet.submitted_at,
        )
        for sheet in session.scalars(query)
    ]


def _facts(form: Any, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    told = flat(facts_in_words(form, data))
    return [(name, text(value)) for name, value in told.items() if text(value)]
