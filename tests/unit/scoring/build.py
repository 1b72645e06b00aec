"""Builders of sheets and requests: a sheet of an exact total that meets the gates up to a star."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from models.criteria import CriteriaSet, load_set
from models.regimes import load_regime
from models.scoring import CouncilRules, Result, Role, Sheet, evaluate

RICE = load_set("qd148", 6)
DISTRICT = load_regime("qd148-2023")
RULES = CouncilRules(Fraction(3, 4), Fraction(10), "mean")


@cache
def _by_total(source: str, number: int, gates: int, case: int | None) -> dict[int, tuple[int, ...]]:
    """Total → points in sheet order, for all totals that sheets meeting the gates up to a star can have."""
    reached: dict[int, tuple[int, ...]] = {0: ()}
    for criterion in load_set(source, number).criteria.values():
        least = max((p for star, p in criterion.gates_in(case).items() if star <= gates), default=0)
        offered = [p for p in criterion.printed_points(case) if p >= least]
        reached = {t + p: (*given, p) for t, given in reached.items() for p in offered}
    return reached


def choices(total: int, *, gates: int = 2, criteria: CriteriaSet = RICE, case: int | None = None) -> dict[str, int]:
    """Printed points that add to `total`, with every gate up to `gates` stars met."""
    return dict(zip(criteria.criteria, _by_total(criteria.source, criteria.number, gates, case)[total], strict=True))


def sheet(member: str, given: dict[str, int], role: Role = Role.MEMBER, **kept: bool) -> Sheet:
    """One member's sheet, present and not recused unless told otherwise."""
    return Sheet(member=member, role=role, choices=given, **kept)


def council(*given: dict[str, int]) -> list[Sheet]:
    """A council whose first member chairs, one sheet each."""
    roles = [Role.CHAIR, *[Role.MEMBER] * (len(given) - 1)]
    return [sheet(f"m{n}", points, role) for n, (points, role) in enumerate(zip(given, roles, strict=True), 1)]


def score(sheets: Sequence[Sheet], **changed: Any) -> Result:
    """The result of these sheets for set 6 under 148, with whatever is changed."""
    facts: dict[str, Any] = {"criteria": RICE, "case": None, "council": RULES, "regime": DISTRICT}
    return evaluate(sheets=sheets, **{**facts, **changed})


def request(*given: dict[str, int], **changed: Any) -> dict[str, Any]:
    """The same as one record of `ocop score`."""
    sheets = [
        {
            "member": s.member,
            "role": s.role.value,
            "present": s.present,
            "recused": s.recused,
            "choices": dict(s.choices),
        }
        for s in council(*given)
    ]
    return {"regime": "qd148-2023", "set": 6, "sheets": sheets, **changed}
