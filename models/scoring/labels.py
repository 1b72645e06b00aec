"""How explanations call the levels of government and write numbers."""

from __future__ import annotations

from fractions import Fraction

from models.regimes import Body
from models.scoring.result import cut

GRANTER = {Body.DISTRICT: "UBND huyện", Body.PROVINCE: "UBND tỉnh", Body.MINISTRY: "Bộ"}
"""Who recognises a star, by level."""

LEVEL = {Body.DISTRICT: "cấp huyện", Body.PROVINCE: "cấp tỉnh", Body.MINISTRY: "Bộ"}
"""Where a dossier is forwarded to, by level."""


def number(value: Fraction) -> str:
    """Whole numbers as they are, others cut to two decimals, with a decimal comma."""
    return str(value) if value.denominator == 1 else cut(value).replace(".", ",")


def share(value: Fraction) -> str:
    """A share of members: a percentage where two decimals say it exactly, else the fraction."""
    percent = value * 100
    return f"{number(percent)}%" if (percent * 100).denominator == 1 else str(value)
