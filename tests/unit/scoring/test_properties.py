"""What must hold for any sheets."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from models.criteria import CriteriaSet, load_set
from models.scoring import Result, cut
from models.scoring.engine import CERTIFIED, band_of
from tests.unit.scoring.build import DISTRICT, RULES, council, score, sheet

FLOWERS = load_set("qd26", 23)
SETS = st.sampled_from([load_set("qd148", 6), load_set("qd148", 11), FLOWERS])


@st.composite
def _sheets(draw: st.DrawFn) -> tuple[CriteriaSet, list[dict[str, int]]]:
    criteria = draw(SETS)
    # a level drawn for the whole sheet spreads the totals over all bands
    high = draw(st.booleans())
    one = st.fixed_dictionaries(
        {
            code: st.sampled_from(c.allowed_points()[-2:] if high else c.allowed_points())
            for code, c in criteria.criteria.items()
        }
    )
    return criteria, draw(st.lists(one, min_size=1, max_size=5))


def _evaluated(drawn: tuple[CriteriaSet, list[dict[str, int]]]) -> Result:
    criteria, given_points = drawn
    return score(council(*given_points), criteria=criteria)


@given(_sheets())
def test_mean_shown_is_never_above_the_mean_nor_across_a_bound(drawn: tuple[CriteriaSet, list[dict[str, int]]]) -> None:
    result = _evaluated(drawn)

    assert result.mean is not None
    assert 0 <= result.mean - Fraction(cut(result.mean)) < Fraction(1, 100)
    assert band_of(Fraction(cut(result.mean)), DISTRICT.bands) == result.band


@given(st.fractions(min_value=0, max_value=100))
def test_cut_never_crosses_a_bound(mean: Fraction) -> None:
    assert band_of(Fraction(cut(mean)), DISTRICT.bands) == band_of(mean, DISTRICT.bands)


@given(_sheets())
def test_stars_are_the_highest_whose_bound_and_gates_hold(drawn: tuple[CriteriaSet, list[dict[str, int]]]) -> None:
    criteria, given_points = drawn
    result = _evaluated(drawn)
    mean = result.mean
    assert mean is not None
    assert result.stars is not None
    assert result.band is not None

    def reached(star: int) -> bool:
        gates = [g for g in criteria.gates() if g.stars <= star]
        totals = {g: sum(points[g.code] for points in given_points) for g in gates}
        return mean >= DISTRICT.bands[star] and all(totals[g] >= g.least * len(given_points) for g in gates)

    expected = next((star for star in CERTIFIED if reached(star)), 2 if mean >= 30 else 1)
    assert result.stars == expected
    assert result.stars <= result.band


@given(_sheets(), st.booleans(), st.booleans())
def test_sheet_that_does_not_count_changes_nothing_but_the_quorum(
    drawn: tuple[CriteriaSet, list[dict[str, int]]], absent: bool, whole: bool
) -> None:
    criteria, given_points = drawn
    sheets = council(*given_points)
    other = sheet("other", given_points[0] if whole else {}, present=not absent, recused=not absent)

    alone, together = score(sheets, criteria=criteria), score([*sheets, other], criteria=criteria)

    same = {
        "attendance": alone.attendance,
        "quorum_met": alone.quorum_met,
        "explanation": alone.explanation,
    }
    assert replace(together, **same) == alone  # type: ignore[arg-type]
    assert together.quorum_met is (not absent or Fraction(len(sheets), len(sheets) + 1) >= RULES.quorum)


@given(_sheets(), st.data())
def test_raising_a_choice_never_lowers_the_stars(
    drawn: tuple[CriteriaSet, list[dict[str, int]]], data: st.DataObject
) -> None:
    criteria, given_points = drawn
    code = data.draw(st.sampled_from(list(criteria.criteria)))
    who = data.draw(st.integers(0, len(given_points) - 1))
    higher = [p for p in criteria.criterion(code).allowed_points() if p >= given_points[who][code]]
    raised = [dict(points) for points in given_points]
    raised[who][code] = data.draw(st.sampled_from(higher))

    before, after = _evaluated(drawn), _evaluated((criteria, raised))

    assert (after.stars or 0) >= (before.stars or 0)


@given(_sheets())
@settings(max_examples=50)
def test_every_member_is_never_milder_than_mean(drawn: tuple[CriteriaSet, list[dict[str, int]]]) -> None:
    criteria, given_points = drawn
    strict = replace(RULES, gate_rule="every_member")

    mean = score(council(*given_points), criteria=criteria)
    every = score(council(*given_points), criteria=criteria, council=strict)

    assert {(g.stars, g.criterion) for g in mean.missed_gates} <= {(g.stars, g.criterion) for g in every.missed_gates}
    assert (every.stars or 0) <= (mean.stars or 0)


@given(_sheets())
@settings(max_examples=50)
def test_order_of_sheets_does_not_matter(drawn: tuple[CriteriaSet, list[dict[str, int]]]) -> None:
    criteria, given_points = drawn
    sheets = council(*given_points)

    one, other = score(sheets, criteria=criteria), score(sheets[::-1], criteria=criteria)

    assert replace(other, warnings=()) == replace(one, warnings=())
