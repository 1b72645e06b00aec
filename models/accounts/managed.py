"""Whose account a coordinator looks after: people of her office, and of the communes and producers it works with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.enums import OfficeKind, Role
from models.errors import NotAllowedError
from models.offices.owning import offices_by_place
from models.tables import Capacity, Office, Person, Producer


def check_may_manage(session: Session, person: Person, who: Actor, on: date) -> None:
    """An administrator (or who installs the system); a coordinator for her own people, never for an administrator.

    A person who is also something elsewhere (a leader, an auditor) is not the coordinator's to let in anew.

    Raises:
        NotAllowedError: anyone else.
    """
    if who.role in {Role.ADMINISTRATOR, Role.SYSTEM}:
        return
    query = select(Capacity).where(Capacity.person_id == person.id)
    held = [capacity for capacity in session.scalars(query) if capacity.holds_on(on)]
    if who.role is Role.COORDINATOR and who.office_id is not None and _all_hers(session, held, who.office_id):
        return
    raise NotAllowedError(
        f"Không được đặt lại tài khoản của {person.name}.",
        field="actor",
        remedy="Quản trị đặt lại được mọi tài khoản; cán bộ điều phối chỉ cho người của văn phòng, xã và chủ thể mình.",
    )


def _all_hers(session: Session, held: Sequence[Capacity], office_id: int) -> bool:
    return bool(held) and all(is_hers(session, capacity, office_id) for capacity in held)


def is_hers(session: Session, capacity: Capacity, office_id: int) -> bool:
    """Whether a capacity is in the coordinator's own office, or in a commune or producer that it looks after."""
    looked_after = offices_by_place(session)
    if capacity.role is Role.ADMINISTRATOR:
        return False
    if capacity.producer_id is not None:
        place_id: int | None = session.get_one(Producer, capacity.producer_id).place_id
    elif capacity.office_id == office_id:
        return True
    else:
        office = session.get(Office, capacity.office_id) if capacity.office_id is not None else None
        place_id = office.place_id if office is not None and office.kind is OfficeKind.COMMUNE else None
    return place_id is not None and looked_after.get(place_id) == office_id
