"""May this person close this work item? Asked in the domain, so that no page, form or command passes round it."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from models.actors import Actor
from models.delegations.rules import PERSONAL_KINDS, stands_in
from models.enums import ItemStatus
from models.errors import NotAllowedError
from models.offices.history import office_as_of
from models.process import step_definition
from models.tables import Office, Person, Producer, WorkItem


def addressee(session: Session, item: WorkItem, day: date | None = None) -> str:
    """Who is expected to act, in words; with a past `day` the office that held the item then."""
    if item.assignee_id is not None:
        person = session.get_one(Person, item.assignee_id)
        return person.name
    if item.producer_id is not None:
        return session.get_one(Producer, item.producer_id).name
    if item.office_id is not None:
        office = session.get_one(Office, item.office_id)
        return (office_as_of(session, f"item:{item.id}", office, day) if day is not None else office).name
    return item.role.label


def check_may_close(session: Session, item: WorkItem, who: Actor, on: date) -> None:
    """Refuse anyone but the person or unit that the item is addressed to, whoever claimed it, or who stands in.

    Raises:
        NotAllowedError: wrong role, unit, producer or person; claimed by another; no rule to stand in by.
    """
    if who.role != item.role:
        raise _refusal(session, item, f"vai trò «{who.role.label}» không làm bước này")
    if who.on_behalf_of is not None:
        _check_stands_in(session, item, who, on)
    if item.assignee_id is not None and who.holder_id != item.assignee_id:
        raise _refusal(session, item, "việc này giao cho người khác")
    if item.office_id is not None and who.office_id != item.office_id:
        raise _refusal(session, item, "việc này giao cho đơn vị khác")
    if item.producer_id is not None and who.producer_id != item.producer_id:
        raise _refusal(session, item, "hồ sơ này của chủ thể khác")
    if item.status is ItemStatus.OPEN and item.claimed_by_id not in {None, who.person_id, who.on_behalf_of}:
        raise _claimed(session, item)


def _check_stands_in(session: Session, item: WorkItem, who: Actor, on: date) -> None:
    if item.kind in PERSONAL_KINDS:
        raise NotAllowedError(
            "Phiếu chấm là ý kiến riêng của thành viên hội đồng, không ai chấm thay được.",
            field="actor",
            remedy="Thành viên tự chấm; nếu vắng thì thư ký ghi vắng mặt khi đóng phiên.",
        )
    if who.person_id is None or who.on_behalf_of is None:
        raise _refusal(session, item, "không rõ ai thay mặt ai")
    if not stands_in(session, who.person_id, who.on_behalf_of, on, item.kind):
        holder = session.get_one(Person, who.on_behalf_of)
        raise _refusal(session, item, f"không có ủy quyền của {holder.name} cho việc này vào ngày {on:%d/%m/%Y}")


def _claimed(session: Session, item: WorkItem) -> NotAllowedError:
    label, holder = step_definition(item.kind).label, session.get_one(Person, item.claimed_by_id)
    return NotAllowedError(
        f"Không được làm «{label}»: {holder.name} đã nhận việc này.",
        field="actor",
        remedy=f"Nhờ {holder.name} hoặc cán bộ điều phối trả lại việc: ocop task release {item.id}.",
    )


def _refusal(session: Session, item: WorkItem, why: str) -> NotAllowedError:
    label = step_definition(item.kind).label
    return NotAllowedError(
        f"Không được làm «{label}»: {why}.",
        field="actor",
        remedy=f"Người được giao: {addressee(session, item)} ({item.role.label}).",
    )
