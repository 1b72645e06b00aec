"""Locking rows against others until the transaction ends, and seeing them as they are then.

What the session has read before may be stale: without reading it again, a second outcome could be written over one
that was stored in between. SQLite locks the whole file at the start of a transaction; PostgreSQL needs this.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import ItemStatus
from models.errors import NotFoundError
from models.tables import CouncilSession, DossierAttempt, WorkItem


def locked(session: Session, item_id: int) -> WorkItem:
    """The item as it stands now, locked.

    Raises:
        NotFoundError: no such item.
    """
    session.flush()
    item = session.get(WorkItem, item_id, with_for_update=True, populate_existing=True)
    if item is None:
        raise NotFoundError(f"Không có việc số {item_id}.", field="item", remedy="Xem danh sách: ocop task list.")
    return item


def locked_open_items(session: Session, subject: str) -> Sequence[WorkItem]:
    """The open items of a subject as they stand now, locked in the order of their numbers."""
    query = (
        select(WorkItem)
        .where(WorkItem.subject == subject, WorkItem.status == ItemStatus.OPEN)
        .order_by(WorkItem.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def lock_attempt(session: Session, attempt: DossierAttempt) -> None:
    """Lock the attempt; its status is then the one in force."""
    session.flush()
    session.refresh(attempt, with_for_update=True)


def lock_meeting(session: Session, meeting: CouncilSession, *, shared: bool = False) -> None:
    """Lock a council session while it is closed, or (`shared`) while a sheet is handed in to it."""
    session.flush()
    session.refresh(meeting, with_for_update={"read": shared})
