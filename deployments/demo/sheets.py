"""Score sheets for the demo: choices that add up to a wanted total and meet, or miss, wanted gates."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from models.criteria import CriteriaSet


def sheet(
    criteria: CriteriaSet,
    case: int | None,
    total: int,
    rng: Random,
    *,
    gates_up_to: int = 3,
    fixed: Mapping[str, int] | None = None,
) -> dict[str, int]:
    """Choices that add up to `total` points, meet all gates up to `gates_up_to` stars and hold what is `fixed`.

    Raises:
        ValueError: no such sheet exists.
    """
    options = _options(criteria, case, gates_up_to, fixed or {})
    order = list(options)
    rng.shuffle(order)
    reachable: list[dict[int, int]] = [{0: 0}]
    for code in order:
        points = options[code][:]
        rng.shuffle(points)
        reachable.append({done + p: p for p in points for done in reachable[-1]})
    if total not in reachable[-1]:
        raise ValueError(f"no sheet of set {criteria.number} adds up to {total} points with these gates")
    choices: dict[str, int] = {}
    for step in range(len(order), 0, -1):
        choices[order[step - 1]] = reachable[step][total]
        total -= reachable[step][total]
    return {code: choices[code] for code in options}


def _options(
    criteria: CriteriaSet, case: int | None, gates_up_to: int, fixed: Mapping[str, int]
) -> dict[str, list[int]]:
    least: dict[str, int] = {}
    for stars, code, points in criteria.gates(case):
        if stars <= gates_up_to:
            least[code] = max(points, least.get(code, 0))
    return {
        code: [fixed[code]] if code in fixed else [p for p in criterion.printed_points(case) if p >= least.get(code, 0)]
        for code, criterion in criteria.criteria.items()
    }


def member_totals(points_in_all: int, members: int, spread: int) -> list[int]:
    """Totals of so many members that add up to `points_in_all` with about `spread` points between them."""
    base, rest = divmod(points_in_all, members)
    totals = [base + (1 if i < rest else 0) for i in range(members)]
    half = spread // 2
    for i in range(members // 2):
        shift = max(half - i, 0)
        totals[i] += shift
        totals[-1 - i] -= shift
    return totals
