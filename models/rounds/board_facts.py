"""What the board of a round is made from: a fixed number of queries, however many dossiers the round has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from models.dossiers.limits import evaluated_days
from models.enums import AttemptStatus, ItemStatus
from models.offices.history import PlacesThen
from models.process import Scope
from models.process.kinds import StepKind
from models.rounds.board_index import Part, Shown
from models.rounds.declined import declined_in
from models.subjects import attempt_subject
from models.tables import (
    Dossier,
    DossierAttempt,
    Office,
    Person,
    Place,
    PlannedProduct,
    Producer,
    Product,
    Round,
    RoundCarry,
    WorkItem,
)
from models.work_items.queries import kinds_of


@dataclass(frozen=True)
class BoardItem:
    """An open item of a case of the round, with whom it waits for."""

    id: int
    kind: StepKind
    due_on: date
    suspended: bool
    waiting_for: str


@dataclass(frozen=True)
class BoardFacts:
    """Everything about one round. `attempts`: the latest of each dossier, by code; `items`: by subject and due day.

    `gone` are the carries of attempts that went on in another round, `waiting` the attempts that wait for one,
    `declined` the products whose producers will not have them evaluated again.
    """

    attempts: list[Row[Any]]
    items: dict[str, list[BoardItem]]
    gone: list[RoundCarry]
    gone_attempts: dict[int, Row[Any]]
    waiting: set[int]
    planned: Sequence[Row[Any]]
    declined: frozenset[int]
    evaluated: dict[int, date]
    places: PlacesThen


def board_facts(session: Session, round_: Round, shown: Shown | None = None) -> BoardFacts:
    """Look everything up, or only what is about the lines that are `shown`."""
    here = DossierAttempt.round_id == round_.id if shown is None else DossierAttempt.id.in_(shown.of(Part.ATTEMPT))
    gone = [carry for carry in _carries(session, round_, shown) if carry.attempt.round_id != round_.id]
    gone_ids = [carry.attempt_id for carry in gone]
    gone_attempts = {row.id: row for row in _attempts(session, DossierAttempt.id.in_(gone_ids))} if gone else {}
    gone_dossiers = {row.dossier_id for row in gone_attempts.values()}
    latest = {row.dossier_id: row for row in _attempts(session, here) if row.dossier_id not in gone_dossiers}
    products = select(Dossier.product_id).join(DossierAttempt).where(or_(here, DossierAttempt.id.in_(gone_ids)))
    planned = select(PlannedProduct.product_id).where(*_planned_lines(round_, shown))
    none_planned = shown is not None and not shown.of(Part.PLANNED)
    return BoardFacts(
        attempts=sorted(latest.values(), key=lambda row: row.code),
        items=_open_items(session, round_, shown),
        gone=gone,
        gone_attempts=gone_attempts,
        waiting=_waiting(session, here),
        planned=[] if none_planned else _planned(session, round_, shown),
        declined=frozenset() if none_planned else declined_in(session, round_.id),
        evaluated=evaluated_days(session, and_(here, DossierAttempt.status == AttemptStatus.IN_PROGRESS)),
        places=PlacesThen(session, select(Product.id).where(or_(Product.id.in_(products), Product.id.in_(planned)))),
    )


def _attempts(session: Session, condition: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """The attempts that fulfil a condition with the names that the board shows, the latest of a dossier last."""
    query = (
        select(
            DossierAttempt.id,
            DossierAttempt.dossier_id,
            DossierAttempt.number,
            DossierAttempt.received_on,
            DossierAttempt.status,
            DossierAttempt.ended_on,
            Dossier.code,
            Dossier.kind,
            Dossier.target_stars,
            Dossier.product_id,
            Product.name.label("product"),
            (Place.kind + " " + Place.name).label("place"),
        )
        .join(Dossier, DossierAttempt.dossier_id == Dossier.id)
        .join(Product, Dossier.product_id == Product.id)
        .join(Place, Product.place_id == Place.id)
        .where(condition)
        .order_by(DossierAttempt.number)
    )
    return session.execute(query).all()


def _carries(session: Session, round_: Round, shown: Shown | None) -> Sequence[RoundCarry]:
    if shown is not None and not shown.of(Part.CARRIED):
        return []
    query = (
        select(RoundCarry)
        .where(RoundCarry.from_round_id == round_.id)
        .options(joinedload(RoundCarry.attempt), joinedload(RoundCarry.to_round).joinedload(Round.plan))
        .order_by(RoundCarry.id)
    )
    return session.scalars(query if shown is None else query.where(RoundCarry.id.in_(shown.of(Part.CARRIED)))).all()


def _waiting(session: Session, here: ColumnElement[bool]) -> set[int]:
    query = select(RoundCarry.attempt_id).join(DossierAttempt, RoundCarry.attempt_id == DossierAttempt.id)
    return set(session.scalars(query.where(here, RoundCarry.to_round_id.is_(None))))


def _planned_lines(round_: Round, shown: Shown | None) -> list[ColumnElement[bool]]:
    of_round = PlannedProduct.round_id == round_.id
    return [of_round] if shown is None else [of_round, PlannedProduct.id.in_(shown.of(Part.PLANNED))]


def _planned(session: Session, round_: Round, shown: Shown | None) -> Sequence[Row[Any]]:
    place = (Place.kind + " " + Place.name).label("place")
    query = (
        select(PlannedProduct.product_id, PlannedProduct.target_stars, Product.name.label("product"), place)
        .join(Product, PlannedProduct.product_id == Product.id)
        .join(Place, Product.place_id == Place.id)
        .where(*_planned_lines(round_, shown))
        .order_by(PlannedProduct.id)
    )
    return session.execute(query).all()


def _open_items(session: Session, round_: Round, shown: Shown | None) -> dict[str, list[BoardItem]]:
    query = (
        select(
            WorkItem.id,
            WorkItem.subject,
            WorkItem.kind,
            WorkItem.role,
            WorkItem.due_on,
            WorkItem.suspended_on,
            func.coalesce(Person.name, Producer.name, Office.name).label("name"),
        )
        .outerjoin(Person, WorkItem.assignee_id == Person.id)
        .outerjoin(Producer, WorkItem.producer_id == Producer.id)
        .outerjoin(Office, WorkItem.office_id == Office.id)
        .where(WorkItem.round_id == round_.id, WorkItem.status == ItemStatus.OPEN)
        .where(WorkItem.kind.not_in(kinds_of(Scope.SHEET)), *_items_shown(shown))
        .order_by(WorkItem.due_on, WorkItem.id)
    )
    found: dict[str, list[BoardItem]] = {}
    for item_id, subject, kind, role, due_on, suspended_on, name in session.execute(query):
        item = BoardItem(item_id, kind, due_on, suspended_on is not None, name or role.label)
        found.setdefault(subject, []).append(item)
    return found


def _items_shown(shown: Shown | None) -> list[ColumnElement[bool]]:
    if shown is None:
        return []
    subjects = [attempt_subject(attempt) for attempt in shown.of(Part.ATTEMPT)]
    return [or_(WorkItem.subject.in_(subjects), WorkItem.id.in_(shown.of(Part.ROUND)))]
