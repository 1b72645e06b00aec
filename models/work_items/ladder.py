"""The ladder of a late work item: which rungs it has reached, each claimed at most once (design.md, decision 8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, outbox
from models.actors import SYSTEM
from models.calendar import OfficeCalendar
from models.enums import ItemStatus, OutboxKind, Rung
from models.tables import Office, RungClaim, WorkItem
from models.work_items.terms import office_calendar

DEFAULT_RUNGS: dict[Rung, int] = {
    Rung.DUE_SOON: -3,
    Rung.OVERDUE: 1,
    Rung.ESCALATED_HEAD: 3,
    Rung.ESCALATED_COORDINATOR: 5,
    Rung.ESCALATED_LEADER: 8,
}
"""Working days after the due date at which each rung is reached (negative: before it) [ours]; an office may change
them under `settings.rungs`."""

LOOK_AHEAD = timedelta(days=21)
"""Calendar days within which the longest due-soon notice falls, Tết included: limits the indexed query."""


@dataclass(frozen=True)
class Climbed:
    """One item that reached new rungs today; only the highest is told."""

    item: WorkItem
    rung: Rung
    new: tuple[Rung, ...]


def rungs_of(office: Office) -> dict[Rung, int]:
    """The ladder of an office."""
    own = office.settings.get("rungs", {})
    return {rung: int(own.get(rung.value, days)) for rung, days in DEFAULT_RUNGS.items()}


def rungs_reached(due: date, today: date, calendar: OfficeCalendar, ladder: dict[Rung, int]) -> list[Rung]:
    """The rungs that an item due on `due` has reached by `today`, lowest first. Pure.

    An item is overdue from the day after its due date, working day or not.
    """
    after = calendar.working_days_between(due, today)
    return [rung for rung, days in ladder.items() if (today > due if rung is Rung.OVERDUE else after >= days)]


def climb(session: Session, now: datetime, today: date) -> Iterator[Climbed]:
    """Claim every rung newly reached by an open item; write events and notifications to the outbox.

    After days without a look an item claims all it passed but tells only the highest.
    """
    items = session.scalars(
        select(WorkItem).where(WorkItem.status == ItemStatus.OPEN, WorkItem.due_on <= today + LOOK_AHEAD)
    ).all()
    calendars: dict[int, tuple[OfficeCalendar, dict[Rung, int]]] = {}
    for item in items:
        office = item.round.plan.office
        calendar, ladder = calendars.setdefault(office.id, (office_calendar(office), rungs_of(office)))
        reached = rungs_reached(item.due_on, today, calendar, ladder)
        claimed = set(
            session.scalars(select(RungClaim.rung).where(RungClaim.item_id == item.id, RungClaim.due_on == item.due_on))
        )
        new = tuple(rung for rung in reached if rung not in claimed)
        if new:
            yield _claim(session, item, new, now)


def _claim(session: Session, item: WorkItem, new: tuple[Rung, ...], now: datetime) -> Climbed:
    for rung in new:
        session.add(RungClaim(item_id=item.id, rung=rung, due_on=item.due_on, claimed_at=now))
    session.flush()
    top = new[-1]
    key = f"{item.key}:{item.due_on}:{top}"
    facts = {"item": item.id, "rung": top.value, "due_on": item.due_on.isoformat()}
    outbox.put(session, OutboxKind.EVENT, f"event:rung:{key}", {"event": event_of(top), **facts})
    outbox.put(session, OutboxKind.NOTIFICATION, f"notify:rung:{key}", facts)
    audit.record(session, SYSTEM, f"item.{top}", item.subject, now, data=facts)
    return Climbed(item, top, new)


def event_of(rung: Rung) -> str:
    """The name of the Prefect event of a rung: `ocop.step.due-soon|overdue|escalated`."""
    names = {Rung.DUE_SOON: "due-soon", Rung.OVERDUE: "overdue"}
    return f"ocop.step.{names.get(rung, 'escalated')}"
