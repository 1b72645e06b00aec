"""Step 7, a certificate's life: what follows when the items of renewal, inspection and revocation are closed."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from models.actors import Actor
from models.certificates.cases import is_open, item_in_case, mark_ended
from models.certificates.findings import confirm, finding_under_way, record_finding, report_stopped
from models.certificates.inspecting import record_inspection
from models.certificates.renewal_case import NOT_RENEWING, give_up
from models.certificates.revoking import decide
from models.clock import vn_date
from models.errors import InputError, WrongMomentError
from models.forms import (
    InspectionForm,
    ProductionForm,
    RemedyCheckForm,
    RenewalFilingForm,
    RenewalNoticeForm,
    RevocationDecisionForm,
)
from models.process.kinds import StepKind
from models.steps.whose import CertificateCaseRow, case_row
from models.tables import PlannedInspection, RenewalCandidate, Revocation, WorkItem

Row = TypeVar("Row", bound=CertificateCaseRow)


def send_notice(_session: Session, item: WorkItem, form: RenewalNoticeForm, _who: Actor, now: datetime) -> None:
    """The written notice went out; no run waits for it.

    Raises:
        InputError: sent in the future.
    """
    if form.sent_on > vn_date(now):
        raise InputError("Ngày gửi ở tương lai.", field="sent_on", remedy="Ghi đúng ngày gửi.")
    item.taken_up_at = now


def answer_renewal(session: Session, item: WorkItem, form: RenewalFilingForm, _who: Actor, now: datetime) -> None:
    """The producer will not renew. That a dossier was filed is written by the filing itself.

    Raises:
        WrongMomentError: stated as filed, without a dossier.
    """
    if form.outcome == "filed":
        raise WrongMomentError(
            "Nộp hồ sơ đánh giá lại thì việc này tự đóng.",
            field="outcome",
            remedy="Nộp hồ sơ: ocop certificate renew MÃ; hoặc chọn «Không đánh giá lại» kèm lý do.",
        )
    give_up(session, _row(session, item, RenewalCandidate), form.reason, now)


def review_production(session: Session, item: WorkItem, form: ProductionForm, who: Actor, now: datetime) -> None:
    """The commune confirms production before the renewal, or reports that it stopped: then that is a finding.

    Raises:
        InputError: confirmed in the future.
    """
    if form.confirmed_on > vn_date(now):
        raise InputError("Ngày xác nhận ở tương lai.", field="confirmed_on", remedy="Ghi đúng ngày xác nhận.")
    row = _row(session, item, RenewalCandidate)
    if is_open(item_in_case(session, row, StepKind.RENEWAL_FILING)):
        item.taken_up_at = now  # the run waits for the producer
    else:
        mark_ended(row, NOT_RENEWING, now)
    if form.outcome == "stopped":
        report_stopped(session, row.certificate, form, who, now)


def inspect_planned(session: Session, item: WorkItem, form: InspectionForm, who: Actor, now: datetime) -> None:
    """Keep the inspection; what failed is to be mended.

    Raises:
        InputError: inspected in the future.
    """
    if form.inspected_on > vn_date(now):
        raise InputError("Ngày kiểm tra ở tương lai.", field="inspected_on", remedy="Ghi đúng ngày kiểm tra.")
    row = _row(session, item, PlannedInspection)
    record_inspection(session, row.certificate, form, who, now, row)


def check_remedies(session: Session, item: WorkItem, form: RemedyCheckForm, who: Actor, now: datetime) -> None:
    """Mended, or not: then that is a finding that may cost the certificate."""
    row = _row(session, item, PlannedInspection)
    if form.outcome == "mended":
        mark_ended(row, f"Đã khắc phục, kiểm tra lại ngày {form.checked_on:%d/%m/%Y}.", now)
        return
    if finding_under_way(session, row.certificate) is None:
        record_finding(session, row.certificate.code, form.ground, form.findings, form.checked_on, who, now)
    mark_ended(row, "Chưa khắc phục, chuyển xem xét thu hồi.", now)


def confirm_production(session: Session, item: WorkItem, form: ProductionForm, who: Actor, now: datetime) -> None:
    """The commune answers a finding that production stopped."""
    confirm(session, _row(session, item, Revocation), form, who, now)


def decide_revocation(
    session: Session, item: WorkItem, form: RevocationDecisionForm, who: Actor, now: datetime
) -> None:
    """The leader of the issuing level decides."""
    decide(session, _row(session, item, Revocation), form, who, now)


def _row(session: Session, item: WorkItem, kind: type[Row]) -> Row:
    row = case_row(session, item.subject)
    if not isinstance(row, kind):
        raise TypeError(f"{item.key} belongs to no {kind.__name__}")
    # Two items of one case closed at the same moment: the second sees what the first left.
    session.flush()
    session.refresh(row, with_for_update=True)
    return row
