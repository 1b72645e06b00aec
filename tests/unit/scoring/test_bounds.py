"""Stars at the bounds: the mean is compared exactly and shown cut off, never rounded up."""

from __future__ import annotations

from fractions import Fraction

import pytest

from models.scoring import cut
from tests.unit.scoring.build import choices, council, score


@pytest.mark.parametrize(
    ("totals", "gates", "shown", "band", "stars"),
    [
        ([29, 30, 30], 2, "29.66", 1, 1),
        ([30], 2, "30.00", 2, 2),
        ([49] + [50] * 199, 3, "49.99", 2, 2),
        ([50, 50, 49], 3, "49.66", 2, 2),
        ([50, 51, 49], 3, "50.00", 3, 3),
        ([69] + [70] * 199, 4, "69.99", 3, 3),
        ([70, 70, 69], 4, "69.66", 3, 3),
        ([70, 68, 72], 4, "70.00", 4, 4),
        ([89] + [90] * 199, 5, "89.99", 4, 4),
        ([90, 90, 89], 5, "89.66", 4, 4),
        ([90, 91, 89], 5, "90.00", 5, 5),
        ([100], 5, "100.00", 5, 5),
    ],
)
def test_bound(totals: list[int], gates: int, shown: str, band: int, stars: int) -> None:
    result = score(council(*[choices(total, gates=gates) for total in totals]))

    assert result.mean == Fraction(sum(totals), len(totals))
    assert (cut(Fraction(sum(totals), len(totals))), result.band, result.stars) == (shown, band, stars)


def test_lowest_mean_is_one_star() -> None:
    zero = dict.fromkeys(choices(50), 0)

    result = score(council(zero))

    assert result.mean == 0
    assert (result.band, result.stars) == (1, 1)


def test_totals_and_spread_are_exact() -> None:
    result = score(council(choices(70), choices(75), choices(68)))

    assert result.totals == {"m1": 70, "m2": 75, "m3": 68}
    assert result.spread == 7


@pytest.mark.parametrize(
    ("points", "shown"),
    [(Fraction(493, 7), "70.42"), (Fraction(71), "71.00"), (Fraction(4, 7), "0.57"), (Fraction(1, 200), "0.00")],
)
def test_cut(points: Fraction, shown: str) -> None:
    assert cut(points) == shown
