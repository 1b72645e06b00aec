"""Certificates as exports need them: their line of the register, their product, and the place of that day."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session, joinedload

from models.access import certificates_visible, dossiers_visible
from models.certificates.listing import register
from models.certificates.register import RegisterRow
from models.offices.history import PlacesThen
from models.tables import Capacity, Certificate, Place, Product


@dataclass(frozen=True)
class Seen:
    """What somebody may take out: conditions on `Certificate` and `Dossier`; everything by default."""

    certificates: ColumnElement[bool] = field(default_factory=true)
    dossiers: ColumnElement[bool] = field(default_factory=true)

    @classmethod
    def by(cls, session: Session, capacities: Collection[Capacity]) -> Seen:
        """What these capacities let see."""
        return cls(certificates_visible(session, capacities), dossiers_visible(session, capacities))


EVERYTHING = Seen()


class Standing(NamedTuple):
    """One certificate on a day."""

    row: RegisterRow
    product: Product
    place: Place


def certificates_on(session: Session, on: date, seen: Seen = EVERYTHING) -> Iterator[Standing]:
    """Every certificate issued by the day that is seen, by code; a fixed number of queries for all of them."""
    loaded = joinedload(Certificate.product).options(joinedload(Product.producer), joinedload(Product.place))
    query = select(Certificate).where(Certificate.issued_on <= on, seen.certificates).options(loaded)
    products = {certificate.code: certificate.product for certificate in session.scalars(query)}
    places = PlacesThen(session, select(Certificate.product_id).where(Certificate.issued_on <= on))
    for row in sorted(register(session, on, visible=seen.certificates), key=lambda row: row.code):
        product = products[row.code]
        yield Standing(row, product, places.place(product, on))
