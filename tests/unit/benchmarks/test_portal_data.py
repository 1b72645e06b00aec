"""The large database has the shares that its head promises, and holds together."""

from __future__ import annotations

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models.enums import ItemStatus
from models.tables import Capacity, Certificate, Dossier, Outcome, Person, WorkItem


def count(session: Session, *what: object) -> int:
    return session.scalar(select(func.count()).select_from(*what)) or 0  # type: ignore[arg-type]


def test_200_dossiers_have_1000_items_240_of_them_open(large: Session) -> None:
    open_items = select(func.count()).where(WorkItem.status == ItemStatus.OPEN)

    assert (count(large, Dossier), count(large, WorkItem), large.scalar(open_items)) == (200, 1000, 240)
    assert (count(large, Certificate), count(large, Outcome)) == (74, 760)


def test_people_with_roles_are_those_of_an_office(large: Session) -> None:
    assert count(large, Person) == large.scalar(select(func.count(Capacity.person_id.distinct())))
    assert count(large, Person) >= 40


def test_no_row_refers_to_one_that_is_not_there(large: Session) -> None:
    assert large.execute(text("PRAGMA foreign_key_check")).all() == []
