"""Certificates as exports need them: their line of the register, their product, and the place of that day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.certificates.listing import register
from models.certificates.register import RegisterRow
from models.offices.history import PlacesThen
from models.tables import Certificate, Place, Product


class Standing(NamedTuple):
    """One certificate on a day."""

    row: RegisterRow
    product: Product
    place: Place


def certificates_on(session: Session, on: date) -> Iterator[Standing]:
    """Every certificate issued by the day, by code; a fixed number of queries for all of them."""
    loaded = joinedload(Certificate.product).options(joinedload(Product.producer), joinedload(Product.place))
    query = select(Certificate).where(Certificate.issued_on <= on).options(loaded)
    products = {certificate.code: certificate.product for certificate in session.scalars(query)}
    places = PlacesThen(session, select(Certificate.product_id).where(Certificate.issued_on <= on))
    for row in sorted(register(session, on), key=lambda row: row.code):
        product = products[row.code]
        yield Standing(row, product, places.place(product, on))
