"""People as a list and one by one, for those who appoint them: what they act as, where, until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.enums import Role
from models.notifications.channels import ChannelRow, channel_rows
from models.offices.people import person_of_code
from models.paging import Page, PageAsked, page_of_rows
from models.searching import folded
from models.tables import Capacity, Person, Producer


@dataclass(frozen=True)
class CapacityLine:
    """One capacity; `in_force`: it holds on the day asked."""

    id: int
    role: str
    role_label: str
    where: str
    title: str
    valid_from: date
    valid_to: date | None
    in_force: bool


@dataclass(frozen=True)
class PersonLine:
    """One person in the list, with the capacities in force."""

    code: str
    name: str
    active: bool
    capacities: list[CapacityLine]


@dataclass(frozen=True)
class PersonCard:
    """One person; the channels' addresses are without secrets."""

    code: str
    name: str
    email: str | None
    phone: str | None
    active: bool
    capacities: list[CapacityLine]
    channels: list[ChannelRow]


def people_page(
    session: Session, on: date, asked: PageAsked, *, search: str = "", role: Role | None = None
) -> Page[PersonLine]:
    """People by name, those found by name or code (accents or not), those who hold a role on `on`."""
    query = select(Person.id).where(*_wanted(session, search, role, on)).order_by(Person.name, Person.id)
    page = page_of_rows(session, query, asked)
    ids = [row.id for row in page.items]
    capacities = selectinload(Person.capacities).joinedload(Capacity.office)
    found = {one.id: one for one in session.scalars(select(Person).where(Person.id.in_(ids)).options(capacities))}
    makers = _producers(session, [one for person in found.values() for one in person.capacities])
    return page.map(lambda row: _line(found[row.id], makers, on))


def person_card(session: Session, code: str, on: date) -> PersonCard:
    """Everything about one person.

    Raises:
        NotFoundError: there is none.
    """
    person = person_of_code(session, code)
    query = select(Capacity).where(Capacity.person_id == person.id).options(joinedload(Capacity.office))
    held = session.scalars(query.order_by(Capacity.id)).all()
    makers = _producers(session, held)
    return PersonCard(
        code=person.code,
        name=person.name,
        email=person.email,
        phone=person.phone,
        active=person.active,
        capacities=[_capacity(one, makers, on) for one in held],
        channels=channel_rows(session, person),
    )


def _wanted(session: Session, search: str, role: Role | None, on: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.strip():
        # A few hundred people: names are compared here, as no folded column is kept beside them.
        words = folded(search).split()
        rows = session.execute(select(Person.id, Person.name, Person.code))
        named = [row.id for row in rows if all(word in f"{folded(row.name)} {row.code.lower()}" for word in words)]
        found.append(Person.id.in_(named))
    if role is not None:
        holding = select(Capacity.person_id).where(
            Capacity.role == role,
            Capacity.valid_from <= on,
            or_(Capacity.valid_to.is_(None), Capacity.valid_to >= on),
        )
        found.append(Person.id.in_(holding))
    return found


def _line(person: Person, makers: dict[int, str], on: date) -> PersonLine:
    held = [_capacity(one, makers, on) for one in sorted(person.capacities, key=lambda one: one.id)]
    return PersonLine(person.code, person.name, person.active, [one for one in held if one.in_force])


def _capacity(one: Capacity, makers: dict[int, str], on: date) -> CapacityLine:
    where = one.office.name if one.office is not None else makers.get(one.producer_id or 0, "")
    return CapacityLine(
        one.id, one.role.value, one.role.label, where, one.title, one.valid_from, one.valid_to, one.holds_on(on)
    )


def _producers(session: Session, held: Sequence[Capacity]) -> dict[int, str]:
    ids = {one.producer_id for one in held if one.producer_id is not None}
    query = select(Producer.id, Producer.name).where(Producer.id.in_(ids))
    return {row.id: row.name for row in session.execute(query)} if ids else {}
