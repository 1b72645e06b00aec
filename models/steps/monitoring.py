"""Step 7: inspections."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.certificates.inspecting import record_inspection
from models.errors import WrongMomentError
from models.forms import InspectionForm
from models.tables import Certificate, Inspection, WorkItem


def inspect(session: Session, item: WorkItem, form: InspectionForm, who: Actor, now: datetime) -> None:
    """Keep the inspection with the certificate that the attempt led to; it meets the plan of its year.

    Raises:
        WrongMomentError: there is no certificate.
    """
    certificate = session.scalar(
        select(Certificate).where(Certificate.attempt_id == item.attempt_id).order_by(Certificate.id.desc())
    )
    if certificate is None:
        raise WrongMomentError(
            "Sản phẩm chưa có giấy chứng nhận để kiểm tra.", field="item", remedy="Ghi quyết định trước."
        )
    record_inspection(session, certificate, form, who, now)


def correct_inspection(session: Session, item: WorkItem, form: InspectionForm, _who: Actor, _now: datetime) -> None:
    """The inspection as it is stated now; the inspector stays."""
    if item.outcome is None:
        return
    before = item.outcome.data
    row = session.scalar(
        select(Inspection)
        .join(Certificate)
        .where(
            Certificate.attempt_id == item.attempt_id,
            Inspection.inspected_on == date.fromisoformat(before["inspected_on"]),
        )
        .order_by(Inspection.id.desc())
    )
    if row is not None:
        row.inspected_on, row.passed = form.inspected_on, form.outcome == "passed"
        row.findings, row.remedies = form.findings, form.remedies
