"""Who may correct a recorded outcome, and what stands against correcting it (decision 0008)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.dossiers.attempts import check_none_under_way
from models.enums import AttemptStatus, ItemStatus, Role, RoundStatus
from models.errors import NotAllowedError, PersonError, WrongMomentError
from models.process import place_in_order, step_definition
from models.process.kinds import StepKind
from models.tables import Certificate, WorkItem
from models.work_items.authority import check_may_close

DECIDED = {StepKind.DECISION, StepKind.HIGHER_LEVEL_RESULT}
ROUND_DECIDED = {RoundStatus.DECIDED, RoundStatus.CLOSED}
INSTEAD = {
    StepKind.SCORE_SHEET: "Phiếu đã nộp thì khóa; điểm chỉ thay bằng chấm lần hai do thư ký ghi.",
    StepKind.COUNCIL_EVALUATION: "Đính chính kết luận ở việc «Họp hội đồng» của đợt.",
    StepKind.DECISION: "Đính chính ở việc «Ký quyết định» của đợt.",
}


def check_may_correct(session: Session, item: WorkItem, who: Actor, on: date) -> None:
    """Whoever may close the item while nothing depends on it; afterwards who `steps.yaml` names (`corrected_by`).

    Raises:
        WrongMomentError: this step is never corrected by itself.
        NotAllowedError: anybody else.
    """
    definition = step_definition(item.kind)
    if definition.corrected_by is None or (item.kind is StepKind.DECISION and item.turn == 1):
        raise WrongMomentError(
            f"Kết quả «{definition.label}» không đính chính riêng được.", field="item", remedy=INSTEAD[item.kind]
        )
    if _corrects(session, item, who, definition.corrected_by, on):
        return
    after = steps_done_after(session, item)
    if after:
        raise NotAllowedError(
            f"Đã có bước sau dựa vào kết quả này ({step_definition(after[0]).label}).",
            field="actor",
            remedy=f"Người đính chính được lúc này: {definition.corrected_by.label}.",
        )
    check_may_close(session, item, who, on)


def _corrects(session: Session, item: WorkItem, who: Actor, role: Role, on: date) -> bool:
    if who.role is not role:
        return False
    if role is not item.role:
        return role is not Role.COORDINATOR or who.office_id == item.round.plan.office_id
    check_may_close(session, item, who, on)
    return True


def steps_done_after(session: Session, item: WorkItem) -> list[StepKind]:
    """The steps of the same attempt that were done after this one, in the order of the procedure."""
    if item.attempt_id is None:
        return []
    query = select(WorkItem.kind, WorkItem.turn).where(
        WorkItem.attempt_id == item.attempt_id, WorkItem.status == ItemStatus.DONE
    )
    here = place_in_order(item.kind, item.turn)
    places = sorted((place_in_order(kind, turn), kind) for kind, turn in session.execute(query))
    return [kind for place, kind in places if place > here]


def ending_items(session: Session, item: WorkItem) -> tuple[list[WorkItem], list[WorkItem]]:
    """The steps before and after this one whose standing outcome ends the attempt, in the order of the procedure."""
    query = select(WorkItem).where(WorkItem.attempt_id == item.attempt_id, WorkItem.status == ItemStatus.DONE)
    ending = [
        other
        for other in session.scalars(query)
        if other.id != item.id and other.outcome is not None and other.outcome.code in step_definition(other.kind).ends
    ]
    ending.sort(key=lambda other: place_in_order(other.kind, other.turn))
    here = place_in_order(item.kind, item.turn)
    before = [other for other in ending if place_in_order(other.kind, other.turn) < here]
    return before, [other for other in ending if other not in before]


def check_way_is_open(session: Session, item: WorkItem) -> None:
    """Refuse to send an attempt another way that was withdrawn, handed in again or decided, or ended before this step.

    Raises:
        WrongMomentError: one of these.
        ConflictError: it would come to life again beside another dossier of the product.
    """
    attempt = item.case
    if attempt.status is AttemptStatus.WITHDRAWN:
        raise WrongMomentError("Chủ thể đã rút hồ sơ.", field="dossier", remedy="Nộp lại: ocop dossier resubmit.")
    if attempt.next is not None:
        raise WrongMomentError(
            f"Hồ sơ đã được nộp lại (lần {attempt.dossier.latest.number}).",
            field="item",
            remedy="Ghi kết quả đúng ở lần nộp mới nhất.",
        )
    if _is_decided(session, item):
        raise _decided(session, item)
    before, _ = ending_items(session, item)
    if before:
        label = step_definition(before[0].kind).label
        raise WrongMomentError(
            f"Hồ sơ đã kết thúc ở bước «{label}» nên kết quả bước sau không đổi gì.",
            field="item",
            remedy=f"Đính chính bước «{label}» (việc {before[0].id}) trước.",
        )
    if attempt.status is not AttemptStatus.IN_PROGRESS:
        check_none_under_way(session, attempt.dossier.product)


def _is_decided(session: Session, item: WorkItem) -> bool:
    if DECIDED & set(steps_done_after(session, item)):
        return True
    brings_it = item.kind not in DECIDED or (item.outcome is not None and item.outcome.code == "recognised")
    if brings_it and session.scalar(_certificates(item).limit(1)) is not None:
        return True
    before_council = place_in_order(item.kind, item.turn) <= place_in_order(StepKind.COUNCIL_EVALUATION, 1)
    eliminated = item.case.status is AttemptStatus.ELIMINATED
    return before_council and eliminated and item.case.round.status in ROUND_DECIDED


def _decided(session: Session, item: WorkItem) -> PersonError:
    codes = list(session.scalars(_certificates(item)))
    if codes:
        remedy = f"Thu hồi hoặc thay thế giấy chứng nhận {', '.join(codes)} trước: ocop certificate revoke."
    elif item.case.status is AttemptStatus.IN_PROGRESS:
        remedy = "Hồ sơ đang ở cấp trên: rút hồ sơ (ocop dossier withdraw) rồi nộp lại."
    else:
        remedy = "Nộp lại hồ sơ thành lần mới: ocop dossier resubmit."
    return WrongMomentError(
        "Đã có quyết định dựa vào kết quả này nên đính chính không làm mất quyết định được.",
        field="item",
        remedy=remedy,
    )


def _certificates(item: WorkItem) -> Select[tuple[str]]:
    return (
        select(Certificate.code)
        .where(Certificate.attempt_id == item.attempt_id, Certificate.revoked_on.is_(None))
        .order_by(Certificate.id)
    )
