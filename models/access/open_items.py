"""Open items as people choose from them to act on several at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import false, func, or_, select
from sqlalchemy.orm import Session

from models.access.items import items_visible
from models.actors import Held
from models.enums import ItemStatus
from models.paging import Page, PageAsked
from models.tables import WorkItem
from models.work_items.queries import ItemRow, addressed_to, item_row, with_names


def open_items(
    session: Session,
    mine: Sequence[Held],
    today: date,
    *,
    whole_unit: bool = False,
    late: bool = False,
    asked: PageAsked | None = None,
) -> Page[ItemRow]:
    """Open items that one of `mine` may close, or (`whole_unit`) all that it lets see; by due date."""
    asked = asked or PageAsked()
    if whole_unit:
        reach = items_visible(session, [held.capacity for held in mine])
    else:
        reach = or_(false(), *(addressed_to(held) for held in mine))
    query = select(WorkItem).where(WorkItem.status == ItemStatus.OPEN, reach)
    if late:
        query = query.where(WorkItem.due_on < today, WorkItem.suspended_on.is_(None))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    shown = query.order_by(WorkItem.due_on, WorkItem.id).offset(asked.start).limit(asked.size)
    rows = [item_row(session, item, today) for item in session.scalars(shown.options(*with_names())).unique()]
    return Page(rows, total, asked.page, asked.size)
