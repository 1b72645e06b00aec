"""Pages of lists: what is on which page, and what is refused."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import InputError
from models.paging import Page, PageAsked, page_of_rows
from models.tables import Place


def test_last_page_holds_the_rest() -> None:
    page = Page.of(list(range(7)), PageAsked(3, 3))

    assert (page.items, page.total, page.pages, page.previous, page.next) == ([6], 7, 3, 2, None)


def test_page_after_the_end_is_empty_and_leads_back_to_the_last() -> None:
    page = Page.of(list(range(7)), PageAsked(9, 3))

    assert (page.items, page.total, page.previous, page.next) == ([], 7, 3, None)


def test_empty_list_has_one_page() -> None:
    page: Page[int] = Page.of([], PageAsked())

    assert (page.items, page.pages, page.previous, page.next) == ([], 1, None, None)


def test_full_last_page_is_followed_by_none() -> None:
    assert Page.of(list(range(6)), PageAsked(2, 3)).next is None


@pytest.mark.parametrize(
    ("page", "size", "field"), [(0, 25, "page"), (-1, 25, "page"), (1, 0, "size"), (1, 201, "size")]
)
def test_what_names_no_page_is_refused_at_its_field(page: int, size: int, field: str) -> None:
    with pytest.raises(InputError) as refused:
        PageAsked(page, size)

    assert [problem.field for problem in refused.value.problems] == [field]


def test_mapped_page_keeps_its_place() -> None:
    page = Page.of([1, 2, 3], PageAsked(2, 2)).map(str)

    assert (page.items, page.total, page.page, page.size) == (["3"], 3, 2, 2)


def test_page_of_a_query_counts_all_and_gives_some(session: Session) -> None:
    names = select(Place.name).order_by(Place.id)
    every = session.scalars(names).all()

    page = page_of_rows(session, names, PageAsked(2, 4))

    assert ([row.name for row in page.items], page.total) == (every[4:8], len(every))
    assert page_of_rows(session, names, PageAsked(1000, 4)).items == []
