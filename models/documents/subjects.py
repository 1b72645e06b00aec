"""What papers belong to, by the names that people and file names use: listing them, finding one, those of a step."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.addresses import in_address
from models.certificates.register import certificate_by_code
from models.criteria import load_set
from models.criteria.loader import SET_NUMBERS, SOURCES
from models.criteria.schema import CriteriaSet
from models.documents.kinds import Kind, Of
from models.dossiers.attempts import dossier_by_code
from models.errors import NotFoundError, OcopError
from models.offices.history import place_of_attempt
from models.process.kinds import StepKind
from models.rounds.queries import round_by_code
from models.subjects import item_key, split_subject
from models.tables import (
    Certificate,
    CouncilSession,
    CyclePlan,
    Decision,
    DecisionLine,
    DossierAttempt,
    Outcome,
    Place,
    RenewalCandidate,
    Revocation,
    Round,
    ScoreSheet,
    WorkItem,
)
from models.work_items.closing import find_item

ASKED = {"returned", "not_ready"}
"""Outcomes after which something is asked of the producer."""


@dataclass(frozen=True)
class Links:
    """Where a paper is listed: on a dossier's attempt, a round, a certificate."""

    attempt_id: int | None = None
    round_id: int | None = None
    certificate_id: int | None = None


@dataclass(frozen=True)
class SubjectKind:
    """How one sort of subject is listed, named, found, and where its papers are shown."""

    all: Callable[[Session], Iterable[Any]]
    name: Callable[[Any], str]
    find: Callable[[Session, str], Any]
    links: Callable[[Any], Links]


def _rows(table: type[Any]) -> Callable[[Session], Iterable[Any]]:
    return lambda session: session.scalars(select(table).order_by(table.id))


def _by_id(table: type[Any]) -> Callable[[Session, str], Any]:
    return lambda session, name: session.get(table, int(name)) if name.isdecimal() else None


def _named(listed: Callable[[Session], Iterable[Any]], named: Callable[[Any], str]) -> Callable[[Session, str], Any]:
    return lambda session, name: next((one for one in listed(session) if named(one) == name), None)


def _attempt(session: Session, name: str) -> DossierAttempt | None:
    code, _, number = name.rpartition("-")
    return next((a for a in dossier_by_code(session, code).attempts if str(a.number) == number), None)


def _asking(session: Session) -> list[WorkItem]:
    query = select(WorkItem).join(Outcome).where(Outcome.code.in_(ASKED)).order_by(WorkItem.id).distinct()
    return list(session.scalars(query))


def communes_of(session: Session, round_: Round) -> list[tuple[Round, Place]]:
    """The communes that have dossiers in a round."""
    query = select(DossierAttempt).where(DossierAttempt.round_id == round_.id).order_by(DossierAttempt.id)
    places = {place.id: place for place in (place_of_attempt(session, a) for a in session.scalars(query))}
    return [(round_, place) for place in places.values()]


def _all_communes(session: Session) -> list[tuple[Round, Place]]:
    return [pair for round_ in _rows(Round)(session) for pair in communes_of(session, round_)]


def _all_sets(_session: Session) -> list[CriteriaSet]:
    return [load_set(source, number) for source in SOURCES for number in SET_NUMBERS]


def _commune_name(pair: tuple[Round, Place]) -> str:
    return f"{pair[0].code}_{pair[1].code}"


def _set_name(criteria: CriteriaSet) -> str:
    return f"{criteria.source}-{criteria.number:02d}"


def _plan_name(plan: CyclePlan) -> str:
    return f"{plan.year}_{plan.home.code}"


def _meeting_name(meeting: CouncilSession) -> str:
    return f"{meeting.round.code}-h{meeting.number}"


def _id(row: Any) -> str:
    return str(row.id)


def _of_attempt(attempt: DossierAttempt) -> Links:
    return Links(attempt_id=attempt.id, round_id=attempt.round_id)


def _of_certificate(row: Any) -> Links:
    return Links(attempt_id=row.certificate.attempt_id, certificate_id=row.certificate_id)


