"""Dossiers as lists show them, searched, filtered and in pages: `ocop dossier list`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session

from models.enums import AttemptStatus
from models.offices.history import PlacesThen
from models.paging import Page, PageAsked, page_of_rows
from models.searching import contains
from models.tables import Dossier, DossierAttempt, Place, Producer, Product, Round, RoundCarry


@dataclass(frozen=True)
class DossierRow:
    """One dossier in a list, as its latest attempt stands."""

    code: str
    product: str
    producer: str
    commune: str
    kind: str
    kind_label: str
    target_stars: int
    attempt: int
    round: str
    received_on: date
    status: str
    status_label: str


@dataclass(frozen=True)
class DossierFilter:
    """Which dossiers are wanted. `search`: words of product, producer or code, accents or not.

    `commune_id` is a place of today. `round_id`: those with an attempt in it, or carried on from it. `visible`: what
    of all dossiers somebody may see (`models.access.dossiers_visible`).
    """

    search: str = ""
    round_id: int | None = None
    status: AttemptStatus | None = None
    commune_id: int | None = None
    producer_id: int | None = None
    visible: ColumnElement[bool] | None = None


def dossier_rows(session: Session, round_id: int | None = None) -> list[DossierRow]:
    """All dossiers by code; of one round only those with an attempt in it."""
    return _rows(session, session.execute(_query(DossierFilter(round_id=round_id))).all())


def dossier_page(session: Session, wanted: DossierFilter, asked: PageAsked) -> Page[DossierRow]:
    """One page of the dossiers that are wanted, by code."""
    found = page_of_rows(session, _query(wanted), asked)
    return Page(_rows(session, found.items), found.total, found.page, found.size)


def _query(wanted: DossierFilter) -> Select[Any]:
    later = select(func.max(DossierAttempt.number)).where(DossierAttempt.dossier_id == Dossier.id)
    return (
        select(
            Dossier.code,
            Dossier.kind,
            Dossier.target_stars,
            Dossier.product_id,
            Product.name.label("product"),
            Producer.name.label("producer"),
            (Place.kind + " " + Place.name).label("place"),
            DossierAttempt.number,
            DossierAttempt.received_on,
            DossierAttempt.status,
            DossierAttempt.ended_on,
            Round.code.label("round"),
        )
        .join(Product, Dossier.product_id == Product.id)
        .join(Producer, Product.producer_id == Producer.id)
        .join(Place, Product.place_id == Place.id)
        .join(DossierAttempt, DossierAttempt.dossier_id == Dossier.id)
        .join(Round, DossierAttempt.round_id == Round.id)
        .where(DossierAttempt.number == later.correlate(Dossier).scalar_subquery(), *_conditions(wanted))
        .order_by(Dossier.code)
    )


def _conditions(wanted: DossierFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.search.strip():
        names = [Product.__table__.c.name_folded, Producer.__table__.c.name_folded]
        found.append(contains(wanted.search, names, [Dossier.__table__.c.code]))
    if wanted.round_id is not None:
        found.append(Dossier.id.in_(_dossiers_of(wanted.round_id)))
    if wanted.status is not None:
        found.append(DossierAttempt.status == wanted.status)
    if wanted.commune_id is not None:
        found.append(Product.place_id == wanted.commune_id)
    if wanted.producer_id is not None:
        found.append(Product.producer_id == wanted.producer_id)
    if wanted.visible is not None:
        found.append(wanted.visible)
    return found


def _dossiers_of(round_id: int) -> Select[tuple[int]]:
    was_there = select(RoundCarry.attempt_id).where(RoundCarry.from_round_id == round_id)
    return select(DossierAttempt.dossier_id).where(
        or_(DossierAttempt.round_id == round_id, DossierAttempt.id.in_(was_there))
    )


def _rows(session: Session, found: Sequence[Row[Any]]) -> list[DossierRow]:
    ended = [row.product_id for row in found if row.ended_on is not None]
    places = PlacesThen(session, select(Product.id).where(Product.id.in_(ended)))
    return [
        DossierRow(
            code=row.code,
            product=row.product,
            producer=row.producer,
            commune=places.title(row.product_id, row.place, row.ended_on),
            kind=row.kind.value,
            kind_label=row.kind.label,
            target_stars=row.target_stars,
            attempt=row.number,
            round=row.round,
            received_on=row.received_on,
            status=row.status.value,
            status_label=row.status.label,
        )
        for row in found
    ]
