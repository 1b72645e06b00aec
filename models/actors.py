"""Who acts, and in which capacity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Role
from models.errors import NotAllowedError, NotFoundError
from models.tables import Capacity, Delegation, Person


@dataclass(frozen=True)
class Actor:
    """One person in one capacity (the office or producer comes from the capacity); `None` person is the system.

    `on_behalf_of`: the person whose capacity it is, when another stands in for them (thay mặt, decision 0010).
    """

    person_id: int | None
    role: Role
    office_id: int | None = None
    producer_id: int | None = None
    on_behalf_of: int | None = None

    @property
    def holder_id(self) -> int | None:
        """Whose capacity it is: the person's own, or of the one they stand in for."""
        return self.on_behalf_of if self.on_behalf_of is not None else self.person_id


@dataclass(frozen=True)
class Held:
    """One capacity in which one person may act: their own, or by a delegation that of another (`delegation`)."""

    person_id: int
    capacity: Capacity
    delegation: Delegation | None = None

    @property
    def actor(self) -> Actor:
        """The person in this capacity."""
        mine, own = self.capacity, self.delegation is None
        return Actor(
            self.person_id, mine.role, mine.office_id, mine.producer_id, on_behalf_of=None if own else mine.person_id
        )

    @property
    def people(self) -> set[int]:
        """The person, and whom they stand in for."""
        return {self.person_id, self.capacity.person_id}

    def covers(self, kind: str) -> bool:
        """Whether it is for this kind of work."""
        return self.delegation is None or self.delegation.covers(kind)


SYSTEM = Actor(None, Role.SYSTEM)


def oneself(session: Session, person_id: int, on: date) -> Actor:
    """A person in no matter but their own (account, delegation): in the first capacity that they hold."""
    query = select(Capacity).where(Capacity.person_id == person_id).order_by(Capacity.id)
    held = next((capacity for capacity in session.scalars(query) if capacity.holds_on(on)), None)
    return Held(person_id, held).actor if held is not None else Actor(person_id, Role.SYSTEM)


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
