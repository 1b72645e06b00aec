"""Inspections of recognised products: planned yearly and for a reason, what they find, what is to be mended."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from models import audit
from models.actors import Actor
from models.calendar import OfficeCalendar
from models.certificates.cases import mark_ended, open_in_case
from models.certificates.findings import over
from models.certificates.life import add_months
from models.certificates.register import in_validity, standing
from models.certificates.telling import EVERYBODY, certificate_subject, tell
from models.clock import vn_date
from models.enums import ItemStatus, Role
from models.errors import InputError, NotAllowedError
from models.forms import InspectionForm
from models.offices.owning import check_own_office, office_of
from models.process.kinds import StepKind
from models.tables import Certificate, Inspection, PlannedInspection, WorkItem
from models.work_items.terms import office_calendar

EVERY_MONTHS = 12
"""How often a recognised product is inspected; the law names no number [ours]."""

OPENS_DAYS = 30
"""How long before its day a planned inspection becomes the technical office's work [ours]."""

REMEDY_DAYS = 30
"""Days to mend what an inspection found, unless the inspector sets others [ours]."""

MAY_ASK = {Role.COORDINATOR, Role.LEADER, Role.TECHNICAL_OFFICER}


def plan_yearly(session: Session, today: date) -> list[PlannedInspection]:
    """Plan the yearly inspections of certificates in validity, each once; those that are past are not made up.

    An inspection made in the year before the planned day meets it, whoever asked for that inspection [ours].
    """
    known = {(row[0], row[1]) for row in session.execute(_planned_from(today))}
    planned = []
    for certificate in session.scalars(select(Certificate).where(*in_validity(today))):
        day = next_yearly(certificate, today)
        if day is not None and (certificate.id, day) not in known:
            planned.append(_plan(session, certificate, day))
    session.flush()
    return planned


def _planned_from(today: date) -> Select[tuple[int, date]]:
    return select(PlannedInspection.certificate_id, PlannedInspection.planned_on).where(
        PlannedInspection.planned_on >= today
    )


def _plan(session: Session, certificate: Certificate, day: date) -> PlannedInspection:
    row = PlannedInspection(certificate=certificate, planned_on=day)
    session.add(row)
    session.flush()
    used = select(PlannedInspection.inspection_id).where(
        PlannedInspection.certificate_id == certificate.id, PlannedInspection.inspection_id.is_not(None)
    )
    made = session.scalar(
        select(Inspection)
        .where(
            Inspection.certificate_id == certificate.id,
            Inspection.inspected_on > _year_before(day),
            Inspection.id.not_in(used),
        )
        .order_by(Inspection.inspected_on)
        .limit(1)
    )
    if made is not None:
        row.inspection = made
        row.closed_on, row.closed_because = made.inspected_on, _made_words(made)
    return row


def plan_ad_hoc(
    session: Session, certificate: Certificate, by: date, reason: str, who: Actor, now: datetime
) -> PlannedInspection:
    """Ask for one more inspection by a day, for a reason; the same day again gives the one that is there.

    Raises:
        NotAllowedError: neither leader, technical office nor coordinator of the product's office.
        WrongMomentError: the certificate is revoked, replaced or lapsed.
        InputError: no reason, or a day that is off, past or outside the certificate's validity.
    """
    if who.role not in MAY_ASK:
        raise NotAllowedError(
            "Vai trò này không được yêu cầu kiểm tra đột xuất.",
            field="actor",
            remedy="Văn phòng điều phối, cơ quan chuyên môn hoặc lãnh đạo mới làm được.",
        )
    check_own_office(session, office_of(session, certificate.product), who, "yêu cầu kiểm tra sản phẩm này")
    if standing(session, certificate, vn_date(now)).state.is_over:
        raise over(certificate)
    if not reason.strip():
        raise InputError("Chưa ghi lý do kiểm tra đột xuất.", field="reason", remedy="Ghi lý do.")
    if not vn_date(now) <= by <= certificate.valid_until:
        raise InputError(
            f"Ngày {by:%d/%m/%Y} đã qua hoặc ngoài thời hạn của giấy chứng nhận.",
            field="by",
            remedy="Chọn ngày còn hiệu lực.",
        )
    _check_works(office_calendar(office_of(session, certificate.product)), by)
    row = _planned_for(session, certificate, by)
    if row is None:
        row = PlannedInspection(certificate=certificate, planned_on=by, ad_hoc=True, reason=reason.strip())
        session.add(row)
        session.flush()
        facts = {"by": by.isoformat()}
        subject = certificate_subject(certificate)
        audit.record(session, who, "certificate.inspection_asked", subject, now, reason=reason, data=facts)
    open_inspection(session, row, now)
    return row


def _check_works(calendar: OfficeCalendar, by: date) -> None:
    if not calendar.is_working_day(by):
        raise InputError(f"{by:%d/%m/%Y} là ngày nghỉ.", field="by", remedy="Chọn một ngày làm việc.")


