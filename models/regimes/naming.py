"""A regime as people name it: by the decision, not by the name of our file."""

from __future__ import annotations

from models.regimes.loader import load_regime


def regime_named(code: str) -> str:
    """`qd148-2023` as `148/QĐ-TTg`; a regime that was amended by the decision that amended it last."""
    return load_regime(code).decisions[-1].no
