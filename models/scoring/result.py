"""What scoring gives: exact figures, and the same as the fixed JSON contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from models.regimes import Body


@dataclass(frozen=True)
class MissedGate:
    """A star gate that is not met; `got`: the mean, or the lowest member's points, by the council's rule."""

    stars: int
    criterion: str
    title: str
    least: int
    got: Fraction


@dataclass(frozen=True)
class Attendance:
    """Who scored: sheets that count, members who may score (not recused), and whether one of them chairs."""

    counting: int
    eligible: int
    chaired: bool


@dataclass(frozen=True)
class Result:
    """The outcome of one scoring of one product; points are exact. Null figures: no sheet counts.

    `band`: the star of the mean alone. `stars`: what bounds and gates give together, null when eliminated.
    """

    totals: Mapping[str, Fraction]
    mean: Fraction | None
    band: int | None
    stars: int | None
    missed_gates: tuple[MissedGate, ...]
    spread: Fraction | None
    needs_rescoring: bool
    attendance: Attendance
    quorum_met: bool
    eliminated: tuple[str, ...]
    granted_by: Body | None
    forward_to: Body | None
    warnings: tuple[str, ...]
    explanation: str = ""

    @property
    def final(self) -> bool:
        """Whether the council may conclude: quorum met and no second scoring due."""
        return self.quorum_met and not self.needs_rescoring


def cut(points: Fraction) -> str:
    """Points with two decimals, cut off and never rounded up: 69.995 is `69.99` [ours]."""
    whole, hundredths = divmod(points * 100 // 1, 100)
    return f"{whole}.{hundredths:02d}"


def to_json(result: Result) -> dict[str, Any]:
    """The result as `ocop score` prints it."""
    mean = result.mean
    return {
        "totals": {member: str(total) for member, total in result.totals.items()},
        "mean": None if mean is None else cut(mean),
        "mean_exact": None if mean is None else str(mean),
        "band": result.band,
        "stars": result.stars,
        "final": result.final,
        "missed_gates": [_gate_json(gate) for gate in result.missed_gates],
        "spread": None if result.spread is None else str(result.spread),
        "needs_rescoring": result.needs_rescoring,
        "quorum_met": result.quorum_met,
        "eliminated": list(result.eliminated),
        "granted_by": None if result.granted_by is None else result.granted_by.value,
        "forward_to": None if result.forward_to is None else result.forward_to.value,
        "warnings": list(result.warnings),
        "explanation": result.explanation,
    }


def _gate_json(gate: MissedGate) -> dict[str, Any]:
    return {"stars": gate.stars, "criterion": gate.criterion, "least": gate.least, "got": cut(gate.got)}
