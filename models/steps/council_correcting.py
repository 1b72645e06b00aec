"""Corrections of what the secretary stated: day and place of the meeting, and its conclusions before the decision."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.clock import vn_date
from models.councils.sessions import latest_session, still_on_agenda
from models.enums import ItemStatus, RoundStatus, SessionStatus
from models.errors import InputError, WrongMomentError
from models.forms import CouncilConveningForm, CouncilSessionForm
from models.forms.base import Form
from models.forms.round import ProductConclusion
from models.notifications.invitations import invite
from models.process import Scope
from models.process.kinds import StepKind
from models.steps.correcting import restate
from models.steps.council_checks import absent_seats, check_codes, check_overrides, check_sheets_in
from models.steps.council_closing import evaluate_named, write_result
from models.subjects import attempt_subject, item_key, round_subject, subject_of
from models.tables import CouncilSession, SessionProduct, WorkItem
from models.work_items.closing import find_item
from models.work_items.locking import lock_meeting
from models.work_items.opening import restart_clock
from models.work_items.terms import Budget

WORDS_ONLY = {"minutes_number", "discussion", "note"}
"""What of a session may be corrected at any time: nothing follows from it."""


def correct_convening(session: Session, item: WorkItem, form: CouncilConveningForm, who: Actor, now: datetime) -> None:
    """Another day or place for a meeting that has not concluded; what is due on the day follows it.

    Raises:
        WrongMomentError: the meeting has concluded, or there is none where there was one and the other way round.
        InputError: the day is past, or the agenda is another one.
    """
    if item.outcome is not None and form.outcome != item.outcome.code:
        raise WrongMomentError(
            "Không đổi được giữa họp và không họp bằng đính chính.",
            field="outcome",
            remedy="Hồ sơ đã chuyển đợt sau được đánh giá ở đợt đó.",
        )
    if form.outcome == "not_held":
        return
    meeting = latest_session(session, item.round.id)
    lock_meeting(session, meeting)
    if meeting.status is SessionStatus.CONCLUDED:
        raise WrongMomentError(
            "Phiên họp đã kết luận.", field="item", remedy="Đính chính biên bản ở việc «Họp hội đồng»."
        )
    if item.outcome is not None and sorted(form.dossiers) != sorted(item.outcome.data["dossiers"]):
        raise InputError(
            "Đính chính không đổi danh sách hồ sơ đã triệu tập.",
            field="dossiers",
            remedy="Hồ sơ rút hoặc bị đính chính tự rời chương trình; hồ sơ khác chờ đợt sau.",
        )
    if form.day != meeting.held_on and form.day < vn_date(now):
        raise InputError("Ngày họp đã qua.", field="held_on", remedy="Chọn ngày từ hôm nay trở đi.")
    meeting.place = form.place
    if form.day != meeting.held_on:
        meeting.held_on = form.day
        _follow(session, meeting, who, now)
    invite(session, meeting)


def _follow(session: Session, meeting: CouncilSession, who: Actor, now: datetime) -> None:
    subjects = [subject_of(Scope.SHEET, product.id) for product in meeting.products]
    query = select(WorkItem).where(
        WorkItem.status == ItemStatus.OPEN,
        WorkItem.kind.in_([StepKind.SCORE_SHEET, StepKind.COUNCIL_SESSION]),
        WorkItem.subject.in_([*subjects, round_subject(meeting.round_id)]),
    )
    for item in session.scalars(query.order_by(WorkItem.id)).all():
        restart_clock(session, item, Budget(0, "date", "Ngày họp hội đồng được đổi", meeting.held_on), now, who)


def correct_session(session: Session, item: WorkItem, form: CouncilSessionForm, who: Actor, now: datetime) -> None:
    """Conclude anew what was concluded, until the decision is signed; words may be corrected at any time.

    A product whose result changes gets another version of its own step's outcome, and goes another way where the
    outcome is another one (eliminated or not).

    Raises:
        WrongMomentError: the decision is signed, or another scoring has begun.
        InputError: unknown names, or conclusions that the sheets do not allow.
    """
    changed = _changed(item, form)
    meeting = latest_session(session, item.round.id)
    lock_meeting(session, meeting)
    if changed - WORDS_ONLY:
        _check_may_conclude_anew(item, changed)
        _conclude_anew(session, meeting, form, item, who, now)
    if form.outcome == "concluded":
        meeting.minutes_number = form.minutes_number or None


def _changed(item: WorkItem, form: Form) -> set[str]:
    before = item.outcome.data if item.outcome is not None else {}
    return {name for name, value in form.model_dump(mode="json").items() if before.get(name) != value}


def _check_may_conclude_anew(item: WorkItem, changed: set[str]) -> None:
    if item.round.status in {RoundStatus.DECIDED, RoundStatus.CLOSED}:
        raise WrongMomentError(
            "Quyết định đã ký nên kết luận không đính chính được.",
            field="item",
            remedy="Chỉ sửa số biên bản, phần thảo luận; còn lại phải thu hồi hoặc thay quyết định.",
        )
    if "outcome" in changed or (item.outcome is not None and item.outcome.code != "concluded"):
        raise WrongMomentError(
            "Không đổi được giữa chấm lần hai và kết luận bằng đính chính.",
            field="outcome",
            remedy="Ghi kết quả ở lượt họp đang mở.",
        )


def _conclude_anew(
    session: Session, meeting: CouncilSession, form: CouncilSessionForm, item: WorkItem, who: Actor, now: datetime
) -> None:
    products = {product.attempt.dossier.code: product for product in still_on_agenda(meeting)}
    meeting.absent = absent_seats(meeting, form.absent, list(products.values()))
    check_codes(form, set(products))
    check_sheets_in(meeting, products.values())
    for code, product in products.items():
        product.eliminations = form.eliminations.get(code, [])
    session.flush()
    scored = {code: evaluate_named(code, product) for code, product in products.items()}
    check_overrides(form, scored)
    why = f"Đính chính kết luận phiên họp (việc {item.id})"
    for code, product in products.items():
        stated = write_result(session, product, scored[code], form.conclusions.get(code) or ProductConclusion(), now)
        _restate_product(session, product, stated, why, who, now)


def _restate_product(
    session: Session, product: SessionProduct, stated: Form, why: str, who: Actor, now: datetime
) -> None:
    item = find_item(session, item_key(attempt_subject(product.attempt_id), StepKind.COUNCIL_EVALUATION, 1))
    if item is not None and item.outcome is not None and item.outcome.data != stated.model_dump(mode="json"):
        restate(session, item, stated, why, who, now)
