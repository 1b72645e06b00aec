"""Sheets of the demo: the wanted total, the wanted gates, and the same ones for the same seed."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployments.demo.sheets import member_totals, sheet
from models.criteria import load_set

CAKES = load_set("qd148", 6)


@given(total=st.integers(50, 95), seed=st.integers(0, 10_000))
def test_sheet_adds_up_to_the_wanted_total_by_options_of_the_set(total: int, seed: int) -> None:
    choices = sheet(CAKES, None, total, Random(seed))

    assert sum(choices.values()) == total
    assert list(choices) == list(CAKES.criteria)
    assert all(points in CAKES.criteria[code].printed_points(None) for code, points in choices.items())


@given(total=st.integers(75, 95), seed=st.integers(0, 10_000), gates=st.sampled_from([3, 4, 5]))
def test_sheet_meets_the_gates_asked_for(total: int, seed: int, gates: int) -> None:
    choices = sheet(CAKES, None, total, Random(seed), gates_up_to=gates)

    assert [g for g in CAKES.gates(None) if g[0] <= gates and choices[g[1]] < g[2]] == []


def test_fixed_choice_is_held_even_below_its_gate() -> None:
    assert sheet(CAKES, None, 72, Random(1), gates_up_to=4, fixed={"3.6": 0})["3.6"] == 0


def test_same_seed_gives_the_same_sheets_and_another_one_others() -> None:
    def play(seed: int) -> list[dict[str, int]]:
        rng = Random(seed)
        return [sheet(CAKES, None, total, rng) for total in (58, 63, 70)]

    assert play(7) == play(7)
    assert play(7) != play(8)


def test_total_that_no_sheet_has_is_refused() -> None:
    with pytest.raises(ValueError, match="adds up to 101"):
        sheet(CAKES, None, 101, Random(1))


@given(points=st.integers(200, 650), members=st.integers(3, 11), spread=st.integers(0, 16))
def test_totals_of_the_members_keep_their_sum_and_spread(points: int, members: int, spread: int) -> None:
    totals = member_totals(points, members, spread)

    assert len(totals) == members
    assert sum(totals) == points
    assert spread // 2 * 2 <= max(totals) - min(totals) <= spread // 2 * 2 + 1


def test_story_of_the_second_scoring_has_the_spread_that_it_tells_of() -> None:
    first, second = member_totals(64 * 6, 6, 16), member_totals(63 * 6 + 2, 6, 6)

    assert max(first) - min(first) > 10
    assert max(second) - min(second) <= 10
