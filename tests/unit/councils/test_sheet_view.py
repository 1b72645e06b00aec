"""The score sheet as a member sees it: every set, its cases, gates and what the producer shows."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from models.councils.sheet_view import SheetCriterion, SheetView, running, sheet_view
from models.criteria import SET_NUMBERS, SOURCES, load_set
from models.tables import SessionProduct
from tests.factories import CAKE, convened, papers, session_with, sheet_item, waiting_for_council


def view(session: Session, product: SessionProduct) -> SheetView:
    return sheet_view(session, sheet_item(session, product, "hd-pho"), product)


def rows(sheet: SheetView) -> dict[str, SheetCriterion]:
    return {row.code: row for part in sheet.parts for group in part.groups for row in group.criteria}


def test_every_set_offers_the_points_that_a_member_may_give(session: Session) -> None:
    (product,) = session_with(session).products
    attempt = product.attempt
    for source in SOURCES:
        for number in SET_NUMBERS:
            criteria = load_set(source, number)
            for case in criteria.cases or (None,):
                attempt.criteria_source, attempt.criteria_set, attempt.case = source, number, case
                shown = {code: {o.points for o in row.options} for code, row in rows(view(session, product)).items()}
                wanted = {code: set(one.allowed_points(case)) for code, one in criteria.criteria.items()}
                assert shown == wanted, (source, number, case)


@pytest.mark.parametrize(("case", "words"), [(1, "các cơ sở cung cấp dịch vụ đáp ứng đủ"), (2, "đáp ứng đủ, đúng")])
def test_set_of_tourism_shows_the_levels_of_its_case_only(session: Session, case: int, words: str) -> None:
    (product,) = session_with(session).products
    product.attempt.criteria_source, product.attempt.criteria_set, product.attempt.case = "qd26", 26, case
    criteria = load_set("qd26", 26)

    shown = view(session, product)

    assert shown.case == criteria.cases[case]
    own = {option.label for one in criteria.criteria.values() for option in one.options if option.case == case}
    other = {option.label for one in criteria.criteria.values() for option in one.options if option.case == 3 - case}
    labels = {option.label for row in rows(shown).values() for option in row.options}
    assert (own <= labels, labels & (other - own)) == (True, set())
    assert any(words in label for label in labels)


def test_gates_stand_at_their_levels(session: Session) -> None:
    (product,) = session_with(session).products
    criteria = load_set("qd148", 6)

    shown = rows(view(session, product))

    marked = {(star, code, o.points) for code, row in shown.items() for o in row.options for star in o.gates}
    assert marked == {(gate.stars, gate.code, gate.least) for gate in criteria.gates(None)}


def test_producers_points_and_papers_stand_beside_the_criterion(session: Session) -> None:
    paper = {"file_sha256": "a" * 64, "uses": [{"criterion": "1.1", "page_from": 12, "page_to": 15}]}
    attempt = waiting_for_council(session, CAKE, self_assessment={"scores": {"1.1": 5}}, evidence=papers(**paper))
    (product,) = convened(session, attempt).products

    row = rows(view(session, product))["1.1"]

    assert (row.producer, row.papers[0].sha256, row.papers[0].page, row.papers[0].pages) == (
        5, "a" * 64, 12, "tr. 12–15",
    )  # fmt: skip
    assert row.found == "Đúng"


def test_running_total_adds_what_is_chosen(session: Session) -> None:
    (product,) = session_with(session).products

    score = running(product, {"1.1": 5, "1.2": 3})

    assert (score.total, [part.points for part in score.parts], score.unanswered[0]) == (8, [8, 0, 0], "1.3")
