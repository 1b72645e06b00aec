"""Corrections of decisions: number, day and signer as they stand on the paper; never what was decided."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.certificates.life import certificate_dates
from models.councils.sessions import latest_session
from models.errors import ConflictError, InputError, WrongMomentError
from models.forms import DecisionForm, DecisionSigningForm, HigherLevelResultForm
from models.steps import decision
from models.steps.decision_days import check_after_answer, check_after_meeting
from models.tables import Certificate, Decision, WorkItem


def correct_signing(session: Session, item: WorkItem, form: DecisionSigningForm, who: Actor, _now: datetime) -> None:
    """Number, day or signer of the round's decision, and with them what its certificates say.

    Raises:
        InputError: a number that is needed is missing, or the day is in another year or before that of the meeting.
        ConflictError: another decision has this number and day.
    """
    before = _before(item)
    row = _decision(session, before["decision_number"], before["signed_on"], round_id=item.round_id)
    if row is not None:
        if not form.decision_number:
            raise _missing_number()
        check_after_meeting(form.signed_on, latest_session(session, item.round.id))
        _amend(session, row, form.decision_number, form.signed_on, form.signer)
        row.signer_id = who.person_id


def correct_one(session: Session, item: WorkItem, form: DecisionForm, who: Actor, now: datetime) -> None:
    """The same for a decision on one product; a refusal may become a recognition, which is then issued.

    Raises:
        InputError, ConflictError: as for the round's decision.
    """
    before = _before(item)
    if before["outcome"] != "recognised":
        decision.sign_for_one(session, item, form, who, now)
        return
    form.certificate = before["certificate"]
    if not (form.decision_number and form.signed_on):
        raise _missing_number()
    check_after_answer(session, item.case, form.signed_on)
    row = _decision(session, before["decision_number"], before["signed_on"])
    if row is not None:
        _amend(session, row, form.decision_number, form.signed_on, form.signer)


def correct_above(session: Session, item: WorkItem, form: HigherLevelResultForm, who: Actor, now: datetime) -> None:
    """The same for what the level above decided; a refusal may become a recognition, which is then recorded."""
    before = _before(item)
    if before["outcome"] != "recognised":
        decision.record_higher_level(session, item, form, who, now)
        return
    row = _decision(session, before["decision_number"], before["decided_on"])
    if row is None:
        return
    check_after_meeting(form.decided_on, decision.result_of(session, item.case).product.session, "decided_on")
    _amend(session, row, form.decision_number, form.decided_on, row.signer)
    row.issuer = form.issuer
    for line in row.lines:
        if line.attempt_id == item.attempt_id:
            line.points = form.points


def _before(item: WorkItem) -> dict[str, str]:
    if item.outcome is None:
        raise WrongMomentError("Chưa có kết quả.", field="item", remedy="Ghi kết quả trước.")
    return item.outcome.data


def _missing_number() -> InputError:
    return InputError(
        "Quyết định phải có số và ngày ký.", field="decision_number", remedy="Ghi số, ngày theo sổ văn thư."
    )


def _decision(session: Session, number: str, on: str, *, round_id: int | None = None) -> Decision | None:
    query = select(Decision).where(Decision.number == number, Decision.signed_on == date.fromisoformat(on))
    if round_id is not None:
        query = query.where(Decision.round_id == round_id)
    return session.scalars(query.order_by(Decision.id)).first()


def _amend(session: Session, row: Decision, number: str, on: date, signer: str) -> None:
    if on.year != row.signed_on.year:
        raise InputError(
            "Năm của quyết định nằm trong mã giấy chứng nhận nên không đổi bằng đính chính.",
            field="signed_on",
            remedy="Thu hồi và ban hành quyết định thay thế.",
        )
    other = select(Decision.id).where(
        Decision.id != row.id, Decision.issuer == row.issuer, Decision.number == number, Decision.signed_on == on
    )
    if session.scalar(other.limit(1)) is not None:
        raise ConflictError(
            f"Đã có quyết định số {number} ngày {on:%d/%m/%Y}.", field="decision_number", remedy="Kiểm tra số."
        )
    row.number, row.signed_on, row.signer = number, on, signer
    for certificate in session.scalars(select(Certificate).where(Certificate.decision_id == row.id)).all():
        certificate.decision_number, certificate.issued_on = number, on
        certificate.valid_until = certificate_dates(on, on).valid_until
        for earlier in session.scalars(select(Certificate).where(Certificate.replaced_by_id == certificate.id)):
            earlier.replaced_on = on
    session.flush()
