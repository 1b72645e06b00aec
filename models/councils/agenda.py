"""What may come before the council: the dossiers of a round that are ready, and why the others are not yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.enums import AttemptStatus, ItemStatus
from models.process import step_definition
from models.process.kinds import StepKind
from models.tables import Dossier, DossierAttempt, Product, WorkItem
from models.work_items.authority import addressee


@dataclass(frozen=True)
class Candidate:
    """One dossier in progress. `waits`: what it still waits for, in words; empty when it is ready for the council."""

    dossier: str
    product: str
    producer: str
    place: str
    kind: str
    waits: str
    waiting_for: str
    due_on: date | None

    @property
    def ready(self) -> bool:
        """Whether it may be put on the agenda."""
        return not self.waits


def candidates(session: Session, round_id: int) -> list[Candidate]:
    """The dossiers in progress of a round, those that are ready first."""
    product = joinedload(DossierAttempt.dossier).joinedload(Dossier.product)
    query = (
        select(DossierAttempt)
        .where(DossierAttempt.round_id == round_id, DossierAttempt.status == AttemptStatus.IN_PROGRESS)
        .options(product.joinedload(Product.place), product.joinedload(Product.producer))
        .order_by(DossierAttempt.dossier_id)
    )
    open_items = _open_items(session, round_id)
    found = [_candidate(session, one, open_items.get(one.id)) for one in session.scalars(query)]
    return sorted(found, key=lambda one: not one.ready)


def _open_items(session: Session, round_id: int) -> dict[int, WorkItem]:
    query = (
        select(WorkItem)
        .where(WorkItem.round_id == round_id, WorkItem.attempt_id.is_not(None), WorkItem.status == ItemStatus.OPEN)
        .where(WorkItem.kind != StepKind.SCORE_SHEET)
        .options(joinedload(WorkItem.office), joinedload(WorkItem.producer), joinedload(WorkItem.assignee))
        .order_by(WorkItem.id)
    )
    return {item.attempt_id: item for item in session.scalars(query) if item.attempt_id is not None}


def _candidate(session: Session, attempt: DossierAttempt, item: WorkItem | None) -> Candidate:
    product = attempt.dossier.product
    ready = item is not None and item.kind is StepKind.COUNCIL_EVALUATION
    waits = "" if ready else step_definition(item.kind).waiting if item is not None else "Đang chuyển bước"
    return Candidate(
        dossier=attempt.dossier.code,
        product=product.name,
        producer=product.producer.name,
        place=product.place.name,
        kind=attempt.dossier.kind.label,
        waits=waits,
        waiting_for="" if ready or item is None else addressee(session, item),
        due_on=None if ready or item is None else item.due_on,
    )
