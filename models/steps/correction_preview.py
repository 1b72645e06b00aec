"""What correcting an outcome would open again, looked at before it is done (decision 0008)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import ItemStatus
from models.process import Scope, place_in_order, step_definition
from models.steps.undoing import taken_back
from models.tables import WorkItem


@dataclass(frozen=True)
class Reopening:
    """One later step that is taken back when what it rests on changes: cancelled while open, void once `done`."""

    item: int
    label: str
    turn: int
    done: bool


def would_reopen(session: Session, item: WorkItem) -> list[Reopening]:
    """What is taken back when a field is corrected that later steps follow from, in the order of the procedure."""
    if item.attempt_id is None or step_definition(item.kind).scope is not Scope.ATTEMPT:
        return []
    here = place_in_order(item.kind, item.turn)
    others = session.scalars(select(WorkItem).where(WorkItem.attempt_id == item.attempt_id).order_by(WorkItem.id))
    later = [other for other in others if place_in_order(other.kind, other.turn) > here]
    later.sort(key=lambda other: place_in_order(other.kind, other.turn))
    return [
        Reopening(other.id, step_definition(other.kind).label, other.turn, other.status is ItemStatus.DONE)
        for other in taken_back(item, later)
    ]
