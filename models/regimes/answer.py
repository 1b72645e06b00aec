"""The answer of `ocop regime`: which rules apply to a dossier."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from models.regimes.kinds import DossierKind
from models.regimes.loader import finish_by, regime_for
from models.regimes.parts import CouncilDefaults


def regime_answer(received: date, kind: DossierKind, pending_on: date | None = None) -> dict[str, object]:
    """The rules for a dossier as plain JSON values (dates in ISO form).

    Raises `InputError` for a day before the first regime or a `pending_on` before `received`.
    """
    regime = regime_for(received, kind)
    limit = finish_by(received, kind, pending_on)
    return {
        "regime": regime.code,
        "title": regime.title,
        "received": received.isoformat(),
        "kind": kind.value,
        "kind_label": kind.label,
        "decisions": [decision.no for decision in regime.decisions],
        "criteria": regime.criteria,
        "grants": {str(star): body.value for star, body in sorted(regime.grants.items())},
        "bands": {str(star): points for star, points in sorted(regime.bands.items())},
        "forwards": [{"from_points": rule.from_points, "to": rule.to.value} for rule in regime.forwards],
        "finish_by": limit.isoformat() if limit else None,
        "council": _council(regime.council),
        "terms": {
            key.value: {"days": term.days, "unit": term.unit, "source": term.source}
            for key, term in regime.terms.items()
        },
        "mandatory_evidence": [item.kind.value for item in regime.checklist if item.mandatory],
    }


def _council(council: CouncilDefaults) -> dict[str, object]:
    """The council's defaults; the first three are what `ocop score` takes as `council`."""
    return {
        "quorum": _number(council.quorum),
        "spread_limit": _number(council.spread_limit),
        "gate_rule": council.gate_rule,
        "members": [council.members_from, council.members_to],
        "written_opinions_for": [kind.value for kind in council.written_opinions_for],
    }


def _number(value: Fraction) -> int | float:
    """For display only: scoring keeps the fraction."""
    return value.numerator if value.denominator == 1 else float(value)
