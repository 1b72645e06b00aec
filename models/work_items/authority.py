"""May this person close this work item? Asked in the domain, so that no page, form or command passes round it."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from models.actors import Actor
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


def check_may_close(session: Session, item: WorkItem, who: Actor) -> None:
    """Refuse anyone but the person or unit that the item is addressed to.

    Raises:
        NotAllowedError: wrong role, unit, producer or person.
    """
    if who.role != item.role:
        raise _refusal(session, item, f"vai trò «{who.role.label}» không làm bước này")
    if item.assignee_id is not None and who.person_id != item.assignee_id:
        raise _refusal(session, item, "việc này giao cho người khác")
    if item.office_id is not None and who.office_id != item.office_id:
        raise _refusal(session, item, "việc này giao cho đơn vị khác")
    if item.producer_id is not None and who.producer_id != item.producer_id:
        raise _refusal(session, item, "hồ sơ này của chủ thể khác")


def _refusal(session: Session, item: WorkItem, why: str) -> NotAllowedError:
    label = step_definition(item.kind).label
    return NotAllowedError(
        f"Không được làm «{label}»: {why}.",
        field="actor",
        remedy=f"Người được giao: {addressee(session, item)} ({item.role.label}).",
    )
