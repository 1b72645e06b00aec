"""How far a capacity reaches: its places, its coordination offices, its councils."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.actors import Actor
from models.enums import OfficeKind, Role
from models.offices.owning import offices_by_place
from models.tables import Capacity, Council, CouncilMember, Office, Producer

Condition = ColumnElement[bool]
Rule = Callable[[Session, Capacity], Condition]


def any_of(session: Session, capacities: Iterable[Capacity], rules: dict[Role, Rule]) -> Condition:
    """What any of the capacities lets see; a role without a rule sees nothing."""
    return or_(false(), *(rules[one.role](session, one) for one in capacities if one.role in rules))


def holds(session: Session, key: InstrumentedAttribute[int], row_id: int, condition: Condition) -> bool:
    """Whether one row meets the condition."""
    return session.scalar(select(key).where(key == row_id, condition)) is not None


def own_place(session: Session, capacity: Capacity) -> int | None:
    """The place of the capacity's commune, or of its producer."""
    if capacity.producer_id is not None:
        return session.get_one(Producer, capacity.producer_id).place_id
    office = session.get(Office, capacity.office_id) if capacity.office_id is not None else None
    return office.place_id if office is not None and office.kind is OfficeKind.COMMUNE else None


def own_offices(session: Session, capacity: Actor | Capacity) -> set[int]:
    """The coordination offices that the capacity belongs to, or stands over as the authority that they work for."""
    office = session.get(Office, capacity.office_id) if capacity.office_id is not None else None
    if office is None:
        return set()
    if office.kind is OfficeKind.COORDINATION:
        return {office.id}
    return _under(session, office) if office.kind is OfficeKind.AUTHORITY else set()


def places_of(session: Session, office_ids: set[int]) -> set[int]:
    """The places that these offices look after."""
    return {place for place, office in offices_by_place(session).items() if office in office_ids}


def offices_of_own_place(session: Session, capacity: Capacity) -> set[int]:
    """The coordination office that looks after the commune or producer."""
    place_id = own_place(session, capacity)
    found = offices_by_place(session).get(place_id) if place_id is not None else None
    return {found} if found is not None else set()


def heads_commune(session: Session, who: Actor | Capacity) -> bool:
    """Whether somebody acts as the head of a commune: a leader who sees and decides no more than the commune."""
    if who.role is not Role.LEADER or who.office_id is None:
        return False
    return session.get_one(Office, who.office_id).kind is OfficeKind.COMMUNE


def of_commune(session: Session, capacity: Capacity) -> bool:
    """Whether the capacity is one of a commune: its officer, or its head."""
    return capacity.role is Role.COMMUNE_OFFICER or heads_commune(session, capacity)


def councils_kept(capacity: Capacity) -> Select[tuple[int]]:
    """The councils whose secretary the person is."""
    return select(Council.id).where(Council.secretary_id == capacity.person_id)


def councils_sat_in(capacity: Capacity) -> Select[tuple[int]]:
    """The councils in which the person has a seat."""
    return select(CouncilMember.council_id).where(CouncilMember.person_id == capacity.person_id)


def _under(session: Session, authority: Office) -> set[int]:
    # As `models.steps.addressing` finds the authority of an office: by its setting, else the first there is.
    query = select(Office).where(Office.kind == OfficeKind.COORDINATION)
    first = session.scalar(select(Office.code).where(Office.kind == OfficeKind.AUTHORITY).order_by(Office.id).limit(1))
    return {one.id for one in session.scalars(query) if _named(one.settings, first) == authority.code}


def _named(settings: dict[str, Any], first: str | None) -> Any:
    return settings.get("authority", first)
