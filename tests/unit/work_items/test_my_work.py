"""My work: what one of a person's capacities may close, late first, counted and in pages."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.portal_data import TODAY
from models.enums import ItemStatus, Role
from models.paging import PageAsked
from models.process.kinds import StepKind
from models.tables import Capacity, Person, WorkItem
from models.work_items.my_work import MyWorkFilter, my_work
from models.work_items.queries import item_rows
from tests.counting import statements
from tests.factories import CAKE, CANDY, HANDED_IN, LONGAN, accepted, opened, submit

OFFICERS = ("dieu-phoi", "kiem-tra", "thu-ky", "cb-xa-tho-dien", "hd-pho")


def capacities(session: Session, code: str) -> list[Capacity]:
    return list(session.scalars(select(Capacity).join(Person).where(Person.code == code)))


@pytest.mark.parametrize("code", OFFICERS)
def test_pages_together_are_all_open_items_of_the_person(large: Session, code: str) -> None:
    mine = capacities(large, code)
    expected = {row.id for row in item_rows(large, TODAY, mine=mine)}

    pages = [my_work(large, mine, TODAY, asked=PageAsked(n, 10)) for n in range(1, len(expected) // 10 + 2)]

    seen = [row.item.id for page in pages for row in page.rows.items]
    assert (sorted(seen), pages[0].open) == (sorted(expected), len(expected))


def test_late_first_then_by_due_day_with_what_is_suspended_among_the_rest(large: Session) -> None:
    mine = capacities(large, "dieu-phoi")
    first = large.get_one(WorkItem, item_rows(large, TODAY, mine=mine)[0].id)
    first.suspended_on = TODAY

    rows = my_work(large, mine, TODAY, asked=PageAsked(1, 200)).rows.items

    order = [(not row.item.late, row.item.due_on, row.item.id) for row in rows]
    assert order == sorted(order)
    assert [row.item.id for row in rows if row.item.days_left is None] == [first.id]
    assert rows[0].item.id != first.id


def test_counts_are_those_of_the_rows_by_kind(large: Session) -> None:
    mine = capacities(large, "thu-ky") + capacities(large, "dieu-phoi")
    rows = item_rows(large, TODAY, mine=mine)

    found = my_work(large, mine, TODAY)

    assert {k.kind: (k.open, k.late) for k in found.kinds} == {
        kind: (count, sum(row.late for row in rows if row.kind == kind))
        for kind, count in Counter(row.kind for row in rows).items()
    }
    assert (found.open, found.late) == (len(rows), sum(row.late for row in rows))


def test_due_soon_starts_with_the_first_rung_of_the_office(session: Session) -> None:
    item = opened(session, submit(session), StepKind.REGISTRATION_CHECK, HANDED_IN)  # due on Thursday 11/07
    mine = capacities(session, "dieu-phoi")
    session.flush()

    counts = {day: _late_and_soon(session, mine, date(2024, 7, day)) for day in (5, 8, 11, 12)}

    assert item.due_on == date(2024, 7, 11)
    assert counts == {5: (0, 0), 8: (0, 1), 11: (0, 1), 12: (1, 0)}


def _late_and_soon(session: Session, mine: list[Capacity], day: date) -> tuple[int, int]:
    found = my_work(session, mine, day)
    return found.late, found.due_soon


@pytest.mark.parametrize(
    "wanted",
    [
        MyWorkFilter(late=True),
        MyWorkFilter(due_soon=True),
        MyWorkFilter(kind=StepKind.COUNCIL_EVALUATION),
        MyWorkFilter(late=True, kind=StepKind.REGISTRATION_CHECK),
    ],
)
def test_filter_keeps_what_it_says_and_the_counts_of_all(large: Session, wanted: MyWorkFilter) -> None:
    mine = capacities(large, "thu-ky") + capacities(large, "dieu-phoi")
    every = my_work(large, mine, TODAY, asked=PageAsked(1, 200))

    found = my_work(large, mine, TODAY, wanted, PageAsked(1, 200))

    kept = [row.item for row in found.rows.items]
    assert 0 < len(kept) < every.open
    assert len(kept) == found.rows.total
    assert all(item.late for item in kept) or not wanted.late
    assert not any(item.late for item in kept) or not wanted.due_soon
    assert {item.kind for item in kept} == {wanted.kind} or wanted.kind is None
    assert (found.open, found.late, found.kinds) == (every.open, every.late, every.kinds)


def test_item_of_another_unit_is_not_mine(session: Session) -> None:
    opened(session, accepted(session, CAKE), StepKind.COMMUNE_ASSESSMENT, HANDED_IN)
    session.flush()

    assert my_work(session, capacities(session, "cb-xa-tho-dien"), HANDED_IN.date()).open == 1
    assert my_work(session, capacities(session, "cb-xa-xuan-giang"), HANDED_IN.date()).open == 0


def test_person_without_capacity_has_no_work(large: Session) -> None:
    found = my_work(large, [], TODAY)

    assert (found.open, found.rows.items, found.kinds) == (0, [], [])


@pytest.mark.parametrize("code", OFFICERS)
def test_number_of_statements_does_not_grow_with_the_lines(large: Session, code: str) -> None:
    mine = capacities(large, code)
    with statements(large) as for_one:
        my_work(large, mine, TODAY, asked=PageAsked(1, 1))
    with statements(large) as for_many:
        my_work(large, mine, TODAY, asked=PageAsked(1, 200))

    assert (len(for_one), len(for_many)) == (3, 3)


def test_list_of_open_items_is_one_statement(large: Session) -> None:
    producers = select(WorkItem.id).where(WorkItem.status == ItemStatus.OPEN, WorkItem.role == Role.PRODUCER)
    assert large.scalars(producers).all() != []

    with statements(large) as sent:
        rows = item_rows(large, TODAY)

    assert (len(rows), len(sent)) == (240, 1)


def test_items_of_several_dossiers_name_their_own(session: Session) -> None:
    for name in (CAKE, LONGAN, CANDY):
        opened(session, submit(session, name), StepKind.REGISTRATION_CHECK, HANDED_IN)
    session.flush()

    rows = my_work(session, capacities(session, "dieu-phoi"), HANDED_IN.date()).rows.items

    assert [row.item.dossier for row in rows] == ["2024-001", "2024-002", "2024-003"]
    assert [row.item.about.split(" · ")[0] for row in rows] == [CAKE, LONGAN, CANDY]
    assert {row.claimed_by for row in rows} == {None}