def due_inspections(session: Session, today: date) -> list[PlannedInspection]:
    """The planned inspections whose time has come to be the technical office's work.

    While the inspection that ends a dossier's own run is still waited for, no other is opened beside it.
    """
    in_dossier = select(WorkItem.attempt_id).where(
        WorkItem.kind == StepKind.INSPECTION, WorkItem.status == ItemStatus.OPEN, WorkItem.attempt_id.is_not(None)
    )
    query = (
        select(PlannedInspection)
        .join(Certificate)
        .where(
            PlannedInspection.planned_on <= today + timedelta(days=OPENS_DAYS),
            PlannedInspection.opened_on.is_(None),
            PlannedInspection.closed_on.is_(None),
            *in_validity(today),
            or_(Certificate.attempt_id.is_(None), Certificate.attempt_id.not_in(in_dossier)),
        )
        .order_by(PlannedInspection.planned_on, PlannedInspection.id)
    )
    return list(session.scalars(query))


def record_inspection(
    session: Session,
    certificate: Certificate,
    form: InspectionForm,
    who: Actor,
    now: datetime,
    plan: PlannedInspection | None = None,
) -> Inspection:
    """Keep an inspection with the certificate and the plan that it meets; what failed is to be mended by a day.

    `plan` is the case that asked for it; one that was not asked for (a dossier's own) meets that of its year.
    """
    made = Inspection(
        certificate=certificate,
        inspected_on=form.inspected_on,
        inspector_id=who.person_id,
        passed=form.outcome == "passed",
        findings=form.findings,
        remedies=form.remedies,
    )
    session.add(made)
    row = plan or _met_by(session, certificate, form.inspected_on)
    row.inspection = made
    row.opened_on = row.opened_on or vn_date(now)
    if made.passed:
        mark_ended(row, _made_words(made), now)
    else:
        _ask_to_mend(session, row, form, now)
    session.flush()
    return made


def _ask_to_mend(session: Session, row: PlannedInspection, form: InspectionForm, now: datetime) -> None:
    row.remedy_by = form.remedy_by or form.inspected_on + timedelta(days=REMEDY_DAYS)
    session.flush()
    what = "; ".join(form.remedies) or form.findings
    words = f"kiểm tra ngày {form.inspected_on:%d/%m/%Y} chưa đạt. Hạn khắc phục {row.remedy_by:%d/%m/%Y}: {what}"
    facts = {"inspected_on": form.inspected_on.isoformat(), "remedy_by": row.remedy_by.isoformat()}
    to = (*EVERYBODY, Role.TECHNICAL_OFFICER)
    tell(session, row.certificate, "inspection_failed", words, facts, to=to, once=row.id)
    open_in_case(session, row, StepKind.REMEDY_CHECK, now)


def next_yearly(certificate: Certificate, today: date) -> date | None:
    """The next anniversary of the issue on or after `today`, before the end; null when there is none. Pure."""
    years = range(1, 100)
    days = (add_months(certificate.issued_on, EVERY_MONTHS * year) for year in years)
    return next((day for day in days if day >= today), None) if today < certificate.valid_until else None


def _met_by(session: Session, certificate: Certificate, on: date) -> PlannedInspection:
    """The plan that an inspection nobody planned meets: the earliest that waits, else that of its year.

    When that was met already the inspection gets a plan of its own.
    """
    row = session.scalar(
        select(PlannedInspection)
        .where(
            PlannedInspection.certificate_id == certificate.id,
            PlannedInspection.planned_on <= (next_yearly(certificate, on) or on),
            PlannedInspection.opened_on.is_(None),
            PlannedInspection.closed_on.is_(None),
        )
        .order_by(PlannedInspection.planned_on)
        .limit(1)
    )
    if row is not None:
        return row
    day = next_yearly(certificate, on) or on
    taken = _planned_for(session, certificate, day) is not None
    row = PlannedInspection(certificate=certificate, planned_on=on if taken else day, ad_hoc=taken)
    session.add(row)
    session.flush()
    return row


def open_inspection(session: Session, row: PlannedInspection, now: datetime) -> None:
    """Make a planned inspection the technical office's work, once."""
    row.opened_on = row.opened_on or vn_date(now)
    open_in_case(session, row, StepKind.CERTIFICATE_INSPECTION, now)


def _planned_for(session: Session, certificate: Certificate, day: date) -> PlannedInspection | None:
    return session.scalar(
        select(PlannedInspection).where(
            PlannedInspection.certificate_id == certificate.id, PlannedInspection.planned_on == day
        )
    )


def _year_before(day: date) -> date:
    return add_months(day, -EVERY_MONTHS)


def _made_words(made: Inspection) -> str:
    return f"Đã kiểm tra ngày {made.inspected_on:%d/%m/%Y}, {'đạt' if made.passed else 'chưa đạt'}."
