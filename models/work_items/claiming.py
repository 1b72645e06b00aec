"""Claiming an item of a unit, so that one of several does it, and giving it back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models import audit
from models.actors import Actor
from models.clock import vn_date
from models.enums import ItemStatus, Role
from models.errors import InputError, NotAllowedError, WrongMomentError
from models.tables import WorkItem
from models.work_items.authority import check_may_close
from models.work_items.locking import locked


def claim(session: Session, item_id: int, who: Actor, now: datetime) -> WorkItem:
    """Take an open item of one's unit: from now on nobody else of it closes it. A second time changes nothing.

    Raises:
        NotFoundError: no such item.
        NotAllowedError: not this person's unit, or another of it was first.
        WrongMomentError: the item is closed, or given to one person by name.
    """
    item = locked(session, item_id)
    if item.status is not ItemStatus.OPEN:
        raise WrongMomentError("Việc này đã đóng.", field="item", remedy="Xem trạng thái: ocop task show.")
    if item.assignee_id is not None:
        raise WrongMomentError(
            "Việc này giao đích danh nên không cần nhận.",
            field="item",
            remedy="Làm luôn, hoặc bàn giao cho người khác.",
        )
    check_may_close(session, item, who, vn_date(now))
    if item.claimed_by_id is None:
        item.claimed_by_id, item.claimed_at = who.person_id, now
        _note(session, item, "item.claimed", who, now)
    return item


def release(session: Session, item_id: int, reason: str, who: Actor, now: datetime) -> WorkItem:
    """Give a claimed item back to its unit: whoever claimed it, or a coordinator of its office with a reason.

    Raises:
        NotFoundError: no such item.
        WrongMomentError: it is closed, or nobody has claimed it.
        NotAllowedError: anybody else.
        InputError: a coordinator gives no reason.
    """
    item = locked(session, item_id)
    if item.status is not ItemStatus.OPEN or item.claimed_by_id is None:
        raise WrongMomentError("Việc này không ai đang nhận.", field="item", remedy="Xem: ocop task show.")
    check_may_release(item, who)
    if item.claimed_by_id not in {who.person_id, who.on_behalf_of} and not reason.strip():
        raise InputError("Thiếu lý do.", field="reason", remedy="Ghi lý do, ví dụ: người nhận nghỉ ốm.")
    before = item.claimed_by_id
    item.claimed_by_id = item.claimed_at = None
    _note(session, item, "item.released", who, now, reason=reason.strip(), claimed_by=before)
    return item


def check_may_release(item: WorkItem, who: Actor) -> None:
    """Refuse to give back what another has claimed to anyone but a coordinator of the item's office.

    Raises:
        NotAllowedError: anyone else.
    """
    claimed_by_other = item.claimed_by_id not in {None, who.person_id, who.on_behalf_of}
    if claimed_by_other and (who.role is not Role.COORDINATOR or who.office_id != item.owner_office_id):
        raise NotAllowedError(
            "Chỉ người đã nhận hoặc cán bộ điều phối của văn phòng phụ trách trả lại được việc này.",
            field="actor",
            remedy=f"Nhờ cán bộ điều phối của {item.owner_office.name}.",
        )


def _note(
    session: Session, item: WorkItem, act: str, who: Actor, now: datetime, *, reason: str = "", **facts: int
) -> None:
    item.version += 1
    session.flush()
    audit.record(session, who, act, item.subject, now, reason=reason, data={"item": item.id, **facts})
