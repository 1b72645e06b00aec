"""The products that somebody may register: what is open, what is drafted, how the latest dossier stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from models.access import reach
from models.actors import Held
from models.dossiers.attempts import takes_dossiers
from models.enums import AttemptStatus, ItemStatus, Role, RoundStatus
from models.offices.owning import offices_by_place
from models.paging import Page, PageAsked, page_of_rows
from models.process import step_definition
from models.searching import contains
from models.tables import Dossier, DossierAttempt, Draft, Person, PlannedProduct, Producer, Product, Round, WorkItem


@dataclass(frozen=True)
class RegistrationRow:
    """One product: in which open rounds it can be registered, what is drafted there, how its latest dossier stands.

    `waiting`: what the dossier waits for, in the producer's words.
    """

    product_id: int
    product: str
    producer: str
    dossier: str | None
    status: str
    waiting: str
    may_start: bool
    rounds: tuple[OpenRound, ...]


@dataclass(frozen=True)
class OpenRound:
    """A round that takes the product's dossier, until when, and who drafted it last."""

    code: str
    title: str
    until: date
    drafted_at: datetime | None
    drafted_by: str


def registration_page(
    session: Session, held: Iterable[Held], on: date, asked: PageAsked, search: str = ""
) -> Page[RegistrationRow]:
    """One page of the products that these capacities may register, by name."""
    capacities = list(held)
    taking = [
        round_
        for round_ in session.scalars(select(Round).where(Round.status == RoundStatus.OPEN))
        if takes_dossiers(round_, on)
    ]
    found = page_of_rows(session, _query(session, capacities, taking, search), asked)
    drafts = _drafts(session, capacities)
    waiting = _waiting(session, [row.attempt_id for row in found.items if row.attempt_id])
    offices = offices_by_place(session) if found.items else {}
    return found.map(
        lambda row: _row(row, [r for r in taking if r.plan.office_id == offices.get(row.place_id)], drafts, waiting)
    )


def _query(session: Session, held: Sequence[Held], taking: Sequence[Round], search: str) -> Select[Any]:
    latest = select(func.max(DossierAttempt.id)).join(Dossier).where(Dossier.product_id == Product.id)
    query = (
        select(
            Product.id, Product.name, Product.place_id, Producer.name.label("producer"), Dossier.code,
            DossierAttempt.id.label("attempt_id"), DossierAttempt.status,
        )
        .join(Producer, Product.producer_id == Producer.id)
        .outerjoin(DossierAttempt, DossierAttempt.id == latest.correlate(Product).scalar_subquery())
        .outerjoin(Dossier, DossierAttempt.dossier_id == Dossier.id)
        .where(or_(Product.id < 0, *(_mine(session, one, taking) for one in held)))
        .order_by(Product.name, Product.id)
    )  # fmt: skip
    if search.strip():
        names = [Product.__table__.c.name_folded, Producer.__table__.c.name_folded]
        query = query.where(contains(search, names, []))
    return query


def _mine(session: Session, held: Held, taking: Sequence[Round]) -> ColumnElement[bool]:
    """Products that a capacity lets register: the producer's own, the commune's, those planned in the office's rounds
    and those with a dossier at the office."""
    capacity = held.capacity
    if held.delegation is not None and held.delegation.kinds:
        return Product.id < 0
    if capacity.role is Role.PRODUCER:
        return Product.producer_id == capacity.producer_id
    if capacity.role is Role.COMMUNE_OFFICER:
        return Product.place_id == reach.own_place(session, capacity)
    if capacity.role is Role.COORDINATOR:
        rounds = [round_.id for round_ in taking if round_.plan.office_id == capacity.office_id]
        planned = select(PlannedProduct.product_id).where(PlannedProduct.round_id.in_(rounds))
        received = select(Dossier.product_id).where(Dossier.office_id == capacity.office_id)
        return or_(Product.id.in_(planned), Product.id.in_(received))
    return Product.id < 0


def _drafts(session: Session, held: Sequence[Held]) -> dict[str, tuple[datetime, str]]:
    """When each registration was saved last, and by whom, by the draft's key."""
    owners = {f"person:{one.person_id}" for one in held}
    owners |= {f"producer:{one.capacity.producer_id}" for one in held if one.capacity.role is Role.PRODUCER}
    query = select(Draft.key, Draft.updated_at, Person.name).outerjoin(Person, Draft.updated_by_id == Person.id)
    rows = session.execute(query.where(and_(Draft.owner.in_(owners), Draft.key.startswith("registration/"))))
    return {key: (at, name or "") for key, at, name in rows}


def _waiting(session: Session, attempts: Sequence[int]) -> dict[int, str]:
    """What each attempt waits for, in the producer's words; the latest of several open steps."""
    query = select(WorkItem.attempt_id, WorkItem.kind).where(
        WorkItem.attempt_id.in_(attempts), WorkItem.status == ItemStatus.OPEN
    )
    return {
        attempt: step_definition(kind).producer_label
        for attempt, kind in session.execute(query.order_by(WorkItem.id))
        if attempt
    }


def _row(
    row: Any, rounds: Sequence[Round], drafts: dict[str, tuple[datetime, str]], waiting: dict[int, str]
) -> RegistrationRow:
    status = AttemptStatus(row.status) if row.status else None
    return RegistrationRow(
        product_id=row.id,
        product=row.name,
        producer=row.producer,
        dossier=row.code,
        status=status.label if status else "",
        waiting=waiting.get(row.attempt_id, "") if status is AttemptStatus.IN_PROGRESS else "",
        may_start=status is not AttemptStatus.IN_PROGRESS,
        rounds=tuple(
            OpenRound(
                r.code, r.title, r.registration_closes_on, *drafts.get(f"registration/{r.code}/{row.id}", (None, ""))
            )
            for r in rounds
        ),
    )
