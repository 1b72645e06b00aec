"""The story of a dossier: who did what, when, in which capacity, through all its attempts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.audit_words import act_in_words
from models.dossiers.attempts import dossier_by_code
from models.enums import Role
from models.forms.words import outcome_in_words
from models.process import step_definition
from models.process.kinds import StepKind
from models.subjects import attempt_subject
from models.tables import AuditEntry, Dossier, WorkItem

SENT_OUTCOME = {"item.completed", "item.corrected"}
"""Acts that state an outcome."""


@dataclass(frozen=True)
class StoryLine:
    """One thing that happened. `by` is the person, none for the system; `capacity` in words.

    `step` is the office's name of the stage, `producer_step` the producer's; `outcome` in words where one was stated.
    `what` says all of it in one sentence, without person and moment.
    """

    id: int
    at: datetime
    attempt: int
    act: str
    what: str
    by: str | None
    capacity: str
    item: int | None
    kind: str | None
    step: str | None
    producer_step: str | None
    outcome: str | None
    reason: str


def dossier_story(session: Session, code: str) -> list[StoryLine]:
    """Everything that was done to the dossier, the first thing first; score sheets are not part of it (secrecy).

    Raises:
        NotFoundError: there is no dossier of this code.
    """
    return story_of(session, dossier_by_code(session, code))


def story_of(session: Session, dossier: Dossier) -> list[StoryLine]:
    """The same of a dossier that is there already."""
    attempts = {attempt_subject(a.id): a.number for a in dossier.attempts}
    items = select(WorkItem.id, WorkItem.kind, WorkItem.turn).where(WorkItem.subject.in_(attempts))
    steps = {item: (kind, turn) for item, kind, turn in session.execute(items)}
    entries = (
        select(AuditEntry)
        .where(AuditEntry.subject.in_(attempts))
        .options(joinedload(AuditEntry.actor))
        .order_by(AuditEntry.at, AuditEntry.id)
    )
    return [_line(entry, attempts[entry.subject], steps) for entry in session.scalars(entries)]


def _line(entry: AuditEntry, attempt: int, steps: dict[int, tuple[StepKind, int]]) -> StoryLine:
    item = entry.data.get("item")
    kind, turn = steps.get(item, (None, 1)) if item is not None else (None, 1)
    outcome = outcome_in_words(entry.data["outcome"]) if entry.act in SENT_OUTCOME else None
    step = step_definition(kind) if kind is not None else None
    return StoryLine(
        id=entry.id,
        at=entry.at,
        attempt=attempt,
        act=entry.act,
        what=_sentence(entry, attempt, step.label if step is not None else None, turn, outcome),
        by=entry.actor.name if entry.actor is not None else None,
        capacity=Role(entry.capacity).label,
        item=item,
        kind=kind.value if kind is not None else None,
        step=step.label if step is not None else None,
        producer_step=step.producer_label if step is not None else None,
        outcome=outcome,
        reason=entry.reason,
    )


def _sentence(entry: AuditEntry, attempt: int, step: str | None, turn: int, outcome: str | None) -> str:
    words = act_in_words(entry.act)
    if step is not None:
        again = f" (lượt {turn})" if turn > 1 else ""
        words += f" «{step}»{again}"
    elif entry.act == "dossier.received":
        words += f", lần {attempt}"
    if outcome is not None:
        words += f": {outcome}"
    if entry.act == "item.extended":
        words += f" {entry.data['days']} ngày làm việc"
    return words
