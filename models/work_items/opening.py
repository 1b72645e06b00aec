"""Opening, extending and cancelling work items; the ledger of their clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, outbox
from models.access.reach import own_offices
from models.actors import SYSTEM, Actor
from models.clock import VN_TZ
from models.dossiers.limits import finish_limit
from models.enums import ClockEvent, ItemStatus, OutboxKind, Role
from models.errors import InputError, NotAllowedError, WrongMomentError
from models.process import Scope, step_definition
from models.process.kinds import StepKind
from models.subjects import item_key
from models.tables import Capacity, ClockEntry, Office, WorkItem
from models.work_items.ledger import replay
from models.work_items.locking import locked, locked_open_items
from models.work_items.terms import Budget, first_due, office_calendar


@dataclass(frozen=True)
class Addressee:
    """To whom an item is given: an office, a producer or one person."""

    office_id: int | None = None
    producer_id: int | None = None
    person_id: int | None = None


def open_item(
    session: Session,
    kind: StepKind,
    subject: str,
    *,
    office: Office,
    to: Addressee,
    budget: Budget,
    now: datetime,
    turn: int = 1,
    round_id: int | None = None,
    attempt_id: int | None = None,
    certificate_id: int | None = None,
    member_id: int | None = None,
) -> WorkItem:
    """Open the item, or give the one that is already there (same subject, step, turn and seat).

    A cancelled one is opened again: it keeps its history and gets a new term. `office` is the coordination office,
    whose calendar counts the days.
    """
    key = item_key(subject, kind, turn, member_id)
    existing = session.scalar(select(WorkItem).where(WorkItem.key == key))
    if existing is not None and existing.status is not ItemStatus.CANCELLED:
        return existing
    if existing is not None:
        return _reopen(session, existing, round_id, to, budget, now)
    start = now.astimezone(VN_TZ).date()
    item = WorkItem(
        key=key,
        subject=subject,
        kind=kind,
        turn=turn,
        attempt_id=attempt_id,
        round_id=round_id,
        certificate_id=certificate_id,
        owner_office=office,
        role=step_definition(kind).role,
        office_id=to.office_id,
        producer_id=to.producer_id,
        assignee_id=to.person_id,
        opened_at=now,
        due_on=first_due(office_calendar(office), start, budget),
        clock=[_started(budget, start, now)],
    )
    session.add(item)
    session.flush()
    audit.record(session, SYSTEM, "item.opened", subject, now, data={"item": item.id, "kind": kind.value})
    _tell_opened(session, item, key)
    return item


def _reopen(
    session: Session, item: WorkItem, round_id: int | None, to: Addressee, budget: Budget, now: datetime
) -> WorkItem:
    item.status = ItemStatus.OPEN
    item.closed_at = item.taken_up_at = None
    item.claimed_by_id = item.claimed_at = None
    item.round_id = round_id
    item.office_id, item.producer_id, item.assignee_id = to.office_id, to.producer_id, to.person_id
    restart_clock(session, item, budget, now)
    audit.record(session, SYSTEM, "item.reopened", item.subject, now, data={"item": item.id, "kind": item.kind.value})
    _tell_opened(session, item, f"{item.key}:{item.version}")
    return item


def _tell_opened(session: Session, item: WorkItem, name: str) -> None:
    outbox.put(session, OutboxKind.EVENT, f"event:opened:{name}", {"event": "ocop.step.opened", "item": item.id})
    if step_definition(item.kind).scope is not Scope.SHEET:  # of their sheets members hear by the invitation
        facts = {"what": "step-opened", "item": item.id}
        outbox.put(session, OutboxKind.NOTIFICATION, f"notify:opened:{name}", facts)


def restart_clock(session: Session, item: WorkItem, budget: Budget, now: datetime, who: Actor = SYSTEM) -> None:
    """Give an open item a new budget from today; the lines of before stay in the ledger, `budget.rule` says why."""
    item.clock.append(_started(budget, now.astimezone(VN_TZ).date(), now, who))
    after = replay(office_calendar(item.owner_office), item.clock)
    item.due_on, item.suspended_on = after.due, after.suspended_on
    item.version += 1
    session.flush()
    facts = {"item": item.id, "due_on": item.due_on.isoformat()}
    audit.record(session, who, "item.restarted", item.subject, now, reason=budget.rule, data=facts)


def extend(
    session: Session, item_id: int, days: int, reason: str, who: Actor, now: datetime, *, office: Office
) -> WorkItem:
    """Give an open item `days` more working days, counted from its due date (from today when that is past).

    Raises:
        NotFoundError: no such item.
        NotAllowedError: only a coordinator of its office or a leader above that may extend.
        InputError: no reason, or a number of days below one.
        WrongMomentError: the item is closed, or would be due after the transition limit of its rules.
    """
    item = locked(session, item_id)
    check_extends(session, item, who)
    if days < 1 or not reason.strip():
        raise InputError(
            "Gia hạn phải có số ngày từ 1 trở lên và lý do.", field="reason", remedy="Ghi số ngày và lý do."
        )
    if item.status is not ItemStatus.OPEN:
        raise WrongMomentError(
            "Việc này đã đóng nên không gia hạn được.", field="item", remedy="Xem trạng thái: ocop task show."
        )
    today = now.astimezone(VN_TZ).date()
    item.version += 1
    item.clock.append(
        ClockEntry(
            event=ClockEvent.EXTENDED,
            on=today,
            days=days,
            unit="working",
            rule=reason,
            actor_id=who.person_id,
            recorded_at=now,
        )
    )
    item.due_on = due_by_ledger(item, office)
    limit = finish_limit(session, item.attempt, today) if item.attempt is not None else None
    if limit is not None and item.due_on > limit:
        raise WrongMomentError(
            f"Hồ sơ phải xong theo quy định cũ chậm nhất {limit:%d/%m/%Y} nên không gia hạn quá ngày đó.",
            field="days",
            remedy="Gia hạn ít ngày hơn, hoặc rút hồ sơ và nộp lại theo quy định mới.",
        )
    session.flush()
    audit.record(session, who, "item.extended", item.subject, now, reason=reason, data={"item": item.id, "days": days})
    outbox.put(
        session,
        OutboxKind.EVENT,
        f"event:extended:{item.key}:{item.version}",
        {"event": "ocop.step.extended", "item": item.id},
    )
    return item


def check_extends(session: Session, item: WorkItem, who: Actor) -> None:
    """Refuse anyone who may not give the item more time.

    Raises:
        NotAllowedError: anyone but those of `may_extend`.
    """
    if not may_extend(session, item, who):
        raise NotAllowedError(
            f"Chỉ cán bộ điều phối của {item.owner_office.name} hoặc lãnh đạo phụ trách được gia hạn.",
            field="actor",
            remedy="Đề nghị văn phòng điều phối gia hạn.",
        )


def may_extend(session: Session, item: WorkItem, who: Actor | Capacity) -> bool:
    """Whether somebody may give the item more time: a coordinator of its office, or a leader above that.

    The head of a commune is none: the unit that is late would give itself more time.
    """
    if who.role is Role.COORDINATOR:
        return who.office_id == item.owner_office_id
    return who.role is Role.LEADER and item.owner_office_id in own_offices(session, who)


def _started(budget: Budget, start: date, now: datetime, who: Actor = SYSTEM) -> ClockEntry:
    return ClockEntry(
        event=ClockEvent.STARTED,
        on=start,
        days=budget.days,
        unit=budget.unit,
        until=budget.fixed,
        rule=budget.rule,
        actor_id=who.person_id,
        recorded_at=now,
    )


def cancel_open_items(session: Session, subject: str, reason: str, who: Actor, now: datetime) -> int:
    """Cancel all open items of a subject (withdrawal, end of an attempt); gives how many."""
    items = locked_open_items(session, subject)
    for item in items:
        cancel_item(session, item, reason, who, now)
    return len(items)


def cancel_item(session: Session, item: WorkItem, reason: str, who: Actor, now: datetime) -> None:
    """Cancel one item; of a done one the outcome is then void, and kept."""
    was_open = item.status is ItemStatus.OPEN
    item.status = ItemStatus.CANCELLED
    item.closed_at = now
    item.version += 1
    act = "item.cancelled" if was_open else "item.voided"
    audit.record(session, who, act, item.subject, now, reason=reason, data={"item": item.id})
    if was_open:
        event = {"event": "ocop.step.cancelled", "item": item.id, "reason": reason}
        outbox.put(session, OutboxKind.EVENT, f"event:cancelled:{item.key}:{item.version}", event)


def due_by_ledger(item: WorkItem, office: Office) -> date:
    """The due date that the ledger gives; `ocop db check` compares it with what is kept on the item."""
    return replay(office_calendar(office), item.clock).due
