"""Who could take over from a person: other staff, or for a producer's people those of the same producer."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.enums import Role
from models.tables import Capacity, Person

NOT_STAFF = {Role.PRODUCER, Role.AUDITOR, Role.ADMINISTRATOR, Role.SYSTEM}


def colleagues(session: Session, person: Person, on: date) -> list[Person]:
    """The active people to choose from, by name; whether one of them may is asked when it is done."""
    held = select(Capacity).where(Capacity.valid_from <= on, or_(Capacity.valid_to.is_(None), Capacity.valid_to >= on))
    own = session.scalars(held.where(Capacity.person_id == person.id)).all()
    producers = {one.producer_id for one in own if one.producer_id is not None}
    fitting = Capacity.producer_id.in_(producers) if producers else Capacity.role.not_in(NOT_STAFF)
    ids = held.where(fitting).with_only_columns(Capacity.person_id)
    query = select(Person).where(Person.active, Person.id != person.id, Person.id.in_(ids))
    return list(session.scalars(query.order_by(Person.name, Person.code)))
