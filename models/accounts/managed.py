"""Whose account a coordinator looks after: people of her office, and of the communes and producers it works with."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import Session

from models.actors import Actor
from models.enums import OfficeKind, Role
from models.errors import NotAllowedError
from models.offices.owning import offices_by_place
from models.tables import Capacity, Office, Person, Producer


def managed_by(session: Session, who: Actor, on: date) -> ColumnElement[bool]:
    """The people whose accounts `who` looks after, as a condition on `Person`.

    An administrator (or who installs the system): all; a coordinator: her own people, never an administrator. A person
    who is also something elsewhere (a leader, an auditor) is not the coordinator's to let in anew.
    """
    if who.role in {Role.ADMINISTRATOR, Role.SYSTEM}:
        return true()
    if who.role is not Role.COORDINATOR or who.office_id is None:
        return false()
    held = and_(Capacity.valid_from <= on, or_(Capacity.valid_to.is_(None), Capacity.valid_to >= on))
    hers = select(Capacity.id).where(held, _hers(session, who.office_id))
    others = select(Capacity.person_id).where(held, Capacity.id.not_in(hers))
    return and_(
        Person.id.in_(select(Capacity.person_id).where(Capacity.id.in_(hers))),
        Person.id.not_in(others),
    )


def is_hers(session: Session, capacity: Capacity, office_id: int) -> bool:
    """Whether a capacity (also one that is not stored yet) is in the coordinator's own office, or in a commune or
    producer that it looks after.
    """
    if capacity.role is Role.ADMINISTRATOR:
        return False
    communes, producers = _looked_after(session, office_id)
    if capacity.producer_id is not None:
        return session.scalar(producers.where(Producer.id == capacity.producer_id)) is not None
    own = capacity.office_id == office_id
    return own or session.scalar(communes.where(Office.id == capacity.office_id)) is not None


def check_may_manage(session: Session, person: Person, who: Actor, on: date) -> None:
    """Refuse who does not look after the person's account (`managed_by`).

    Raises:
        NotAllowedError: they do not.
    """
    if session.scalar(select(Person.id).where(Person.id == person.id, managed_by(session, who, on))) is None:
        raise NotAllowedError(
            f"Không được đặt lại tài khoản của {person.name}.",
            field="actor",
            remedy="Quản trị đặt lại được mọi tài khoản; cán bộ điều phối cho người của văn phòng, xã, chủ thể mình.",
        )


def _hers(session: Session, office_id: int) -> ColumnElement[bool]:
    communes, producers = _looked_after(session, office_id)
    return and_(
        Capacity.role != Role.ADMINISTRATOR,
        or_(
            Capacity.producer_id.in_(producers),
            and_(Capacity.producer_id.is_(None), Capacity.office_id == office_id),
            and_(Capacity.producer_id.is_(None), Capacity.office_id.in_(communes)),
        ),
    )


def _looked_after(session: Session, office_id: int) -> tuple[Select[tuple[int]], Select[tuple[int]]]:
    """The communes' offices and the producers in the places of an office."""
    places = [place for place, office in offices_by_place(session).items() if office == office_id]
    communes = select(Office.id).where(Office.kind == OfficeKind.COMMUNE, Office.place_id.in_(places))
    return communes, select(Producer.id).where(Producer.place_id.in_(places))
