"""Regimes: which law applies, as data chosen by the day of receipt and the kind (domain.md §2)."""

from models.regimes.answer import regime_answer
from models.regimes.bodies import Body
from models.regimes.evidence_kinds import EvidenceKind
from models.regimes.kinds import DossierKind
from models.regimes.loader import finish_by, load_regime, regime_for, regime_in_force, regimes
from models.regimes.schema import Regime
from models.regimes.terms import Term, TermKey

__all__ = [
    "Body",
    "DossierKind",
    "EvidenceKind",
    "Regime",
    "Term",
    "TermKey",
    "finish_by",
    "load_regime",
    "regime_answer",
    "regime_for",
    "regime_in_force",
    "regimes",
]
