"""Handing over what waits for one person to another who holds the same role: leave, illness, a new post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import audit, outbox
from models.actors import Actor
from models.clock import vn_date
from models.councils.secretariat import follow
from models.delegations.rules import PERSONAL_KINDS
from models.enums import ItemStatus, OutboxKind, Role
from models.errors import InputError, NotAllowedError, WrongMomentError
from models.tables import Capacity, Person, WorkItem
from models.work_items.locking import locked
from models.work_items.queries import item_row


@dataclass(frozen=True)
class HandOver:
    """One open item of a person: handed over, or why it cannot be (`why_not`)."""

    item: int
    label: str
    about: str
    due_on: date
    why_not: str = ""


def hand_over(
    session: Session, giver: Person, taker: Person, reason: str, who: Actor, now: datetime, *, dry_run: bool = False
) -> list[HandOver]:
    """Give all open items that are assigned to or claimed by `giver` to `taker`; those that cannot stay, and say why.

    `dry_run`: only tell what would happen.

    Raises:
        InputError: no reason, or to the same person.
        NotAllowedError: neither the person, a coordinator nor an administrator.
    """
    if not reason.strip():
        raise InputError("Thiếu lý do.", field="reason", remedy="Ghi lý do, ví dụ: chuyển công tác.")
    if giver.id == taker.id:
        raise InputError("Không bàn giao cho chính mình.", field="to", remedy="Chọn người khác.")
    check_may_ask(giver, who)
    told = []
    for item_id in _ids_of(session, giver):
        item = locked(session, item_id)
        why_not = why_not_handed(session, item, giver, taker, who, vn_date(now))
        row = item_row(session, item, vn_date(now))
        told.append(HandOver(item.id, row.label, row.about, row.due_on, why_not))
        if not why_not and not dry_run:
            _give(session, item, giver, taker, reason.strip(), who, now)
    return told


def hand_over_one(session: Session, item_id: int, taker: Person, reason: str, who: Actor, now: datetime) -> WorkItem:
    """Give one item to `taker`, whoever it waits for.

    Raises:
        NotFoundError: no such item.
        InputError: no reason.
        NotAllowedError: neither its person, a coordinator of its office nor an administrator.
        WrongMomentError: it waits for nobody by name, or cannot be handed over to this person.
    """
    item = locked(session, item_id)
    holder_id = item.claimed_by_id or item.assignee_id
    if holder_id is None:
        raise WrongMomentError(
            "Việc này của cả đơn vị, chưa ai nhận nên không có gì để bàn giao.",
            field="item",
            remedy="Người làm nhận việc: ocop task claim.",
        )
    if not reason.strip():
        raise InputError("Thiếu lý do.", field="reason", remedy="Ghi lý do, ví dụ: chuyển công tác.")
    giver = session.get_one(Person, holder_id)
    check_may_ask(giver, who)
    why_not = why_not_handed(session, item, giver, taker, who, vn_date(now))
    if why_not:
        raise WrongMomentError(f"Không bàn giao được: {why_not}.", field="item", remedy="Chọn người hoặc việc khác.")
    _give(session, item, giver, taker, reason.strip(), who, now)
    return item


def why_not_handed(session: Session, item: WorkItem, giver: Person, taker: Person, who: Actor, on: date) -> str:
    """Why the item cannot go from one to the other; empty when it can."""
    if item.status is not ItemStatus.OPEN:
        return "việc đã đóng"
    if item.kind in PERSONAL_KINDS:
        return "phiếu chấm là ý kiến riêng của thành viên hội đồng"
    if giver.id == taker.id:
        return f"{taker.name} đang giữ việc này"
    if who.role is Role.COORDINATOR and who.person_id != giver.id and who.office_id != item.owner_office_id:
        return "việc thuộc văn phòng khác phụ trách"
    if not taker.active or not _could_do(session, item, giver, taker, on):
        return f"{taker.name} không giữ vai trò «{item.role.label}» ở đơn vị đó"
    return ""


def _could_do(session: Session, item: WorkItem, giver: Person, taker: Person, on: date) -> bool:
    """The role in the unit that the item is addressed to; where it names a person only, in that person's unit."""
    held = _held(session, taker, item.role, on)
    if item.office_id is not None or item.producer_id is not None:
        return any((c.office_id, c.producer_id) == (item.office_id, item.producer_id) for c in held)
    units = {(c.office_id, c.producer_id) for c in _held(session, giver, item.role, None)}
    return any((c.office_id, c.producer_id) in units for c in held)


def _held(session: Session, person: Person, role: Role, on: date | None) -> Sequence[Capacity]:
    found = session.scalars(select(Capacity).where(Capacity.person_id == person.id, Capacity.role == role)).all()
    return [capacity for capacity in found if on is None or capacity.holds_on(on)]


def _ids_of(session: Session, person: Person) -> Sequence[int]:
    session.flush()
    waits_for = or_(WorkItem.assignee_id == person.id, WorkItem.claimed_by_id == person.id)
    query = select(WorkItem.id).where(WorkItem.status == ItemStatus.OPEN, waits_for).order_by(WorkItem.id)
    return session.scalars(query).all()


def check_may_ask(giver: Person, who: Actor) -> None:
    """Refuse anyone but the person, a coordinator or an administrator.

    Raises:
        NotAllowedError: anyone else.
    """
    own = who.person_id == giver.id and who.on_behalf_of is None
    if not own and who.role not in {Role.COORDINATOR, Role.ADMINISTRATOR, Role.SYSTEM}:
        raise NotAllowedError(
            f"Không được bàn giao việc của {giver.name}.",
            field="actor",
            remedy="Chính người đó, cán bộ điều phối hoặc quản trị làm được.",
        )


def _give(
    session: Session, item: WorkItem, giver: Person, taker: Person, reason: str, who: Actor, now: datetime
) -> None:
    if item.assignee_id == giver.id:
        item.assignee_id = taker.id
    if item.claimed_by_id == giver.id:
        item.claimed_by_id, item.claimed_at = taker.id, now
    item.version += 1
    session.flush()
    session.expire(item, ["assignee", "claimed_by"])
    facts = {"item": item.id, "kind": item.kind.value, "from": giver.code, "to": taker.code}
    audit.record(session, who, "item.handed_over", item.subject, now, reason=reason, data=facts)
    follow(session, item, giver, taker, who, now)
    news = {"what": "step-opened", "item": item.id}
    outbox.put(session, OutboxKind.NOTIFICATION, f"notify:opened:{item.key}:{item.version}", news)
