"""The ladder of a late work item: which rungs it has reached, each claimed at most once (design.md, decision 8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Executable, Select, String, case, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import audit, outbox
from models.actors import SYSTEM
from models.calendar import OfficeCalendar
from models.enums import ItemStatus, OfficeKind, OutboxKind, Rung
from models.tables import Office, RungClaim, WorkItem
from models.work_items.rungs import DEFAULT_RUNGS, rungs_of
from models.work_items.terms import office_calendar

__all__ = [
    "DEFAULT_RUNGS",
    "Climbed",
    "climb",
    "event_of",
    "last_days",
    "notification_key",
    "rungs_of",
    "rungs_reached",
]

BATCH = 500
"""Items claimed with one statement."""


@dataclass(frozen=True)
class Climbed:
    """One item that reached new rungs today; the highest is told, and whoever must act hears that it is overdue."""

    item: WorkItem
    rung: Rung
    new: tuple[Rung, ...]


def rungs_reached(due: date, today: date, calendar: OfficeCalendar, ladder: dict[Rung, int]) -> list[Rung]:
    """The rungs that an item due on `due` has reached by `today`, lowest first. Pure.

    An item is overdue from the day after its due date, working day or not.
    """
    after = calendar.working_days_between(due, today)
    return [rung for rung, days in ladder.items() if (today > due if rung is Rung.OVERDUE else after >= days)]


def last_days(today: date, calendar: OfficeCalendar, ladder: dict[Rung, int]) -> dict[Rung, date]:
    """For each rung the latest due date of the items that have reached it by `today`, lowest rung first. Pure.

    The same as `rungs_reached` asked the other way round, so that an index on due dates can answer it.
    """
    found: dict[Rung, date] = {}
    day = today + timedelta(days=1)
    while rungs_reached(day, today, calendar, ladder):
        day += timedelta(days=1)
    for rung in ladder:
        while rung not in rungs_reached(day, today, calendar, ladder):
            day -= timedelta(days=1)
        found[rung] = day
    return found


def candidates(bounds: dict[Rung, date], office_ids: Sequence[int] | None = None) -> Select[tuple[WorkItem, str]]:
    """The open items, with their highest rung, that have not claimed it yet: one range of one index."""
    top = case(*((WorkItem.due_on <= day, rung.value) for rung, day in reversed(bounds.items())))
    claimed = select(RungClaim.id).where(
        RungClaim.item_id == WorkItem.id,
        RungClaim.due_on == WorkItem.due_on,
        type_coerce(RungClaim.rung, String) == top,
    )
    query = select(WorkItem, top).where(
        WorkItem.status == ItemStatus.OPEN,
        WorkItem.due_on <= max(bounds.values()),
        WorkItem.suspended_on.is_(None),
        ~claimed.exists(),
    )
    if office_ids is not None:
        query = query.where(WorkItem.owner_office_id.in_(office_ids))
    return query.order_by(WorkItem.due_on, WorkItem.id)


def climb(session: Session, now: datetime, today: date) -> Iterator[Climbed]:
    """Claim every rung newly reached by an open item; write events and notifications to the outbox.

    After days without a look an item claims all it passed but tells only the highest, and whoever must act.
    """
    for bounds, office_ids in _ladders(session, today):
        found = [(item, Rung(top)) for item, top in session.execute(candidates(bounds, office_ids))]
        order = list(bounds)
        for start in range(0, len(found), BATCH):
            wanted = {
                (item, rung)
                for item, top in found[start : start + BATCH]
                for rung in order
                if order.index(rung) <= order.index(top)
            }
            yield from _claim(session, wanted, order, now)


def _ladders(session: Session, today: date) -> list[tuple[dict[Rung, date], list[int] | None]]:
    """The bounds of each ladder in use with the offices whose items climb it; `None` when all climb the same."""
    found: list[tuple[dict[Rung, date], list[int]]] = []
    offices = select(Office).where(Office.kind == OfficeKind.COORDINATION).order_by(Office.id)
    for office in session.scalars(offices).all():
        bounds = last_days(today, office_calendar(office), rungs_of(office))
        same = next((ids for known, ids in found if known == bounds), None)
        if same is None:
            found.append((bounds, [office.id]))
        else:
            same.append(office.id)
    if len(found) == 1:
        return [(found[0][0], None)]
    return list(found)


def _claim(session: Session, wanted: set[tuple[WorkItem, Rung]], order: list[Rung], now: datetime) -> list[Climbed]:
    """Insert the claims; only those that were not there yet are ours to tell."""
    items = {item.id: item for item, _ in wanted}
    rows = [
        {"item_id": item.id, "rung": rung, "due_on": item.due_on, "claimed_at": now}
        for item, rung in sorted(wanted, key=lambda pair: (pair[0].id, order.index(pair[1])))
    ]
    new: dict[int, list[Rung]] = {}
    for item_id, rung in session.execute(_insert_claims(session), rows):
        new.setdefault(item_id, []).append(rung)
    climbed = [
        Climbed(items[i], rungs[-1], tuple(rungs))
        for i, rungs in ((i, sorted(rungs, key=order.index)) for i, rungs in sorted(new.items()))
    ]
    _tell(session, climbed, now)
    return climbed


def _insert_claims(session: Session) -> Executable:
    # Another watch at the same moment is no error: who inserted the row tells.
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(RungClaim).on_conflict_do_nothing().returning(RungClaim.item_id, RungClaim.rung)


def _tell(session: Session, climbed: list[Climbed], now: datetime) -> None:
    messages: list[tuple[OutboxKind, str, dict[str, Any]]] = []
    for one in climbed:
        item, top = one.item, one.rung
        facts = {"item": item.id, "rung": top.value, "due_on": item.due_on.isoformat()}
        # Whoever listens for what is overdue must hear of it also when days off were passed over at one look.
        for rung in dict.fromkeys(r for r in one.new if r in {Rung.OVERDUE, top}):
            event = {"event": event_of(rung), **facts, "rung": rung.value}
            messages.append((OutboxKind.EVENT, f"event:rung:{item.key}:{item.due_on}:{rung}", event))
        told = {"what": "rung", **facts}
        messages.append((OutboxKind.NOTIFICATION, notification_key(item, top), told))
        if Rung.OVERDUE in one.new[:-1]:
            # The rung that tells whoever must act was passed over with the others: the one above must not hear first.
            beside = told | {"rung": Rung.OVERDUE.value, "beside": top.value}
            messages.append((OutboxKind.NOTIFICATION, notification_key(item, Rung.OVERDUE), beside))
        audit.record(session, SYSTEM, f"item.{top}", item.subject, now, data=facts)
    outbox.put_new(session, messages)


def notification_key(item: WorkItem, rung: Rung) -> str:
    """The key under which a rung of the item is told, once for each due date."""
    return f"notify:rung:{item.key}:{item.due_on}:{rung}"


def event_of(rung: Rung) -> str:
    """The name of the Prefect event of a rung: `ocop.step.due-soon|overdue|escalated`."""
    names = {Rung.DUE_SOON: "due-soon", Rung.OVERDUE: "overdue"}
    return f"ocop.step.{names.get(rung, 'escalated')}"
