"""Offices that have ended: whether one has, and which office goes on with its work (decision 0005)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.enums import Level, OfficeKind
from models.tables import Capacity, Office, Place, UnitTransfer

PLACE_SUBJECTS = ("product:%", "producer:%")
"""Transfers of these are between places, not between offices."""


def has_ended(session: Session, office: Office, on: date) -> bool:
    """Whether the office is over on `on`: its place ended before, and its people were moved away or hold no role.

    Until `ocop office migrate` was run the people of an ended unit still hold their roles and go on with its work
    [ours]. A consultant is a firm: it does not end with the unit.
    """
    if office.kind is OfficeKind.CONSULTANT or not place_has_ended(session, office, on):
        return False
    return _moved_to(session, office, on) is not None or not _has_people(session, office, on)


def place_has_ended(session: Session, office: Office, on: date) -> bool:
    """Whether the administrative unit of the office ended before `on`."""
    place = session.get(Place, office.place_id) if office.place_id is not None else None
    return place is not None and place.valid_to is not None and place.valid_to < on


def in_force(session: Session, office: Office, on: date) -> Office | None:
    """The office itself, or the one that goes on with its work on `on`; None when it ended and nobody does."""
    seen: set[int] = set()
    found: Office | None = office
    while found is not None and has_ended(session, found, on):
        if found.id in seen:
            return None
        seen.add(found.id)
        found = _moved_to(session, found, on) or _of_the_province(session, found)
    return found


def _moved_to(session: Session, office: Office, on: date) -> Office | None:
    query = (
        select(UnitTransfer.to_id)
        .where(UnitTransfer.from_id == office.id, UnitTransfer.moved_on <= on)
        .where(*(UnitTransfer.subject.not_like(subject) for subject in PLACE_SUBJECTS))
        .order_by(UnitTransfer.moved_on.desc(), UnitTransfer.id.desc())
        .limit(1)
    )
    found = session.scalar(query)
    return session.get_one(Office, found) if found is not None else None


def _has_people(session: Session, office: Office, on: date) -> bool:
    query = select(Capacity.id).where(
        Capacity.office_id == office.id,
        Capacity.valid_from <= on,
        or_(Capacity.valid_to.is_(None), Capacity.valid_to >= on),
    )
    return session.scalar(query.limit(1)) is not None


def _of_the_province(session: Session, office: Office) -> Office | None:
    query = select(Office).where(Office.kind == office.kind, Office.level == Level.PROVINCE).order_by(Office.id)
    return session.scalar(query.limit(1)) if office.level is Level.DISTRICT else None
