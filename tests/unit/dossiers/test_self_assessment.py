"""The producer's own score: running total, parts, star, gates, what is unanswered and unproven."""

from __future__ import annotations

import pytest

from models.criteria import load_set
from models.dossiers.self_assessment import self_score
from models.forms import EvidenceForm
from models.regimes import load_regime
from models.regimes.evidence_kinds import EvidenceKind
from tests.factories import sheet_of

REGIME = load_regime("qd148-2023")
CAKES = load_set("qd148", 6)
TOURISM = load_set("qd148", 26)


def paper(*criteria: str) -> EvidenceForm:
    return EvidenceForm(kind=EvidenceKind.AWARDS, title="Bằng khen", criteria=list(criteria))


def test_empty_sheet_has_nothing_and_all_is_open() -> None:
    found = self_score(CAKES, None, {}, REGIME)

    assert (found.total, found.reachable, found.band, found.stars) == (0, 100, 1, 1)
    assert found.unanswered == tuple(CAKES.criteria)
    assert (found.without_evidence, found.problems) == ((), ())
    assert found.towards(3).missed == ()
    assert {gate.stars for gate in found.towards(3).still_open} == {3}
    assert found.towards(3).missing_points == 50


@pytest.mark.parametrize(("total", "stars"), [(55, 3), (72, 4), (92, 5)])
def test_whole_sheet_gets_the_star_of_its_points_and_gates(total: int, stars: int) -> None:
    found = self_score(CAKES, None, sheet_of(total, gates=stars), REGIME)

    assert (found.total, found.band, found.stars, found.unanswered) == (total, stars, stars, ())
    assert sum(part.points for part in found.parts) == total
    assert [check.stars for check in found.by_star if check.reached] == list(range(3, stars + 1))


def test_points_of_four_stars_without_a_gate_of_four_are_three_stars() -> None:
    four = next(gate for gate in CAKES.gates() if gate.stars == 4)

    found = self_score(CAKES, None, sheet_of(72, gates=3, miss=(four.code,)), REGIME)

    assert (found.band, found.stars) == (4, 3)
    assert [gate.criterion for gate in found.towards(4).missed if gate.criterion == four.code] == [four.code]


def test_gates_are_told_as_soon_as_an_answer_misses_them() -> None:
    gate = next(gate for gate in CAKES.gates() if gate.stars == 3)
    low = max(p for p in CAKES.criterion(gate.code).allowed_points() if p < gate.least)

    check = self_score(CAKES, None, {gate.code: low}, REGIME).towards(3)

    assert [(one.criterion, one.least, int(one.got)) for one in check.missed] == [(gate.code, gate.least, low)]
    assert gate.code not in {one.criterion for one in check.still_open}
    assert not check.reached


def test_gates_of_lower_stars_stand_in_the_way_of_higher_ones() -> None:
    gate = next(gate for gate in CAKES.gates() if gate.stars == 3)
    choices = sheet_of(50, gates=0, miss=(gate.code,))

    found = self_score(CAKES, None, choices, REGIME)

    assert gate.code in {one.criterion for one in found.towards(5).missed}
    assert (found.band, found.stars) == (3, 2)


def test_points_without_paper_are_named_and_zero_needs_none() -> None:
    first, second, third = list(CAKES.criteria)[:3]
    choices = {code: max(CAKES.criterion(code).printed_points()) for code in (first, second)} | {third: 0}

    found = self_score(CAKES, None, choices, REGIME, [paper(second)])

    assert found.without_evidence == (first,)


def test_answer_that_the_sheet_does_not_have_counts_nothing_and_is_told() -> None:
    first = next(iter(CAKES.criteria))

    found = self_score(CAKES, None, {first: 77, "99.9": 1}, REGIME)

    assert found.total == 0
    assert [problem.field for problem in found.problems] == [f"scores.{first}", "scores.99.9"]
    assert first in found.unanswered


def test_tourism_before_its_case_is_chosen_takes_the_options_of_both() -> None:
    code, option = next((c.code, o) for c in TOURISM.criteria.values() for o in c.options if o.case == 2)

    both = self_score(TOURISM, None, {code: option.points}, REGIME)
    own = self_score(TOURISM, 2, {code: option.points}, REGIME)

    assert (both.total, own.total) == (option.points, option.points)
