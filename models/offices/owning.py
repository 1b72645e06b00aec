"""Which coordination office looks after a product: that of its place, or of the unit above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.enums import OfficeKind, Role
from models.errors import FinalError, NotAllowedError
from models.tables import Office, Place, Product


def office_of(session: Session, product: Product) -> Office:
    """The coordination office of the product's place: its district's, after 30/06/2025 its province's.

    Products move when units end (decision 0005), so the place is always that of today.

    Raises:
        FinalError: no coordination office is set up.
    """
    offices = _coordination_offices(session)
    place: Place | None = product.place
    while place is not None:
        found = _at(offices, place.id)
        if found is not None:
            return found
        place = session.get(Place, place.parent_id) if place.parent_id is not None else None
    return _only(offices)


def whose_plan(office: str, made_by: str) -> str:
    """The office of a plan, and who made it where that was another: of one year an office may have several. Pure."""
    return office if made_by == office else f"{office} (do {made_by} lập)"


def check_own_office(
    session: Session, office: Office, who: Actor, act: str, *, field: str = "actor", remedy: str = ""
) -> None:
    """Refuse a coordinator of another office than the one in charge (`office`); other roles are not its business.

    `act`: what was to be done, in words that follow "được"; `field` and `remedy` where the office was typed.

    Raises:
        NotAllowedError: names both offices.
    """
    if who.role is not Role.COORDINATOR or who.office_id == office.id:
        return
    own = session.get(Office, who.office_id) if who.office_id is not None else None
    whose = f" Bạn là điều phối của {own.name}." if own is not None else ""
    raise NotAllowedError(
        f"Chỉ cán bộ điều phối của {office.name} được {act}.{whose}",
        field=field,
        remedy=remedy or f"Đề nghị {office.name}.",
    )


def offices_by_place(session: Session) -> dict[int, int]:
    """For every place the id of the office that looks after it, as `office_of`; empty before any is set up."""
    offices = _coordination_offices(session)
    if not offices:
        return {}
    rows = session.execute(select(Place.id, Place.parent_id)).tuples()
    parents: dict[int, int | None] = dict(rows.all())
    return {place_id: _above(offices, parents, place_id).id for place_id in parents}


def _above(offices: Sequence[Office], parents: Mapping[int, int | None], place_id: int | None) -> Office:
    while place_id is not None:
        found = _at(offices, place_id)
        if found is not None:
            return found
        place_id = parents[place_id]
    return offices[0]


def _coordination_offices(session: Session) -> Sequence[Office]:
    query = select(Office).where(Office.kind == OfficeKind.COORDINATION).order_by(Office.id)
    return session.scalars(query).all()


def _at(offices: Sequence[Office], place_id: int) -> Office | None:
    return next((office for office in offices if office.place_id == place_id), None)


def _only(offices: Sequence[Office]) -> Office:
    if not offices:
        raise FinalError(
            "Chưa khai báo văn phòng điều phối.",
            field="offices",
            remedy="Bổ sung vào tệp danh mục đơn vị rồi nhập lại: ocop office import.",
        )
    return offices[0]
