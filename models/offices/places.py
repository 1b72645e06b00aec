"""Places: loading them with their validity, finding the commune of a name on a day."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Level
from models.names import plain_name
from models.tables import Place

BEGINNING = date(1900, 1, 1)
LAST_DAY_OF_DISTRICTS = date(2025, 6, 30)
TWO_LEVELS_FROM = date(2025, 7, 1)


def load_places(session: Session, name: str = "tho-xuan") -> None:
    """Store the places of one district before and after 01/07/2025, once.

    Each commune of before points to the unit that took it over; codes were reused, so a place is a code
    together with its days.
    """
    data: dict[str, Any] = yaml.safe_load(
        files("models.places").joinpath("data", f"{name}.yaml").read_text(encoding="utf-8")
    )
    if session.scalar(select(Place.id).limit(1)) is not None:
        return
    before, after = data["until_2025-06-30"], data["from_2025-07-01"]
    province = Place(level=Level.PROVINCE, kind="tỉnh", valid_from=BEGINNING, **data["province"])
    session.add(province)
    session.flush()
    district = Place(
        level=Level.DISTRICT,
        kind="huyện",
        parent_id=province.id,
        valid_from=BEGINNING,
        valid_to=LAST_DAY_OF_DISTRICTS,
        **before["district"],
    )
    session.add(district)
    session.flush()
    successors: dict[str, Place] = {}
    for code, kind, commune in after["units"]:
        successors[code] = Place(
            code=code,
            level=Level.COMMUNE,
            kind=kind,
            name=commune,
            parent_id=province.id,
            valid_from=TWO_LEVELS_FROM,
        )
        session.add(successors[code])
    session.flush()
    for code, kind, commune, taken_over_by in before["units"]:
        session.add(
            Place(
                code=code,
                level=Level.COMMUNE,
                kind=kind,
                name=commune,
                parent_id=district.id,
                valid_from=BEGINNING,
                valid_to=LAST_DAY_OF_DISTRICTS,
                successor_id=successors[taken_over_by].id,
            )
        )
    session.flush()


def commune_on(session: Session, name: str, day: date) -> Place | None:
    """The commune that people call `name` on `day` ("Thọ Diên", "xã Thọ Diên", "Thị trấn Lam Sơn", "TT Lam Sơn")."""
    wanted = plain_name(name)
    for short, full in (("tt ", "thị trấn "), ("tt. ", "thị trấn "), ("p. ", "phường ")):
        if wanted.startswith(short):
            wanted = full + wanted.removeprefix(short)
    for place in session.scalars(
        select(Place).where(Place.level == Level.COMMUNE, Place.valid_from <= day).order_by(Place.code)
    ):
        ended = place.valid_to is not None and place.valid_to < day
        if not ended and wanted in {plain_name(place.name), plain_name(place.title)}:
            return place
    return None


def commune_now(session: Session, name: str, then: date, today: date) -> Place | None:
    """The commune of today that `name` means; one that has ended since `then` is the unit that took it over."""
    place = commune_on(session, name, today)
    if place is not None:
        return place
    before = commune_on(session, name, then)
    return session.get(Place, before.successor_id) if before is not None and before.successor_id else None


def predecessors(session: Session, place_id: int) -> list[int]:
    """The places that a place took over, and those that these had taken over: what is entered there is the same."""
    found: list[int] = []
    newest = [place_id]
    while newest:
        query = select(Place.id).where(Place.successor_id.in_(newest), Place.id.not_in([place_id, *found]))
        newest = list(session.scalars(query))
        found += newest
    return found
