"""Who is told: people in force on that day, found by the step, the meeting or the roles that the row names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.delegations.rules import stand_ins_for
from models.enums import OfficeKind, Role, Rung
from models.notifications.kinds import kind_of, load_kinds
from models.notifications.matters import Matter
from models.tables import Capacity, Council, Office, Person, WorkItem
from models.work_items.queries import holders_of


@dataclass(frozen=True)
class Recipients:
    """People and units who are told. `instead_of`: nobody of these was found, so the coordinators are told.

    `heard_already`: all of them hear of it by another message.
    """

    people: tuple[Person, ...]
    office_ids: frozenset[int]
    instead_of: str = ""
    heard_already: bool = False


def recipients_of(session: Session, payload: dict[str, Any], matter: Matter, on: date) -> Recipients:
    """Everybody who is told of it on the day `on`; the coordinators when nobody else is found.

    Nobody at all (no coordinator either): no people, for the caller to keep the message. A rung told `beside` a higher
    one leaves out whom the higher one tells.
    """
    found = _everybody(session, payload, matter, on)
    if "beside" not in payload:
        return found
    higher = {"what": payload["what"], "rung": payload["beside"]}
    return _without(found, _everybody(session, payload | higher, matter, on))


def _without(found: Recipients, others: Recipients) -> Recipients:
    heard = {person.id for person in others.people}
    left = tuple(person for person in found.people if person.id not in heard)
    offices = found.office_ids - others.office_ids
    return Recipients(left, offices, found.instead_of, heard_already=bool(found.people) and not left)


def _everybody(session: Session, payload: dict[str, Any], matter: Matter, on: date) -> Recipients:
    wanted = payload.get("to") or kind_of(payload).to
    found: list[Capacity] = []
    for name in wanted:
        finder = FINDERS.get(name)
        found += finder(session, payload, matter, on) if finder else by_role(session, Role(name), matter, on)
    if found:
        return _with_stand_ins(session, _gathered(found), matter, on)
    return _gathered(by_role(session, Role.COORDINATOR, matter, on), instead_of=_whom(session, wanted, payload, matter))


def by_role(session: Session, role: Role, matter: Matter, on: date) -> list[Capacity]:
    """Who holds the role for the matter at hand: of its commune, producer, office, authority, council."""
    place = ROLE_UNITS.get(role, _anywhere)(session, matter)
    return [] if place is None else _in_force(session, role, place, on)


def heads_of(session: Session, office: Office, on: date) -> list[Capacity]:
    """The head of a unit: whom its settings name (`head`), else its leaders, else who holds the post of a head."""
    query = select(Capacity).join(Person).where(Capacity.office_id == office.id, Person.active)
    own = [c for c in session.scalars(query.order_by(Person.code)) if c.holds_on(on)]
    titles = load_kinds().head_titles
    tests: tuple[Callable[[Capacity], bool], ...] = (
        lambda c: c.person.code == office.settings.get("head"),
        lambda c: c.role is Role.LEADER,
        # The council sits in the coordination office without belonging to it.
        lambda c: c.role is not Role.COUNCIL_MEMBER and c.title.startswith(titles),
    )
    return next((found for test in tests if (found := [c for c in own if test(c)])), [])


def _addressee(session: Session, _payload: dict[str, Any], matter: Matter, on: date) -> list[Capacity]:
    return holders_of(session, _item(matter), on)


def _ladder(session: Session, payload: dict[str, Any], matter: Matter, on: date) -> list[Capacity]:
    return LADDER[Rung(payload["rung"])](session, payload, matter, on)


def _head(session: Session, payload: dict[str, Any], matter: Matter, on: date) -> list[Capacity]:
    item = _item(matter)
    if item.producer_id is not None:
        return _addressee(session, payload, matter, on)  # a producer has nobody above: told once more
    units = [item.office] if item.office is not None else [c.office for c in holders_of(session, item, on)]
    return [c for unit in units if unit is not None for c in heads_of(session, unit, on)]


def _coordinators(session: Session, _payload: dict[str, Any], matter: Matter, on: date) -> list[Capacity]:
    return by_role(session, Role.COORDINATOR, matter, on)


def _leaders(session: Session, _payload: dict[str, Any], matter: Matter, on: date) -> list[Capacity]:
    return by_role(session, Role.LEADER, matter, on)


def _council(session: Session, _payload: dict[str, Any], matter: Matter, on: date) -> list[Capacity]:
    council = _council_of(session, matter)
    if council is None:
        return []
    members = [member.person_id for member in council.members]
    seats = _in_force(session, Role.COUNCIL_MEMBER, Capacity.person_id.in_(members), on)
    return seats + _in_force(session, Role.COUNCIL_SECRETARY, Capacity.person_id == council.secretary_id, on)


LADDER: dict[Rung, Callable[[Session, dict[str, Any], Matter, date], list[Capacity]]] = {
    Rung.DUE_SOON: _addressee,
    Rung.OVERDUE: _addressee,
    Rung.ESCALATED_HEAD: _head,
    Rung.ESCALATED_COORDINATOR: _coordinators,
    Rung.ESCALATED_LEADER: _leaders,
}
"""Who is told at each rung (design.md, decision 8)."""

FINDERS = {"addressee": _addressee, "ladder": _ladder, "council": _council}


def _anywhere(_session: Session, _matter: Matter) -> ColumnElement[bool] | None:
    return Capacity.id.is_not(None)


def _producer(_session: Session, matter: Matter) -> ColumnElement[bool] | None:
    return Capacity.producer_id == matter.product.producer_id if matter.product is not None else None


def _commune(session: Session, matter: Matter) -> ColumnElement[bool] | None:
    if matter.product is None:
        return None
    at_place = select(Office.id).where(Office.kind == OfficeKind.COMMUNE, Office.place_id == matter.product.place_id)
    return Capacity.office_id.in_(session.scalars(at_place).all())


def _own_office(_session: Session, matter: Matter) -> ColumnElement[bool] | None:
    return Capacity.office_id == matter.office.id


def _office_of_kind(kind: OfficeKind, setting: str) -> Callable[[Session, Matter], ColumnElement[bool] | None]:
    def find(session: Session, matter: Matter) -> ColumnElement[bool] | None:
        query = select(Office.id).where(Office.kind == kind).order_by(Office.id)
        code = matter.office.settings.get(setting)
        office_id = session.scalar((query if code is None else query.where(Office.code == code)).limit(1))
        return Capacity.office_id == office_id if office_id is not None else None

    return find


ROLE_UNITS: dict[Role, Callable[[Session, Matter], ColumnElement[bool] | None]] = {
    Role.PRODUCER: _producer,
    Role.COMMUNE_OFFICER: _commune,
    Role.COORDINATOR: _own_office,
    Role.ADVISORY_MEMBER: _own_office,
    Role.COUNCIL_MEMBER: _own_office,
    Role.COUNCIL_SECRETARY: _own_office,
    Role.LEADER: _office_of_kind(OfficeKind.AUTHORITY, "authority"),
    Role.CONSULTANT: _office_of_kind(OfficeKind.CONSULTANT, "consultant"),
    Role.TECHNICAL_OFFICER: _office_of_kind(OfficeKind.TECHNICAL, "inspection_office"),
}
"""In which unit a role is looked for; a role that belongs to no unit is looked for everywhere."""


def _in_force(session: Session, role: Role, where: ColumnElement[bool], on: date) -> list[Capacity]:
    query = select(Capacity).join(Person).where(Capacity.role == role, Person.active, where)
    return [c for c in session.scalars(query.order_by(Person.code)) if c.holds_on(on)]


def _council_of(session: Session, matter: Matter) -> Council | None:
    if matter.meeting is not None:
        return matter.meeting.council
    query = select(Council).where(Council.office_id == matter.office.id).order_by(Council.decided_on.desc())
    return session.scalar(query.limit(1))


def _item(matter: Matter) -> WorkItem:
    if matter.item is None:
        raise TypeError("this kind of notification is about a work item")
    return matter.item


def _gathered(capacities: Iterable[Capacity], instead_of: str = "") -> Recipients:
    listed = list(capacities)
    people = {c.person_id: c.person for c in listed}
    return Recipients(tuple(people.values()), frozenset(c.office_id for c in listed if c.office_id), instead_of)


def _with_stand_ins(session: Session, told: Recipients, matter: Matter, on: date) -> Recipients:
    """Of a work item also those hear who do it in place of somebody who is told."""
    if matter.item is None:
        return told
    others = stand_ins_for(session, [person.id for person in told.people], on, matter.item.kind)
    return replace(told, people=tuple(dict.fromkeys([*told.people, *others])))


def _whom(session: Session, wanted: Iterable[str], payload: dict[str, Any], matter: Matter) -> str:
    from models.work_items.authority import addressee

    if matter.item is not None:
        who = addressee(session, matter.item)
        return f"thủ trưởng của {who}" if payload.get("rung") == Rung.ESCALATED_HEAD.value else who
    return ", ".join(Role(name).label for name in wanted if name not in FINDERS) or "hội đồng"
