"""Who writes for a council when its secretary hands the work over: the work to come goes the same way."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models import audit
from models.actors import Actor
from models.enums import ItemStatus, Role
from models.tables import Council, Person, WorkItem


def follow(session: Session, item: WorkItem, giver: Person, taker: Person, who: Actor, now: datetime) -> None:
    """Make `taker` secretary of the giver's councils once the last open item of that office has gone over.

    Steps that open later are addressed to the council's secretary, who alone sees its meetings: without this the new
    one could close what was handed over and nothing after it [ours].
    """
    if item.role is not Role.COUNCIL_SECRETARY or _still_has(session, item, giver):
        return
    kept = select(Council).where(Council.office_id == item.owner_office_id, Council.secretary_id == giver.id)
    for council in session.scalars(kept.order_by(Council.id)):
        council.secretary_id = taker.id
        data = {"from": giver.code, "to": taker.code}
        audit.record(session, who, "council.secretary-changed", f"council:{council.id}", now, data=data)
    session.flush()


def _still_has(session: Session, item: WorkItem, giver: Person) -> bool:
    query = select(func.count()).where(
        WorkItem.status == ItemStatus.OPEN,
        WorkItem.role == Role.COUNCIL_SECRETARY,
        WorkItem.owner_office_id == item.owner_office_id,
        or_(WorkItem.assignee_id == giver.id, WorkItem.claimed_by_id == giver.id),
    )
    return bool(session.scalar(query))
