"""What can be chosen on a criterion, as a page offers it: one line for each number of points."""

from __future__ import annotations

from dataclasses import dataclass

from models.criteria.schema import Criterion

NO_LEVEL = "Không đạt mức nào"
REACHED = "Đạt"


@dataclass(frozen=True)
class Choice:
    """Points that may be given; `stars`: the star for which they are the least (none: no gate)."""

    points: int
    label: str
    stars: int | None = None


def choices_of(criterion: Criterion, case: int | None) -> tuple[Choice, ...]:
    """The choices by points; two printed levels of the same points are one choice with both wordings."""
    words: dict[int, list[str]] = {}
    for option in criterion.options_in(case):
        words.setdefault(option.points, []).append(option.label)
    gates = {least: stars for stars, least in criterion.gates_in(case).items()}
    allowed = criterion.allowed_points(case)
    return tuple(Choice(points, _label(points, words.get(points), criterion), gates.get(points)) for points in allowed)


def _label(points: int, printed: list[str] | None, criterion: Criterion) -> str:
    if printed:
        return " / ".join(dict.fromkeys(printed))
    return REACHED if points == criterion.max and points else NO_LEVEL