SUBJECTS: dict[Of, SubjectKind] = {
    Of.ROUND: SubjectKind(_rows(Round), lambda r: str(r.code), round_by_code, lambda r: Links(round_id=r.id)),
    Of.ROUND_COMMUNE: SubjectKind(
        _all_communes, _commune_name, _named(_all_communes, _commune_name), lambda pair: Links(round_id=pair[0].id)
    ),
    Of.ATTEMPT: SubjectKind(_rows(DossierAttempt), lambda a: f"{a.dossier.code}-{a.number}", _attempt, _of_attempt),
    Of.ITEM: SubjectKind(_asking, _id, _by_id(WorkItem), lambda i: Links(i.attempt_id, i.round_id)),
    Of.MEETING: SubjectKind(
        _rows(CouncilSession),
        _meeting_name,
        _named(_rows(CouncilSession), _meeting_name),
        lambda m: Links(round_id=m.round_id),
    ),
    Of.SHEET: SubjectKind(_rows(ScoreSheet), _id, _by_id(ScoreSheet), lambda s: _of_attempt(s.product.attempt)),
    Of.CRITERIA_SET: SubjectKind(_all_sets, _set_name, _named(_all_sets, _set_name), lambda _: Links()),
    Of.DECISION: SubjectKind(
        _rows(Decision), _id, _by_id(Decision), lambda d: _of_attempt(d.lines[0].attempt) if d.lines else Links()
    ),
    Of.CERTIFICATE: SubjectKind(
        _rows(Certificate),
        lambda c: str(c.code),
        certificate_by_code,
        lambda c: Links(attempt_id=c.attempt_id, certificate_id=c.id),
    ),
    Of.RENEWAL: SubjectKind(_rows(RenewalCandidate), _id, _by_id(RenewalCandidate), _of_certificate),
    Of.REVOCATION: SubjectKind(_rows(Revocation), _id, _by_id(Revocation), _of_certificate),
    Of.PLAN: SubjectKind(_rows(CyclePlan), _plan_name, _named(_rows(CyclePlan), _plan_name), lambda _: Links()),
}


def find_subject(session: Session, kind: Kind, name: str) -> Any:
    """What the name stands for.

    Raises:
        NotFoundError: nothing has this name.
    """
    try:
        found = SUBJECTS[kind.of].find(session, name)
    except OcopError:
        found = None
    if found is None:
        raise NotFoundError(
            f"Không có «{name}» để làm {kind.label[:1].lower()}{kind.label[1:]}.",
            field="id",
            remedy=f"Xem các mã dùng được: ocop document list --kind {kind.code}.",
        )
    return found


def file_name(kind: str, name: str) -> str:
    """`decision__2024-2.docx`."""
    return f"{kind}__{re.sub(r'[^0-9A-Za-z._-]+', '-', name)}.docx"


def page_of(kind: str, name: str) -> str:
    """The path of a paper's page in the portal."""
    return f"papers/{kind}/{in_address(name)}"


def subjects_of_step(session: Session, kind: Kind, item: WorkItem) -> list[Any]:
    """What papers of this kind are about at a step of a case."""
    if kind.of is Of.ROUND:
        return [item.round]
    if kind.of is Of.ROUND_COMMUNE:
        return list(communes_of(session, item.round))
    if kind.of is Of.MEETING:
        return [item.round.sessions[-1]] if item.round.sessions else []
    if kind.of is Of.ITEM:
        return _asked_by(session, item)
    if kind.of in {Of.RENEWAL, Of.REVOCATION}:
        table = RenewalCandidate if kind.of is Of.RENEWAL else Revocation
        return [session.get_one(table, split_subject(item.subject)[1])]
    return _of_case(session, kind.of, item.case)


def _of_case(session: Session, of: Of, attempt: DossierAttempt) -> list[Any]:
    if of is Of.CERTIFICATE:
        return list(session.scalars(select(Certificate).where(Certificate.attempt_id == attempt.id)))
    if of is Of.DECISION:
        query = select(Decision).join(DecisionLine).where(DecisionLine.attempt_id == attempt.id)
        return list(session.scalars(query.where(Decision.round_id.is_(None))))
    return [attempt]


def _asked_by(session: Session, item: WorkItem) -> list[WorkItem]:
    """What asked for a supplement: the visit of the same turn, or the check itself."""
    if item.kind is not StepKind.SUPPLEMENT:
        return [item]
    visit = find_item(session, item_key(item.subject, StepKind.CONSULTING, item.turn))
    return [visit] if visit is not None else []
