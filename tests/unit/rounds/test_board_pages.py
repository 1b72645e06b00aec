"""The board in pages: the same rows as asked for one by one, filtered, with a fixed number of statements."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.portal_data import TODAY
from models.enums import AttemptStatus
from models.paging import PageAsked
from models.rounds.board import BoardRow, board, board_page
from models.rounds.board_index import BoardFilter
from models.rounds.queries import round_by_code
from models.tables import DossierAttempt, Place, RoundCarry, UnitTransfer
from tests.counting import statements
from tests.factories import HANDED_IN
from tests.unit.rounds.plain_board import plain_rows

ROUNDS = ("2023-1", "2024-2", "2025-1", "2025-2", "2025-3")
EVERY = PageAsked(1, 200)


def rows(session: Session, code: str, wanted: BoardFilter | None = None, asked: PageAsked = EVERY) -> list[BoardRow]:
    return board_page(session, round_by_code(session, code), TODAY, wanted or BoardFilter(), asked).rows.items


@pytest.fixture
def mixed(large: Session) -> Session:
    """With products that moved, an attempt that went on in another round, and one that waits for a round."""
    first, second, *rest = large.scalars(
        select(DossierAttempt).where(DossierAttempt.status == AttemptStatus.IN_PROGRESS).order_by(DossierAttempt.id)
    )
    here, later = (round_by_code(large, code) for code in ("2025-2", "2025-3"))
    reason = {"decided_on": TODAY, "reason": "chưa sẵn sàng"}
    large.add(RoundCarry(attempt=first, from_round=here, to_round=later, moved_on=TODAY, **reason))
    large.add(RoundCarry(attempt=second, from_round=here, to_round=None, **reason))
    first.round = later
    ended = large.scalars(select(DossierAttempt).where(DossierAttempt.ended_on.is_not(None)))
    other = large.scalars(select(Place.id).order_by(Place.id.desc())).first()
    for attempt in [*ended, *rest]:
        moved = {"from_id": other, "to_id": attempt.dossier.product.place_id, "recorded_at": HANDED_IN}
        large.add(UnitTransfer(subject=f"product:{attempt.dossier.product_id}", moved_on=date(2025, 6, 1), **moved))
    large.flush()
    return large


@pytest.mark.parametrize("code", ROUNDS)
@pytest.mark.parametrize("day", [TODAY, date(2026, 6, 1)])
def test_board_is_what_its_rows_are_one_by_one(mixed: Session, code: str, day: date) -> None:
    round_ = round_by_code(mixed, code)

    assert board(mixed, round_, day).rows == plain_rows(mixed, round_, day)


@pytest.mark.parametrize("code", ROUNDS)
def test_pages_together_are_the_board(mixed: Session, code: str) -> None:
    whole = board(mixed, round_by_code(mixed, code), TODAY).rows

    pages = [rows(mixed, code, asked=PageAsked(n, 7)) for n in range(1, len(whole) // 7 + 2)]

    assert [row for page in pages for row in page] == whole


def test_late_rows_only(large: Session) -> None:
    whole = board(large, round_by_code(large, "2025-2"), TODAY)

    late = rows(large, "2025-2", BoardFilter(late=True))

    assert late == [row for row in whole.rows if row.late]
    assert 0 < len(late) < len(whole.rows)


def test_filter_by_step_and_commune_together(large: Session) -> None:
    whole = board(large, round_by_code(large, "2025-2"), TODAY).rows
    commune = next(row.commune for row in whole if row.step == 4)

    found = rows(large, "2025-2", BoardFilter(commune=commune, step=4))

    assert found == [row for row in whole if (row.commune, row.step) == (commune, 4)]
    assert 0 < len(found) < len([row for row in whole if row.commune == commune])


def test_what_can_be_filtered_by_is_that_of_the_whole_round(large: Session) -> None:
    round_ = round_by_code(large, "2025-2")
    whole = board(large, round_, TODAY)

    page = board_page(large, round_, TODAY, BoardFilter(step=2), PageAsked(1, 1))

    assert page.steps == {2: 10, 3: 10, 4: 20, 5: 10}
    assert page.late == whole.late
    assert set(page.communes) == {row.commune for row in whole.rows}
    assert page.rows.total == 10


@pytest.mark.parametrize("code", ROUNDS)
def test_number_of_statements_is_the_same_for_every_round(large: Session, code: str) -> None:
    round_ = round_by_code(large, code)
    assert round_.title  # the plan is loaded
    with statements(large) as sent:
        large.add(round_)
        board(large, round_, TODAY)

    assert len(sent) == 8


@pytest.mark.parametrize("code", ROUNDS)
@pytest.mark.parametrize("wanted", [BoardFilter(), BoardFilter(step=4, late=True)])
def test_a_page_of_the_board_takes_no_more_statements_in_a_large_round(
    large: Session, code: str, wanted: BoardFilter
) -> None:
    round_ = round_by_code(large, code)
    assert round_.title  # the plan is loaded
    with statements(large) as sent:
        large.add(round_)
        board_page(large, round_, TODAY, wanted, PageAsked())

    assert len(sent) <= 9
