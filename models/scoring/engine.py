"""Scores one product: a pure function of its sheets, the criteria set, the council's rules and the regime.

Arithmetic is exact (`Fraction`): a mean is compared as it is and never rounded across a bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from models.criteria import CriteriaSet
from models.errors import InputError
from models.regimes import Body, Regime
from models.scoring.checks import evaluation_problems
from models.scoring.explain import explain
from models.scoring.result import Attendance, MissedGate, Result
from models.scoring.schema import CouncilRules, Role, Sheet
from models.scoring.warn import warnings

CERTIFIED = (5, 4, 3)
"""Stars that have gates and are certified; 2 and 1 are told to the producer and no more [law]."""


def evaluate(
    criteria: CriteriaSet,
    case: int | None,
    sheets: Sequence[Sheet],
    council: CouncilRules,
    regime: Regime,
    eliminations: Sequence[str] = (),
    scoring: int = 1,
) -> Result:
    """The result of one scoring (1: first, 2: second, after which the spread forces no further one).

    `case` is for set 26 and ignored elsewhere. `eliminations`: criterion or group codes, or `dossier`.
    Raises `InputError` with every fault of the sheets, the case and the eliminations.
    """
    wrong = evaluation_problems(criteria, case, sheets, eliminations)
    if wrong:
        raise InputError.of(wrong)
    own_case = case if criteria.cases else None
    counting = [sheet for sheet in sheets if sheet.counts]
    attendance = _attendance(sheets)
    totals = {sheet.member: Fraction(sum(sheet.choices.values())) for sheet in counting}
    mean = sum(totals.values(), Fraction()) / len(totals) if totals else None
    spread = max(totals.values()) - min(totals.values()) if totals else None
    missed = missed_gates(criteria, own_case, counting, council)
    out = bool(eliminations)
    stars = None if mean is None or out else stars_of(mean, missed, regime.bands)
    result = Result(
        totals=totals,
        mean=mean,
        band=None if mean is None else band_of(mean, regime.bands),
        stars=stars,
        missed_gates=missed,
        spread=spread,
        needs_rescoring=scoring == 1 and spread is not None and spread > council.spread_limit,
        attendance=attendance,
        quorum_met=quorum_met(attendance, council),
        eliminated=tuple(dict.fromkeys(eliminations)),
        granted_by=None if stars is None else regime.grants.get(stars),
        forward_to=None if mean is None or out else forward_of(mean, regime),
        warnings=warnings(criteria, case, sheets, eliminations),
    )
    return replace(result, explanation=explain(result, criteria, council, regime))


def band_of(mean: Fraction, bands: Mapping[int, int]) -> int:
    """The star of a mean by the bounds alone."""
    return max(star for star, least in bands.items() if mean >= least)


def stars_of(mean: Fraction, missed: Iterable[MissedGate], bands: Mapping[int, int]) -> int:
    """The highest star whose bound and cumulative gates hold; below 3 the bounds alone decide [law, ours]."""
    lowest_missed = min((gate.stars for gate in missed), default=max(CERTIFIED) + 1)
    reached = band_of(mean, bands)
    return min(reached, max(lowest_missed - 1, min(CERTIFIED) - 1))


def missed_gates(
    criteria: CriteriaSet, case: int | None, counting: Sequence[Sheet], council: CouncilRules
) -> tuple[MissedGate, ...]:
    """Every gate of 3, 4 and 5 stars that is not met, whatever the band; none when no sheet counts."""
    if not counting:
        return ()
    missed = []
    for stars, code, least in criteria.gates(case):
        points = [sheet.choices[code] for sheet in counting]
        got = Fraction(sum(points), len(points)) if council.gate_rule == "mean" else Fraction(min(points))
        if got < least:
            missed.append(MissedGate(stars, code, criteria.criterion(code).title, least, got))
    return tuple(missed)


def quorum_met(attendance: Attendance, council: CouncilRules) -> bool:
    """Sheets that count ÷ members not recused reach the quorum, a chair or vice-chair among them [local]."""
    if attendance.counting == 0:
        return False
    enough = Fraction(attendance.counting, attendance.eligible) >= council.quorum
    return enough and (attendance.chaired or not council.chair_present)


def forward_of(mean: Fraction, regime: Regime) -> Body | None:
    """The level that the dossier goes on to, by points alone [law]; null where no rule reaches it."""
    return next((rule.to for rule in reversed(regime.forwards) if mean >= rule.from_points), None)


def _attendance(sheets: Sequence[Sheet]) -> Attendance:
    counting = [sheet for sheet in sheets if sheet.counts]
    return Attendance(
        counting=len(counting),
        eligible=sum(not sheet.recused for sheet in sheets),
        chaired=any(sheet.role in (Role.CHAIR, Role.VICE_CHAIR) for sheet in counting),
    )
