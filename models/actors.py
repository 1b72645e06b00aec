"""Who acts, and in which capacity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Role
from models.errors import NotAllowedError, NotFoundError
from models.tables import Capacity, Person


@dataclass(frozen=True)
class Actor:
    """One person in one capacity (the office or producer comes from the capacity); `None` person is the system."""

    person_id: int | None
    role: Role
    office_id: int | None = None
    producer_id: int | None = None


SYSTEM = Actor(None, Role.SYSTEM)


def actor(session: Session, code: str, role: Role, on: date) -> Actor:
    """The person `code` acting as `role` on the day `on`.

    Raises:
        NotFoundError: no such person.
        NotAllowedError: the person is not active or does not hold the role on that day.
    """
    person = session.scalar(select(Person).where(Person.code == code))
    if person is None:
        raise NotFoundError(f"Không có người dùng «{code}».", field="actor", remedy="Xem danh sách: ocop person list.")
    capacities = session.scalars(select(Capacity).where(Capacity.person_id == person.id, Capacity.role == role)).all()
    held = [c for c in capacities if c.holds_on(on)]
    if not person.active or not held:
        raise NotAllowedError(
            f"{person.name} không giữ vai trò «{role.label}» vào ngày {on:%d/%m/%Y}.",
            field="role",
            remedy="Chọn đúng vai trò, hoặc nhờ quản trị phân công.",
        )
    return Actor(person.id, role, held[0].office_id, held[0].producer_id)
