"""Places: a code means something only inside its days (domain.md §8)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.enums import Level
from models.offices.places import commune_on, load_places
from models.tables import Place

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def test_district_had_thirty_units_and_then_eight(session: Session) -> None:
    units = session.scalars(select(Place).where(Place.level == Level.COMMUNE)).all()

    assert len([p for p in units if p.valid_to == BEFORE]) == 30
    assert len([p for p in units if p.valid_from == AFTER]) == 8
    assert {session.get_one(Place, p.successor_id).valid_from for p in units if p.valid_to == BEFORE} == {AFTER}


def test_code_was_given_to_another_place(session: Session) -> None:
    found = session.scalars(select(Place).where(Place.code == "15544").order_by(Place.valid_from)).all()

    assert [(place.title, place.valid_to) for place in found] == [("xã Thọ Xương", BEFORE), ("xã Lam Sơn", None)]


@pytest.mark.parametrize(
    ("name", "day", "title"),
    [
        ("Thọ Diên", BEFORE, "xã Thọ Diên"),
        ("xã Thọ Diên", BEFORE, "xã Thọ Diên"),
        ("  XÃ  thọ diên ", BEFORE, "xã Thọ Diên"),
        ("Thị trấn Lam Sơn", BEFORE, "thị trấn Lam Sơn"),
        ("TT Lam Sơn", BEFORE, "thị trấn Lam Sơn"),
        ("TT. Lam Sơn", BEFORE, "thị trấn Lam Sơn"),
        ("Lam Sơn", BEFORE, "thị trấn Lam Sơn"),
        ("Lam Sơn", AFTER, "xã Lam Sơn"),
    ],
)
def test_commune_is_found_by_the_names_that_people_use(session: Session, name: str, day: date, title: str) -> None:
    place = commune_on(session, name, day)

    assert place is not None
    assert place.title == title


@pytest.mark.parametrize(("name", "day"), [("Thọ Diên", AFTER), ("Thọ Dien", BEFORE), ("Thọ Xuân huyện", BEFORE)])
def test_commune_that_is_not_there_on_that_day_is_not_found(session: Session, name: str, day: date) -> None:
    assert commune_on(session, name, day) is None


def test_places_are_loaded_once(session: Session) -> None:
    before = session.scalar(select(func.count()).select_from(Place))

    load_places(session)

    assert session.scalar(select(func.count()).select_from(Place)) == before == 40
