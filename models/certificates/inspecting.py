"""Planned inspections of recognised products: one a year by default, others when there is a reason."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.certificates.life import add_months
from models.errors import InputError
from models.tables import Certificate, Inspection, PlannedInspection

EVERY_MONTHS = 12
"""How often a recognised product is inspected; the law names no number [ours]."""


def plan_yearly(session: Session, today: date) -> list[PlannedInspection]:
    """Plan the yearly inspections of certificates in force, each once; those that are past are not made up.

    What was inspected meanwhile is linked to the plan that it meets: the earliest open one [ours].
    """
    query = select(Certificate).where(
        Certificate.revoked_on.is_(None),
        Certificate.replaced_on.is_(None),
        Certificate.issued_on <= today,
        Certificate.valid_until >= today,
    )
    planned = []
    for certificate in session.scalars(query):
        day = next_yearly(certificate, today)
        if day is not None and _planned(session, certificate, day) is None:
            row = PlannedInspection(certificate=certificate, planned_on=day)
            session.add(row)
            planned.append(row)
        _link_made(session, certificate)
    session.flush()
    return planned


def plan_ad_hoc(session: Session, certificate: Certificate, on: date, reason: str) -> PlannedInspection:
    """Plan one more inspection for a reason; the same day again gives the one that is there.

    Raises:
        InputError: no reason, or a day outside the certificate's validity.
    """
    if not reason.strip():
        raise InputError("Chưa ghi lý do kiểm tra đột xuất.", field="reason", remedy="Ghi lý do.")
    if not certificate.issued_on <= on <= certificate.valid_until:
        raise InputError(
            f"Ngày {on:%d/%m/%Y} ngoài thời hạn của giấy chứng nhận.", field="on", remedy="Chọn ngày còn hiệu lực."
        )
    known = _planned(session, certificate, on)
    if known is not None:
        return known
    row = PlannedInspection(certificate=certificate, planned_on=on, ad_hoc=True, reason=reason)
    session.add(row)
    session.flush()
    return row


def next_yearly(certificate: Certificate, today: date) -> date | None:
    """The next anniversary of the issue on or after `today`, before the end; null when there is none. Pure."""
    years = range(1, 100)
    days = (add_months(certificate.issued_on, EVERY_MONTHS * year) for year in years)
    return next((day for day in days if day >= today), None) if today < certificate.valid_until else None


def _planned(session: Session, certificate: Certificate, day: date) -> PlannedInspection | None:
    return session.scalar(
        select(PlannedInspection).where(
            PlannedInspection.certificate_id == certificate.id, PlannedInspection.planned_on == day
        )
    )


def _link_made(session: Session, certificate: Certificate) -> None:
    plans = session.scalars(
        select(PlannedInspection)
        .where(PlannedInspection.certificate_id == certificate.id)
        .order_by(PlannedInspection.planned_on)
    ).all()
    linked = {plan.inspection_id for plan in plans}
    made = session.scalars(
        select(Inspection).where(Inspection.certificate_id == certificate.id).order_by(Inspection.inspected_on)
    ).all()
    free = [inspection for inspection in made if inspection.id not in linked]
    for plan, inspection in zip([p for p in plans if p.inspection_id is None], free, strict=False):
        plan.inspection_id = inspection.id
