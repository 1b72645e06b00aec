"""Star gates: cumulative, met by the mean or by every member, in the case of the sheet."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from models.criteria import load_set
from models.errors import InputError
from models.regimes import load_regime
from tests.unit.scoring.build import RULES, choices, council, score

EVERY = replace(RULES, gate_rule="every_member")


def _missed(result_gates: tuple[object, ...]) -> list[tuple[int, str, int, Fraction]]:
    return [(g.stars, g.criterion, g.least, g.got) for g in result_gates]  # type: ignore[attr-defined]


def test_missed_gate_of_the_band_costs_the_star() -> None:
    full = choices(100, gates=5)

    result = score(council(full | {"3.6": 0}))

    assert (result.band, result.stars) == (5, 3)
    assert _missed(result.missed_gates) == [(4, "3.6", 1, Fraction(0))]


def test_missed_three_star_gate_leaves_two_stars_even_at_ninety() -> None:
    full = choices(100, gates=5)

    result = score(council(full | {"1.1": 0}))

    assert result.mean == 95
    assert (result.band, result.stars) == (5, 2)
    assert result.granted_by is None


def test_missed_three_star_gate_below_thirty_is_one_star() -> None:
    result = score(council(choices(29) | {"1.1": 0}))

    assert result.stars == 1


def test_missed_five_star_gate_leaves_four_stars() -> None:
    result = score(council(choices(100, gates=5) | {"1.3": 2}))

    assert (result.band, result.stars) == (5, 4)
    assert _missed(result.missed_gates) == [(5, "1.3", 3, Fraction(2))]


def test_missed_gates_are_listed_whatever_the_band() -> None:
    zero = dict.fromkeys(choices(50), 0)

    result = score(council(zero))

    assert len(result.missed_gates) == 26


@pytest.mark.parametrize(("given", "met"), [([2, 0], True), ([1, 1], True), ([1, 0], False)])
def test_gate_under_mean_is_met_by_the_mean(given: list[int], met: bool) -> None:
    full = choices(100, gates=5)

    result = score(council(*[full | {"3.6": points} for points in given]))

    assert (result.missed_gates == ()) is met


@pytest.mark.parametrize(("given", "met"), [([2, 0], False), ([1, 1], True), ([2, 1], True)])
def test_gate_under_every_member_is_met_by_all(given: list[int], met: bool) -> None:
    full = choices(100, gates=5)

    result = score(council(*[full | {"3.6": points} for points in given]), council=EVERY)

    assert (result.missed_gates == ()) is met


def test_got_under_every_member_is_the_lowest() -> None:
    full = choices(100, gates=5)

    result = score(council(full | {"3.6": 2}, full | {"3.6": 0}), council=EVERY)

    assert _missed(result.missed_gates) == [(4, "3.6", 1, Fraction(0))]


TOURISM = load_set("qd26", 26)


@pytest.mark.parametrize("case", [1, 2])
def test_tourism_full_sheet_of_either_case_is_five_stars(case: int) -> None:
    full = choices(100, gates=5, criteria=TOURISM, case=case)

    result = score(council(full), criteria=TOURISM, case=case, regime=load_regime("qd26-2026"))

    assert result.mean == 100
    assert (result.stars, result.missed_gates) == (5, ())


@pytest.mark.parametrize("case", [None, 0, 3])
def test_tourism_without_its_case_names_both(case: int | None) -> None:
    full = choices(100, criteria=TOURISM, case=1)

    with pytest.raises(InputError) as caught:
        score(council(full), criteria=TOURISM, case=case)

    assert [(p.field, p.remedy) for p in caught.value.problems] == [
        ("case", "Ghi 1 (Cộng đồng làm dịch vụ du lịch) hoặc 2 (Điểm, tổ chức kinh doanh du lịch).")
    ]


def test_case_of_a_set_without_cases_is_ignored_with_a_warning() -> None:
    result = score(council(choices(60)), case=1)

    assert result.warnings == ("Bộ 6 không chia trường hợp: bỏ qua case 1.",)
