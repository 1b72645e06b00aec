"""The points of one product by part of the sheet, against what the star gates ask for. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from models.criteria.schema import CriteriaSet, Part

STARS = (3, 4, 5)


@dataclass(frozen=True)
class GateScore:
    """One gate: the least points for so many stars on one criterion, and what the product got."""

    stars: int
    criterion: str
    title: str
    least: int
    got: Fraction

    @property
    def met(self) -> bool:
        """Whether the gate is met."""
        return self.got >= self.least


@dataclass(frozen=True)
class PartScore:
    """Part A, B or C: the mean of the members' points, the most that it gives, and its gates by star.

    `floors`: for 3, 4 and 5 stars the points of the part that its gates alone ask for; gates are cumulative [ours].
    """

    code: str
    name: str
    points: Fraction
    max: int
    floors: Mapping[int, int]
    gates: Sequence[GateScore]

    @property
    def missed(self) -> list[GateScore]:
        """The gates of the part that are not met."""
        return [gate for gate in self.gates if not gate.met]


def part_scores(
    criteria: CriteriaSet, case: int | None, sheets: Sequence[Mapping[str, int]], *, every_member: bool = False
) -> list[PartScore]:
    """The parts in sheet order; `sheets` are the choices of the members whose sheets count, at least one.

    A gate is met by the mean of the members' points, with `every_member` by the least of them (the council's setting).
    """
    got = {code: [Fraction(sheet.get(code, 0)) for sheet in sheets] for code in criteria.criteria}
    means = {code: sum(points, Fraction(0)) / len(points) for code, points in got.items()}
    counts = {code: min(points) for code, points in got.items()} if every_member else means
    return [_part(criteria, part, case, means, counts) for part in criteria.parts]


def _part(
    criteria: CriteriaSet,
    part: Part,
    case: int | None,
    means: Mapping[str, Fraction],
    counts: Mapping[str, Fraction],
) -> PartScore:
    codes = [criterion.code for group in part.groups for criterion in group.criteria]
    gates = [
        GateScore(gate.stars, gate.code, criteria.title_of(gate.code), gate.least, counts[gate.code])
        for gate in criteria.gates(case if criteria.cases else None)
        if gate.code in codes
    ]
    return PartScore(
        code=part.code,
        name=part.name,
        points=sum((means[code] for code in codes), Fraction(0)),
        max=part.max,
        floors={stars: _floor(gates, stars) for stars in STARS},
        gates=gates,
    )


def _floor(gates: Sequence[GateScore], stars: int) -> int:
    least: dict[str, int] = {}
    for gate in gates:
        if gate.stars <= stars:
            least[gate.criterion] = max(gate.least, least.get(gate.criterion, 0))
    return sum(least.values())
