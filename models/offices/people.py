"""People of one installation: adding one with a role, listing them with what they may act as."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import audit
from models.actors import Actor
from models.enums import Role
from models.errors import InputError, NotFoundError
from models.offices.setup import give_role
from models.tables import Capacity, Office, Person, Producer

UNIT_FREE = {Role.AUDITOR, Role.ADMINISTRATOR}
"""Roles that belong to no office."""


@dataclass(frozen=True)
class PersonRow:
    """One person in one role, in an office or for a producer."""

    code: str
    name: str
    role: str
    role_label: str
    office: str | None
    producer: str | None
    title: str
    active: bool
    valid_from: date
    valid_to: date | None


def add_person(
    session: Session,
    code: str,
    name: str,
    role: Role,
    who: Actor,
    now: datetime,
    *,
    on: date,
    office: str | None = None,
    producer: str | None = None,
    title: str = "",
) -> Person:
    """Let a person act in a role from the day `on`; a person who is there gets one role more.

    Raises:
        InputError: the role needs an office (a producer's role a producer) that is not given.
        NotFoundError: no office or producer of this code.
    """
    if not code.strip() or not name.strip():
        raise InputError("Mã và họ tên không được để trống.", field="code", remedy="Ghi mã và họ tên.")
    unit, owner = _office(session, office), _producer(session, producer)
    _check_unit(role, unit, owner)
    person = session.scalar(select(Person).where(Person.code == code))
    if person is None:
        person = Person(code=code, name=name)
        session.add(person)
        session.flush()
    elif person.name != name:
        raise InputError(
            f"Mã «{code}» là của {person.name}.", field="code", remedy="Chọn mã khác, hoặc ghi đúng họ tên đã có."
        )
    give_role(session, person, role, on, office=unit, producer_id=owner.id if owner else None, title=title)
    audit.record(session, who, "person.added", f"person:{person.id}", now, data={"role": role.value})
    return person


def person_of_code(session: Session, code: str) -> Person:
    """The person of this code.

    Raises:
        NotFoundError: there is none.
    """
    person = session.scalar(select(Person).where(Person.code == code))
    if person is None:
        raise NotFoundError(f"Không có người dùng «{code}».", field="person", remedy="Xem danh sách: ocop person list.")
    return person


def people_rows(session: Session) -> list[PersonRow]:
    """All people with their roles, by code."""
    query = select(Capacity).join(Person).options(joinedload(Capacity.person), joinedload(Capacity.office))
    producers = {row.id: row.name for row in session.scalars(select(Producer))}
    return [
        PersonRow(
            code=capacity.person.code,
            name=capacity.person.name,
            role=capacity.role.value,
            role_label=capacity.role.label,
            office=capacity.office.name if capacity.office else None,
            producer=producers[capacity.producer_id] if capacity.producer_id else None,
            title=capacity.title,
            active=capacity.person.active,
            valid_from=capacity.valid_from,
            valid_to=capacity.valid_to,
        )
        for capacity in session.scalars(query.order_by(Person.code, Capacity.id))
    ]


def _check_unit(role: Role, office: Office | None, producer: Producer | None) -> None:
    if role is Role.PRODUCER:
        rule, kept = "gắn với một chủ thể: --producer MÃ", producer is not None and office is None
    elif role in UNIT_FREE:
        rule, kept = "không gắn với chủ thể nào: bỏ --producer", producer is None
    else:
        rule, kept = "gắn với một đơn vị: --office MÃ", office is not None and producer is None
    if not kept:
        raise InputError(f"Vai trò «{role.label}» {rule}.", field="role", remedy="Ghi lại lệnh với đúng tùy chọn đó.")


def _office(session: Session, code: str | None) -> Office | None:
    if code is None:
        return None
    office = session.scalar(select(Office).where(Office.code == code))
    if office is None:
        known = ", ".join(session.scalars(select(Office.code).order_by(Office.id).limit(8)))
        raise NotFoundError(f"Không có đơn vị «{code}».", field="office", remedy=f"Ví dụ các mã đang có: {known}…")
    return office


def _producer(session: Session, code: str | None) -> Producer | None:
    if code is None:
        return None
    producer = session.scalar(select(Producer).where(Producer.code == code))
    if producer is None:
        raise NotFoundError(
            f"Không có chủ thể mã «{code}».", field="producer", remedy="Xem mã chủ thể: ocop plan show."
        )
    return producer
