"""What a correction takes back of the steps after it: open ones are cancelled, what rests on it is void."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.councils.sessions import take_off_agenda
from models.enums import ItemStatus, Role
from models.process import place_in_order, step_definition
from models.process.kinds import StepKind
from models.tables import WorkItem
from models.work_items.opening import cancel_item
from models.work_items.suspending import resume_after_producer


def later_items(session: Session, item: WorkItem) -> Sequence[WorkItem]:
    """The items of the same attempt (score sheets too) that come after it in the procedure, in that order, locked."""
    here = place_in_order(item.kind, item.turn)
    query = (
        select(WorkItem)
        .where(WorkItem.attempt_id == item.attempt_id)
        .order_by(WorkItem.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    later = [other for other in session.scalars(query) if place_in_order(other.kind, other.turn) > here]
    return sorted(later, key=lambda other: place_in_order(other.kind, other.turn))


def taken_back(item: WorkItem, later: Iterable[WorkItem]) -> list[WorkItem]:
    """Of the items after it, in their order: those that are open, and those done that rest on what is taken back."""
    touched: set[StepKind] = {item.kind}
    undone = []
    for other in later:
        void = other.status is ItemStatus.DONE and bool(touched & set(step_definition(other.kind).rests_on))
        if void:
            touched.add(other.kind)
        if void or other.status is ItemStatus.OPEN:
            undone.append(other)
    return undone


def undo_later(session: Session, item: WorkItem, why: str, who: Actor, now: datetime) -> list[WorkItem]:
    """Cancel what is open after the item and void what rests on it, step by step; gives what was taken back.

    What stays done counts as noticed by the run: where the procedure still leads there it is taken as it is.
    """
    later = later_items(session, item)
    undone = taken_back(item, later)
    for other in later:
        if other.status is ItemStatus.DONE and other not in undone:
            other.taken_up_at = other.taken_up_at or now
    for other in undone:
        if other.role is Role.PRODUCER and other.status is ItemStatus.OPEN:
            resume_after_producer(session, other.subject, now)
        cancel_item(session, other, why, who, now)
    if place_in_order(item.kind, item.turn) < place_in_order(StepKind.COUNCIL_EVALUATION, 1):
        take_off_agenda(session, item.case, why)
    session.flush()
    return undone
