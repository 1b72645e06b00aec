"""What can be chosen on a criterion, as every page offers it: one line for each number of points."""

from __future__ import annotations

from dataclasses import dataclass

from models.criteria.schema import Criterion

NO_LEVEL = "Không đạt mức nào"
REACHED = "Đạt yêu cầu"


@dataclass(frozen=True)
class Choice:
    """Points that may be given; `stars`: the stars for which they are the least (none: no gate)."""

    points: int
    label: str
    stars: tuple[int, ...] = ()


def choices_of(criterion: Criterion, case: int | None) -> tuple[Choice, ...]:
    """The choices by points; two printed levels of the same points are one choice with both wordings.

    Where all or nothing is given, what is printed are the conditions of all.
    """
    words: dict[int, list[str]] = {}
    for option in criterion.options_in(case):
        words.setdefault(criterion.max if criterion.all_or_nothing else option.points, []).append(option.label)
    joint = "; " if criterion.all_or_nothing else " / "
    gates = criterion.gates_in(case)
    return tuple(
        Choice(
            points,
            joint.join(dict.fromkeys(words.get(points, ()))) or _unnamed(points, criterion),
            tuple(sorted(star for star, least in gates.items() if least == points)),
        )
        for points in criterion.allowed_points(case)
    )


def _unnamed(points: int, criterion: Criterion) -> str:
    return REACHED if points == criterion.max and points else NO_LEVEL
