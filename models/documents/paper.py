"""What every paper carries: who issues it, number, day, bases, signature, recipients."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Signature:
    """One signature: lines above the post (`TM.`, `KT.`, `TL.`), the post in capitals, the name."""

    before: list[str]
    post: str
    name: str


NO_SIGNATURE = Signature([], "", "")


@dataclass(frozen=True, kw_only=True)
class Paper:
    """The frame of a paper; each kind adds its own fields.

    `number` and `dated` are as the clerk recorded them, both empty before; `case` names the variant (recognised …).
    """

    superior: str = ""
    issuer: list[str] = field(default_factory=list)
    number_line: str = ""
    place_and_date: str = ""
    bases: list[str] = field(default_factory=list)
    signature: Signature = NO_SIGNATURE
    recipients: list[str] = field(default_factory=list)
    number: str | None = None
    dated: date | None = None
    case: str = ""
