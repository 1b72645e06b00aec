"""One certificate as `ocop certificate show` gives it: its life so far, by the law in force on the day asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.certificates.register import RegisterRow, certificate_by_code, row_of
from models.clock import vn_date
from models.errors import WrongMomentError
from models.regimes import regime_in_force
from models.tables import (
    Certificate,
    CertificateMilestone,
    Inspection,
    PlannedInspection,
    RenewalCandidate,
    Revocation,
    WorkItem,
)
from models.work_items.queries import ItemRow, item_row


@dataclass(frozen=True)
class MilestoneLine:
    """A milestone that was passed, and when people were told."""

    milestone: str
    label: str
    on: date
    claimed_at: datetime


@dataclass(frozen=True)
class InspectionLine:
    """A planned inspection, what it found, and what became of it. `passed` is null until it is made."""

    planned_on: date
    ad_hoc: bool
    reason: str
    inspected_on: date | None
    passed: bool | None
    findings: str
    remedies: list[str]
    remedy_by: date | None
    ended: str


@dataclass(frozen=True)
class RenewalLine:
    """A time that the renewal was waited for: since when, until when, for which round, how it ended."""

    opened_on: date
    file_by: date
    notice_by: date | None
    round: str | None
    closed_on: date | None
    ended: str


@dataclass(frozen=True)
class RevocationLine:
    """A finding, with its clock and how it ended."""

    ground: str
    finding: str
    found_on: date
    confirmed_on: date | None
    due_on: date | None
    decision_number: str | None
    closed_on: date | None
    ended: str


@dataclass(frozen=True)
class CertificateLife:
    """Everything about one certificate. `law` is the regime whose rules give its dates on the day asked."""

    certificate: RegisterRow
    on: date
    law: str
    revoked_on: date | None
    replaced_on: date | None
    replaced_by: str | None
    milestones: list[MilestoneLine]
    items: list[ItemRow]
    inspections: list[InspectionLine]
    renewals: list[RenewalLine]
    revocations: list[RevocationLine]


def certificate_life(session: Session, code: str, on: date) -> CertificateLife:
    """The life of the certificate with this code.

    Raises:
        NotFoundError: there is none.
        WrongMomentError: not issued yet on that day.
    """
    certificate = certificate_by_code(session, code)
    if on < certificate.issued_on:
        raise WrongMomentError(
            f"Giấy chứng nhận {code} cấp ngày {certificate.issued_on:%d/%m/%Y}.",
            field="on",
            remedy="Chọn ngày từ ngày cấp trở đi.",
        )
    after = session.get(Certificate, certificate.replaced_by_id) if certificate.replaced_by_id is not None else None
    return CertificateLife(
        certificate=row_of(session, certificate, on),
        on=on,
        law=regime_in_force(on).code,
        revoked_on=certificate.revoked_on,
        replaced_on=certificate.replaced_on,
        replaced_by=after.code if after is not None else None,
        milestones=_milestones(session, certificate),
        items=_items(session, certificate, on),
        inspections=_inspections(session, certificate),
        renewals=_renewals(session, certificate),
        revocations=_revocations(session, certificate),
    )


def _milestones(session: Session, certificate: Certificate) -> list[MilestoneLine]:
    query = select(CertificateMilestone).where(CertificateMilestone.certificate_id == certificate.id)
    rows = session.scalars(query.order_by(CertificateMilestone.on, CertificateMilestone.id))
    return [MilestoneLine(row.milestone.value, row.milestone.label, row.on, row.claimed_at) for row in rows]


def _items(session: Session, certificate: Certificate, on: date) -> list[ItemRow]:
    query = select(WorkItem).where(WorkItem.certificate_id == certificate.id).order_by(WorkItem.id)
    return [item_row(session, item, on) for item in session.scalars(query) if vn_date(item.opened_at) <= on]


def _inspections(session: Session, certificate: Certificate) -> list[InspectionLine]:
    query = select(PlannedInspection).where(PlannedInspection.certificate_id == certificate.id)
    rows = session.scalars(query.order_by(PlannedInspection.planned_on)).all()
    of_a_plan = {row.inspection_id for row in rows}
    others = [made for made in certificate.inspections if made.id not in of_a_plan]
    return [_inspection(row, row.inspection) for row in rows] + [_inspection(None, made) for made in others]


def _inspection(row: PlannedInspection | None, made: Inspection | None) -> InspectionLine:
    day = row.planned_on if row is not None else made.inspected_on if made is not None else date.min
    return InspectionLine(
        planned_on=day,
        ad_hoc=row is not None and row.ad_hoc,
        reason=row.reason if row is not None else "",
        inspected_on=made.inspected_on if made is not None else None,
        passed=made.passed if made is not None else None,
        findings=made.findings if made is not None else "",
        remedies=list(made.remedies) if made is not None else [],
        remedy_by=row.remedy_by if row is not None else None,
        ended=row.closed_because if row is not None else "",
    )


def _renewals(session: Session, certificate: Certificate) -> list[RenewalLine]:
    query = select(RenewalCandidate).where(RenewalCandidate.certificate_id == certificate.id)
    return [
        RenewalLine(
            row.opened_on,
            row.file_by,
            row.notice_by,
            row.round.code if row.round is not None else None,
            row.closed_on,
            row.closed_because,
        )
        for row in session.scalars(query.order_by(RenewalCandidate.id))
    ]


def _revocations(session: Session, certificate: Certificate) -> list[RevocationLine]:
    query = select(Revocation).where(Revocation.certificate_id == certificate.id)
    return [
        RevocationLine(
            row.ground,
            row.finding,
            row.found_on,
            row.confirmed_on,
            row.due_on,
            row.decision_number,
            row.closed_on,
            row.closed_because,
        )
        for row in session.scalars(query.order_by(Revocation.id))
    ]
