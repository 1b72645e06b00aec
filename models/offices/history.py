"""Where a product was on a day, and which office held what: names of today are not those of old reports (0005)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.tables import DossierAttempt, Office, Place, Product, UnitTransfer

PRODUCT = "product:"
"""How the name begins under which moves of a product are kept."""


def product_subject(product: Product) -> str:
    """The name under which moves of a product are kept."""
    return f"{PRODUCT}{product.id}"


def place_as_of(session: Session, product: Product, day: date) -> Place:
    """The place of a product as people named it on `day`: that before the first move after the day."""
    moved = _before_move(session, product_subject(product), day)
    return product.place if moved is None else session.get_one(Place, moved)


def place_of_attempt(session: Session, attempt: DossierAttempt) -> Place:
    """The place of the attempt's product: that of the day on which the attempt ended; of today while it goes on."""
    product = attempt.dossier.product
    return product.place if attempt.ended_on is None else place_as_of(session, product, attempt.ended_on)


def office_as_of(session: Session, subject: str, present: Office, day: date) -> Office:
    """The office that held `subject` (`plan:3`, `item:12`, `dossier:7`) on `day`, of which `present` has it now."""
    moved = _before_move(session, subject, day)
    return present if moved is None else session.get_one(Office, moved)


def _before_move(session: Session, subject: str, day: date) -> int | None:
    return session.scalar(
        select(UnitTransfer.from_id)
        .where(UnitTransfer.subject == subject, UnitTransfer.moved_on > day)
        .order_by(UnitTransfer.moved_on)
        .limit(1)
    )


def place_id_then(day: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[int]:
    """In a query on `Product`: the id of its place on `day`, as `place_as_of`; where there is no day that of today."""
    moved = (
        select(UnitTransfer.from_id)
        .where(UnitTransfer.subject == literal(PRODUCT).concat(cast(Product.id, String)), UnitTransfer.moved_on > day)
        .order_by(UnitTransfer.moved_on)
        .limit(1)
        .correlate_except(UnitTransfer)
    )
    then = func.coalesce(moved.scalar_subquery(), Product.place_id)
    return case((day.is_(None), Product.place_id), else_=then)


class PlacesThen:
    """Where each of many products was on a day; one query for the moves of all of them, one for the places."""

    def __init__(self, session: Session, products: Select[tuple[int]]) -> None:
        """Look up the moves of the products with these ids."""
        subject = literal(PRODUCT).concat(cast(Product.id, String))
        moves = (
            select(Product.id, UnitTransfer.moved_on, UnitTransfer.from_id)
            .join(UnitTransfer, UnitTransfer.subject == subject)
            .where(Product.id.in_(products))
            .order_by(UnitTransfer.moved_on)
        )
        self._moves: dict[int, list[tuple[date, int]]] = {}
        for product_id, moved_on, from_id in session.execute(moves):
            self._moves.setdefault(product_id, []).append((moved_on, from_id))
        self._places = _places(session, {place for moved in self._moves.values() for _, place in moved})

    def title(self, product_id: int, present: str, day: date | None) -> str:
        """The title of the product's place on `day`, of which `present` is that of today; no day: of today."""
        if day is None:
            return present
        then = self._before(product_id, day)
        return present if then is None else then.title

    def place(self, product: Product, day: date) -> Place:
        """The product's place on `day`, as `place_as_of`."""
        return self._before(product.id, day) or product.place

    def _before(self, product_id: int, day: date) -> Place | None:
        return next((self._places[place] for on, place in self._moves.get(product_id, ()) if on > day), None)


def _places(session: Session, places: Iterable[int]) -> dict[int, Place]:
    found = session.scalars(select(Place).where(Place.id.in_(places))) if places else ()
    return {place.id: place for place in found}
