"""The office's papers that still ask for something: a number of the clerk's register, or a signed original."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from models.access import reach
from models.access.certificates import certificates_of_offices
from models.documents.kinds import By, all_kinds, kind_named
from models.documents.seeing import PaperLine
from models.enums import Role
from models.paging import Page, PageAsked, page_of_rows
from models.tables import Capacity, Certificate, CyclePlan, Document, Round, SignedPaper

KEEPERS = {Role.COORDINATOR, Role.COUNCIL_SECRETARY, Role.AUDITOR}
"""Who keeps the office's papers, or looks over those who do."""

OURS = {By.OFFICE, By.AUTHORITY, By.COUNCIL, By.ADVISORY}
"""Whose papers the office has numbered and signed; forms and the commune's papers are not for it to number."""


class Awaited(StrEnum):
    """What a paper waits for."""

    NUMBER = "number"
    SIGNATURE = "signature"


def waiting_papers(
    session: Session, capacities: Collection[Capacity] | None, awaited: Awaited, asked: PageAsked
) -> Page[PaperLine]:
    """Those of the offices that these capacities keep, the oldest first; `None`: of the whole installation."""
    later = aliased(Document)
    newer = select(later.id).where(
        later.kind == Document.kind, later.subject == Document.subject, later.version > Document.version
    )
    kinds = [kind.code for kind in all_kinds() if kind.by in OURS]
    query = select(Document).where(Document.kind.in_(kinds), _waits(awaited), ~newer.exists())
    if capacities is not None:
        query = query.where(_kept_by(session, capacities))
    page = page_of_rows(session, query.order_by(Document.made_at, Document.id), asked)
    return page.map(lambda row: _line(row[0]))


def _waits(awaited: Awaited) -> ColumnElement[bool]:
    if awaited is Awaited.NUMBER:
        return Document.frozen_at.is_(None)
    signed = select(SignedPaper.id).where(SignedPaper.document_id == Document.id)
    return Document.frozen_at.is_not(None) & ~signed.exists()


def _kept_by(session: Session, capacities: Collection[Capacity]) -> ColumnElement[bool]:
    keepers = [one for one in capacities if one.role in KEEPERS]
    if any(one.role is Role.AUDITOR for one in keepers):
        return Document.id.is_not(None)
    offices = {office for one in keepers for office in reach.own_offices(session, one)}
    rounds = select(Round.id).join(CyclePlan).where(CyclePlan.office_id.in_(offices))
    certificates = select(Certificate.id).where(certificates_of_offices(session, offices))
    return or_(Document.round_id.in_(rounds), Document.certificate_id.in_(certificates))


def _line(row: Document) -> PaperLine:
    return PaperLine(
        row.kind,
        kind_named(row.kind).label,
        row.subject,
        row.version,
        row.number,
        row.dated,
        row.frozen_at is not None,
        row.made_at,
    )
