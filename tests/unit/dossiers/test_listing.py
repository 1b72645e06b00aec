"""The list of dossiers: found by what one types, filtered, in pages, without asking again for each line."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.dossiers.handing_in import resubmit, withdraw
from models.dossiers.listing import DossierFilter, DossierRow, dossier_page, dossier_rows
from models.enums import AttemptStatus
from models.paging import PageAsked
from models.rounds.queries import product_by_name, round_by_code
from models.tables import Dossier
from tests.counting import statements
from tests.factories import CAKE, CANDY, HANDED_IN, LONGAN, producer_of, submit

EVERY = PageAsked(1, 200)


def codes(session: Session, wanted: DossierFilter) -> list[str]:
    return [row.code for row in dossier_page(session, wanted, EVERY).items]


@pytest.fixture
def three(session: Session) -> Session:
    for name in (CAKE, LONGAN, CANDY):
        submit(session, name)
    session.flush()
    return session


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("keo lac", ["2024-003"]),
        ("Kẹo lạc", ["2024-003"]),
        ("banh", ["2024-001", "2024-002"]),
        ("2024-002", ["2024-002"]),
        ("xuan nhan", ["2024-002"]),
        ("kẹo gai", []),
        ("", ["2024-001", "2024-002", "2024-003"]),
    ],
)
def test_dossier_is_found_by_product_or_code(three: Session, typed: str, expected: list[str]) -> None:
    assert codes(three, DossierFilter(search=typed)) == expected


def test_dossier_is_found_by_its_producer(three: Session) -> None:
    product_by_name(three, CANDY).producer.name = "Hộ ông Đặng Đình Đức"
    three.flush()

    assert codes(three, DossierFilter(search="dang dinh duc")) == ["2024-003"]


def test_row_is_that_of_the_latest_attempt(session: Session) -> None:
    submit(session)
    who = producer_of(session, product_by_name(session, CAKE))
    withdraw(session, "2024-001", "nhầm giấy", who, HANDED_IN)
    resubmit(session, "2024-001", {"round": "2024-2"}, who, HANDED_IN)
    session.flush()

    assert dossier_rows(session) == [
        DossierRow(
            code="2024-001",
            product=CAKE,
            producer=product_by_name(session, CAKE).producer.name,
            commune="xã Thọ Diên",
            kind="first",
            kind_label="lần đầu",
            target_stars=3,
            attempt=2,
            round="2024-2",
            received_on=date(2024, 7, 8),
            status="in_progress",
            status_label="Đang xử lý",
        )
    ]


def test_filters_by_round_status_and_commune_hold_together(large: Session) -> None:
    every = dossier_rows(large)
    expected = [row for row in every if (row.round, row.status) == ("2024-2", "recognised")]
    some = large.scalars(select(Dossier).where(Dossier.code == expected[0].code)).one().product.place
    round_id = round_by_code(large, "2024-2").id

    found = codes(large, DossierFilter(round_id=round_id, status=AttemptStatus.RECOGNISED))
    narrowed = DossierFilter(round_id=round_id, status=AttemptStatus.RECOGNISED, commune_id=some.id)
    with_commune = codes(large, narrowed)

    assert found == [row.code for row in expected]
    assert with_commune == [row.code for row in expected if row.commune == some.title]
    assert 0 < len(with_commune) < len(found) < len(every)


def test_pages_together_are_the_list(large: Session) -> None:
    pages = [dossier_page(large, DossierFilter(), PageAsked(n, 60)) for n in (1, 2, 3, 4)]

    assert [row for page in pages for row in page.items] == dossier_rows(large)
    assert {page.total for page in pages} == {200}


@pytest.mark.parametrize("size", [1, 200])
def test_number_of_statements_is_the_same_for_every_page(large: Session, size: int) -> None:
    with statements(large) as sent:
        dossier_page(large, DossierFilter(search="a"), PageAsked(1, size))

    assert len(sent) <= 4  # count, page, moves, places that were moved from
