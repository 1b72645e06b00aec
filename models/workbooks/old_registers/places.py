"""Communes and products as old registers name them: old names, addresses, letters without marks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.enums import Level
from models.tables import Place, Product
from models.workbooks.columns import same_words
from models.workbooks.ground import Ground
from models.workbooks.old_registers.plain import plain

_COUNTED = re.compile(r"^\s*(?:[IVXLC]+|[A-Z]|\d+)\s*[.)/-]\s*")


@dataclass
class Known:
    """The communes and products that are there, by their plain names; read once an import."""

    ground: Ground
    communes: dict[str, set[str]] = field(default_factory=dict)
    products: dict[str, list[Product]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place in self.ground.session.scalars(select(Place).where(Place.level == Level.COMMUNE)):
            for words in (place.name, place.title):
                self.communes.setdefault(plain(words), set()).add(words)
        query = select(Product).options(joinedload(Product.producer), joinedload(Product.place))
        for product in self.ground.session.scalars(query.order_by(Product.id)):
            self.add(product)

    def add(self, product: Product) -> None:
        """Remember a product that was made on the way."""
        for name in {plain(name) for name in (product.name, *(alias.name for alias in product.aliases))}:
            self.products.setdefault(name, []).append(product)

    def place_in(self, text: str, on: date) -> Place | None:
        """The commune of today that an address or an old name means, as of the day of the paper."""
        for part in _parts(text):
            place = self.ground.place_then(part, on)
            if place is None:
                spellings = self.communes.get(plain(part), set())
                found = [p for p in (self.ground.place_then(s, on) for s in sorted(spellings)) if p]
                place = found[0] if len({p.id for p in found}) == 1 else None
            if place is not None:
                return place
        return None

    def product_called(self, name: str, place: Place | None) -> list[Product]:
        """The products of this name there: those written so, else those that differ in capitals or marks only."""
        found = self.products.get(plain(name), [])
        if place is not None:
            found = [product for product in found if product.place_id in self.ground.within(place)]
        exact = [product for product in found if same_words(name) in _names(product)]
        return exact or found


def _names(product: Product) -> set[str]:
    return {same_words(product.name), *(same_words(alias.name) for alias in product.aliases)}


def _parts(text: str) -> Iterable[str]:
    """The whole text, and the parts of an address from its end: the commune stands behind the hamlet."""
    bare = _COUNTED.sub("", text).strip()
    parts = [part.strip(" .") for part in re.split(r"[,;\n]| - | – ", bare)]
    return dict.fromkeys([bare, *reversed(parts)])
