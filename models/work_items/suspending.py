"""Suspending the clock of a work item while the dossier is with the producer, and letting it run again."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from models import audit, outbox
from models.actors import SYSTEM, Actor
from models.clock import vn_date
from models.enums import ClockEvent, ItemStatus, OutboxKind, Role
from models.errors import InputError, NotAllowedError, WrongMomentError
from models.offices.owning import check_own_office
from models.tables import ClockEntry, WorkItem
from models.work_items.authority import check_may_close
from models.work_items.ledger import left_on, replay
from models.work_items.locking import locked, locked_open_items
from models.work_items.terms import office_calendar

WITH_PRODUCER = "Hồ sơ ở chủ thể để bổ sung"
HANDED_BACK = "Chủ thể đã nộp bổ sung"


def suspend(session: Session, item_id: int, reason: str, who: Actor, now: datetime) -> WorkItem:
    """Stop the clock of an open item: the dossier is with the producer (the law's "from the complete file").

    The day of the suspension is consumed, the day of the resumption is not counted, as with any event [ours].

    Raises:
        NotFoundError: no such item.
        NotAllowedError: neither a coordinator of its office nor somebody who may close the item.
        InputError: no reason.
        WrongMomentError: the item is closed, late, suspended already, a step of the producer, or due on a fixed day.
    """
    item = _checked(session, item_id, reason, who, now)
    why_not = _why_not(item, now)
    if why_not:
        raise WrongMomentError(f"Không tạm dừng được hạn: {why_not}.", field="item", remedy="Xem: ocop task show.")
    _write(session, item, ClockEvent.SUSPENDED, reason, who, now)
    return item


def resume(session: Session, item_id: int, reason: str, who: Actor, now: datetime) -> WorkItem:
    """Let the clock run again: what was left of the term is counted from today.

    Raises:
        NotFoundError, NotAllowedError, InputError: as for `suspend`.
        WrongMomentError: the item is closed or its clock runs.
    """
    item = _checked(session, item_id, reason, who, now)
    if item.status is not ItemStatus.OPEN or item.suspended_on is None:
        raise WrongMomentError("Hạn của việc này không tạm dừng.", field="item", remedy="Xem: ocop task show.")
    _write(session, item, ClockEvent.RESUMED, reason, who, now)
    return item


def suspend_while_with_producer(session: Session, subject: str, now: datetime) -> int:
    """Stop all clocks of the case that can be stopped, as its dossier goes to the producer; gives how many."""
    items = [i for i in locked_open_items(session, subject) if not _why_not(i, now)]
    for item in items:
        _write(session, item, ClockEvent.SUSPENDED, WITH_PRODUCER, SYSTEM, now)
    return len(items)


def resume_after_producer(session: Session, subject: str, now: datetime) -> int:
    """Let the clocks run again that stood because of the producer's supplement; gives how many."""
    items = [i for i in locked_open_items(session, subject) if i.suspended_on and i.clock[-1].rule == WITH_PRODUCER]
    for item in items:
        _write(session, item, ClockEvent.RESUMED, HANDED_BACK, SYSTEM, now)
    return len(items)


def _checked(session: Session, item_id: int, reason: str, who: Actor, now: datetime) -> WorkItem:
    item = locked(session, item_id)
    check_keeps_clock(session, item, who, vn_date(now))
    if not reason.strip():
        raise InputError("Thiếu lý do.", field="reason", remedy="Ghi lý do, ví dụ: chờ chủ thể bổ sung.")
    return item


def check_keeps_clock(session: Session, item: WorkItem, who: Actor, on: date) -> None:
    """Refuse anyone but a coordinator of the item's office and, save the producer, who may close the item.

    Raises:
        NotAllowedError: anyone else.
    """
    if who.role is Role.PRODUCER:
        raise NotAllowedError("Chủ thể không tạm dừng được hạn.", field="actor", remedy="Đề nghị văn phòng điều phối.")
    if who.role is not Role.COORDINATOR:
        check_may_close(session, item, who, on)
    check_own_office(session, item.owner_office, who, "tạm dừng, tính tiếp hạn của việc này")


def _why_not(item: WorkItem, now: datetime) -> str:
    if item.status is not ItemStatus.OPEN:
        return "việc đã đóng"
    if item.suspended_on is not None:
        return "hạn đang tạm dừng"
    if item.role is Role.PRODUCER:
        return "việc này chính là phần của chủ thể"
    if not replay(office_calendar(item.owner_office), item.clock).may_pause:
        return "hạn là ngày cố định của kế hoạch"
    if item.due_on < vn_date(now):
        return "việc đã quá hạn (có thể gia hạn)"
    return ""


def _write(session: Session, item: WorkItem, event: ClockEvent, reason: str, who: Actor, now: datetime) -> None:
    calendar, today = office_calendar(item.owner_office), vn_date(now)
    before = replay(calendar, item.clock)
    item.clock.append(
        ClockEntry(
            event=event,
            on=today,
            days=left_on(calendar, before, today),
            unit=before.budget.unit,
            rule=reason,
            actor_id=who.person_id,
            recorded_at=now,
        )
    )
    after = replay(calendar, item.clock)
    item.due_on, item.suspended_on = after.due, after.suspended_on
    item.version += 1
    session.flush()
    facts = {"item": item.id, "due_on": item.due_on.isoformat()}
    audit.record(session, who, f"item.{event.value}", item.subject, now, reason=reason, data=facts)
    name = f"event:{event.value}:{item.key}:{item.version}"
    outbox.put(session, OutboxKind.EVENT, name, {"event": f"ocop.step.{event.value}", "item": item.id})
