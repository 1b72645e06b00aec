"""What every row of a workbook asks of the places: looked up once an import."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from models.offices.owning import office_of
from models.offices.places import commune_now, commune_on, predecessors
from models.tables import Office, Place, Product


@dataclass
class Ground:
    """Communes, what they took over, and the offices that look after them."""

    session: Session
    today: date
    _today: dict[str, Place | None] = field(default_factory=dict)
    _then: dict[tuple[str, date], Place | None] = field(default_factory=dict)
    _within: dict[int, set[int]] = field(default_factory=dict)
    _offices: dict[int, Office] = field(default_factory=dict)

    def place(self, name: str) -> Place | None:
        """The commune of today with this name."""
        if name not in self._today:
            self._today[name] = commune_on(self.session, name, self.today)
        return self._today[name]

    def place_then(self, name: str, then: date) -> Place | None:
        """The commune of today that a name of an earlier day means."""
        if (name, then) not in self._then:
            self._then[name, then] = commune_now(self.session, name, then, self.today)
        return self._then[name, then]

    def within(self, place: Place) -> set[int]:
        """The place and what it took over."""
        if place.id not in self._within:
            self._within[place.id] = {place.id, *predecessors(self.session, place.id)}
        return self._within[place.id]

    def office(self, product: Product) -> Office:
        """The coordination office of the product's place."""
        if product.place_id not in self._offices:
            self._offices[product.place_id] = office_of(self.session, product)
        return self._offices[product.place_id]
