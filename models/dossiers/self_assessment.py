"""The producer's own score as it is filled in: what it comes to, and what stands in the way of the star aimed at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from models.criteria import CriteriaSet
from models.errors import Problem
from models.forms import EvidenceForm
from models.regimes import Regime
from models.scoring import CouncilRules, MissedGate, Role, Sheet, sheet_problems
from models.scoring.engine import CERTIFIED, band_of, missed_gates, stars_of


@dataclass(frozen=True)
class PartTotal:
    """What one part (A, B, C) of the sheet comes to so far; points."""

    code: str
    name: str
    points: int
    most: int


@dataclass(frozen=True)
class StarCheck:
    """What stands between the answers so far and one star.

    `missing_points`: to the bound of the star. `missed`: gates of answered criteria; `still_open`: criteria with a gate
    that are not answered yet.
    """

    stars: int
    missing_points: int
    missed: tuple[MissedGate, ...]
    still_open: tuple[MissedGate, ...]

    @property
    def reached(self) -> bool:
        """Whether the answers so far are enough."""
        return not (self.missing_points or self.missed or self.still_open)


@dataclass(frozen=True)
class SelfScore:
    """A self-assessment, whole or in the middle.

    `total`: of the answers that the sheet has. `band`: by the total alone; `stars`: with the gates. `unanswered` and
    `without_evidence`: codes of criteria, in sheet order; the latter have points and no paper. `problems`: answers that
    the sheet does not have.
    """

    total: int
    reachable: int
    parts: tuple[PartTotal, ...]
    band: int
    stars: int
    by_star: tuple[StarCheck, ...]
    unanswered: tuple[str, ...]
    without_evidence: tuple[str, ...]
    problems: tuple[Problem, ...]

    def towards(self, target: int) -> StarCheck:
        """The check for the star aimed at (3, 4 or 5)."""
        return next(check for check in self.by_star if check.stars == target)


def self_score(
    criteria: CriteriaSet,
    case: int | None,
    choices: Mapping[str, int],
    regime: Regime,
    papers: Iterable[EvidenceForm] = (),
) -> SelfScore:
    """What the chosen points come to; criteria not answered yet count nothing.

    `case` is for the set of tourism and ignored elsewhere; while it is not chosen, all options are open.
    """
    own_case = case if criteria.cases else None
    problems, given = _readable(criteria, own_case, choices)
    total = sum(given.values())
    sheet = Sheet(member="chủ thể", role=Role.MEMBER, choices=dict.fromkeys(criteria.criteria, 0) | given)
    missed = missed_gates(criteria, own_case, [sheet], CouncilRules.of(regime.council))
    return SelfScore(
        total=total,
        reachable=criteria.reachable(own_case),
        parts=tuple(
            PartTotal(p.code, p.name, sum(given.get(c.code, 0) for g in p.groups for c in g.criteria), p.max)
            for p in criteria.parts
        ),
        band=band_of(Fraction(total), regime.bands),
        stars=stars_of(Fraction(total), missed, regime.bands),
        by_star=tuple(_check(star, total, missed, given, regime) for star in sorted(CERTIFIED)),
        unanswered=tuple(code for code in criteria.criteria if code not in given),
        without_evidence=_without_evidence(criteria, given, papers),
        problems=tuple(problems),
    )


def _readable(
    criteria: CriteriaSet, case: int | None, choices: Mapping[str, int]
) -> tuple[list[Problem], dict[str, int]]:
    """What is wrong with the answers, and those that the sheet has."""
    problems: list[Problem] = []
    given: dict[str, int] = {}
    for code, points in choices.items():
        draft = Sheet(member="chủ thể", role=Role.MEMBER, present=False, choices={code: points})
        wrong = sheet_problems(criteria, case, draft, "")
        problems += [Problem(f"scores.{code}", p.problem, p.remedy) for p in wrong]
        if not wrong:
            given[code] = points
    return problems, given


def _check(star: int, total: int, missed: Iterable[MissedGate], given: Mapping[str, int], regime: Regime) -> StarCheck:
    """Gates are cumulative: those of the lower stars stand in the way too."""
    own = [gate for gate in missed if gate.stars <= star]
    return StarCheck(
        star,
        max(0, regime.bands[star] - total),
        tuple(gate for gate in own if gate.criterion in given),
        tuple(gate for gate in own if gate.criterion not in given),
    )


def _without_evidence(
    criteria: CriteriaSet, given: Mapping[str, int], papers: Iterable[EvidenceForm]
) -> tuple[str, ...]:
    proven = {code for paper in papers for code in paper.pages_by_criterion}
    return tuple(code for code in criteria.criteria if given.get(code, 0) > 0 and code not in proven)
