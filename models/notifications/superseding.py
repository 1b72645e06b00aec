"""Whether a matter still has to be told: it holds, and nothing newer tells the same people of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Rung
from models.notifications.matters import Matter, no_longer_true
from models.notifications.recipients import recipients_of
from models.tables import OutboxMessage, WorkItem
from models.work_items.ladder import notification_key


def void_because(session: Session, payload: dict[str, Any], matter: Matter, today: date) -> str:
    """Why it need not be told any more, in words; empty while it has to be."""
    why = no_longer_true(payload, matter, today)
    if why or payload["what"] != "rung" or matter.item is None:
        return why
    return _overtaken(session, payload, matter, matter.item, today)


def _overtaken(session: Session, payload: dict[str, Any], matter: Matter, item: WorkItem, today: date) -> str:
    """A rung that waited on its way until a higher one told the same people; "due soon" is over with the due date."""
    rung = Rung(payload["rung"])
    if rung is Rung.DUE_SOON and today > item.due_on:
        return "Việc đã quá hạn, có thông báo mới hơn."
    ours = recipients_of(session, payload, matter, today).people
    for higher in _told_above(session, item, rung):
        theirs = recipients_of(session, {"what": "rung", "rung": higher.value}, matter, today).people
        if set(ours) <= set(theirs):
            return f"Đã có thông báo mới hơn: {higher.label[0].lower()}{higher.label[1:]}."
    return ""


def _told_above(session: Session, item: WorkItem, rung: Rung) -> list[Rung]:
    ladder = list(Rung)
    keys = {notification_key(item, higher): higher for higher in ladder[ladder.index(rung) + 1 :]}
    found = select(OutboxMessage.key).where(OutboxMessage.key.in_(keys))
    return [keys[key] for key in session.scalars(found)]
