"""The score sheet of one product as a member sees it: what may be chosen, and what the producer gave and shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models.criteria import CriteriaSet, Criterion, NoteKind, load_set
from models.criteria.choices import choices_of
from models.dossiers.self_assessment import SelfScore, self_score
from models.regimes import load_regime
from models.tables import DossierAttempt, Evidence, ScoreSheet, SessionProduct, WorkItem


@dataclass(frozen=True)
class SheetOption:
    """One level to choose; `gates`: the stars for which it is the least."""

    points: int
    label: str
    gates: list[int]


@dataclass(frozen=True)
class SheetPaper:
    """One paper that the producer shows for a criterion. `page` is where to begin looking."""

    title: str
    kind: str
    sha256: str | None
    page: int
    pages: str
    expires_on: date | None


@dataclass(frozen=True)
class SheetCriterion:
    """One row of the sheet. `producer`: the producer's own points; `first`: the member's own in the first scoring."""

    code: str
    name: str
    max: int
    notes: list[str]
    eliminations: list[str]
    options: list[SheetOption]
    producer: int | None
    first: int | None
    found: str
    papers: list[SheetPaper]


@dataclass(frozen=True)
class SheetGroup:
    """A numbered group of criteria."""

    code: str
    name: str
    max: int
    eliminations: list[str]
    criteria: list[SheetCriterion]


@dataclass(frozen=True)
class SheetPart:
    """Part A, B or C."""

    code: str
    name: str
    max: int
    groups: list[SheetGroup]


@dataclass(frozen=True)
class SheetView:
    """The whole sheet of one product."""

    session_product: int
    meeting: int
    scoring: int
    dossier: str
    product: str
    producer: str
    place: str
    address: str
    set_name: str
    case: str
    eliminated_when: list[str]
    faults: list[str]
    parts: list[SheetPart]


def sheet_view(session: Session, item: WorkItem, product: SessionProduct) -> SheetView:
    """The sheet that this item is about."""
    attempt = product.attempt
    criteria = load_set(attempt.criteria_source, attempt.criteria_set)
    own = attempt.dossier.product
    facts = _Facts(
        case=attempt.case if criteria.cases else None,
        scores=attempt.self_assessment.get("scores") or {},
        first=_first_choices(session, item, product),
        found=_findings(attempt),
        papers=_papers(session, attempt),
    )
    return SheetView(
        session_product=product.id,
        meeting=product.session_id,
        scoring=item.turn,
        dossier=attempt.dossier.code,
        product=own.name,
        producer=own.producer.name,
        place=own.place.name,
        address=own.producer.address or "",
        set_name=criteria.name,
        case=criteria.cases.get(attempt.case, "") if attempt.case is not None else "",
        eliminated_when=list(criteria.eliminated_when),
        faults=list(criteria.known_faults()),
        parts=_parts(criteria, facts),
    )


def running(product: SessionProduct, choices: Mapping[str, int]) -> SelfScore:
    """What the choices so far come to, by part and in all, with the gates in the way."""
    attempt = product.attempt
    criteria = load_set(attempt.criteria_source, attempt.criteria_set)
    return self_score(criteria, attempt.case, choices, load_regime(attempt.regime))


@dataclass(frozen=True)
class _Facts:
    case: int | None
    scores: Mapping[str, int]
    first: Mapping[str, int]
    found: Mapping[str, str]
    papers: Mapping[str, list[SheetPaper]]


def _parts(criteria: CriteriaSet, facts: _Facts) -> list[SheetPart]:
    return [
        SheetPart(
            part.code,
            part.name,
            part.max,
            [
                SheetGroup(g.code, g.name, g.max, list(g.elimination_notes), [_row(c, facts) for c in g.criteria])
                for g in part.groups
            ],
        )
        for part in criteria.parts
    ]


def _row(criterion: Criterion, facts: _Facts) -> SheetCriterion:
    code = criterion.code
    return SheetCriterion(
        code=code,
        name=criterion.name,
        max=criterion.max,
        notes=[note.label for note in criterion.notes if note.kind is not NoteKind.ELIMINATION],
        eliminations=list(criterion.elimination_notes),
        options=[SheetOption(c.points, c.label, list(c.stars)) for c in choices_of(criterion, facts.case)],
        producer=facts.scores.get(code),
        first=facts.first.get(code),
        found=facts.found.get(criterion.commune_topic or "", ""),
        papers=facts.papers.get(code, []),
    )


def _first_choices(session: Session, item: WorkItem, product: SessionProduct) -> Mapping[str, int]:
    if item.turn == 1:
        return {}
    query = select(ScoreSheet.choices).where(
        ScoreSheet.session_product_id == product.id,
        ScoreSheet.scoring == item.turn - 1,
        ScoreSheet.member.has(person_id=item.assignee_id),
    )
    return session.scalar(query) or {}


def _findings(attempt: DossierAttempt) -> dict[str, str]:
    report = attempt.commune_assessment
    if report is None:
        return {}
    # The sets write a slash where the topics have a comma.
    return {f.topic.label.lower().replace(", ", "/"): f.found for f in report.findings}


def _papers(session: Session, attempt: DossierAttempt) -> dict[str, list[SheetPaper]]:
    query = select(Evidence).where(Evidence.attempt_id == attempt.id, Evidence.replaced_by_id.is_(None))
    found: dict[str, list[SheetPaper]] = {}
    for paper in session.scalars(query.options(selectinload(Evidence.uses)).order_by(Evidence.kind, Evidence.id)):
        for use in paper.uses:
            first = use.page_from or paper.page_from
            last = use.page_to or paper.page_to
            pages = "" if first is None else f"tr. {first}" if last in {None, first} else f"tr. {first}–{last}"
            shown = SheetPaper(
                paper.title, paper.kind.label, paper.file_sha256, use.page_from or 1, pages, paper.expires_on
            )
            found.setdefault(use.criterion, []).append(shown)
    return found


@dataclass(frozen=True)
class HandedIn:
    """A member's own sheet as it was handed in, locked."""

    choices: dict[str, int]
    total: int
    opinion: str
    submitted_at: datetime


def own_sheet(session: Session, item: WorkItem, product: SessionProduct) -> HandedIn | None:
    """What the member of this item has handed in, if anything."""
    query = select(ScoreSheet).where(
        ScoreSheet.session_product_id == product.id,
        ScoreSheet.scoring == item.turn,
        ScoreSheet.member.has(person_id=item.assignee_id),
    )
    sheet = session.scalar(query)
    return HandedIn(dict(sheet.choices), sheet.total, sheet.opinion, sheet.submitted_at) if sheet is not None else None
