"""What every paper carries: who issues it, number, day, bases, signature, recipients."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from models.charts import Chart
from models.vietnamese import long_date


@dataclass(frozen=True)
class Signature:
    """One signature: lines above the post (`TM.`, `KT.`, `TL.`), the post in capitals, the name."""

    before: list[str]
    post: str
    name: str


NO_SIGNATURE = Signature([], "", "")


@dataclass(frozen=True)
class Drawn:
    """A chart on a paper: its caption, what it says in a sentence, and its picture (put in when it is rendered)."""

    caption: str
    summary: str
    chart: Chart
    picture: Any = ""


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


P = TypeVar("P", bound=Paper)
DAY = ", ngày"


def numbered(paper: P, number: str, dated: date | None) -> P:
    """The paper under a number and day, where it has none of its own."""
    place = paper.place_and_date.partition(DAY)[0]
    day: dict[str, Any] = (
        {"dated": dated, "place_and_date": f"{place}, {long_date(dated)}"} if dated and not paper.dated else {}
    )
    own: dict[str, Any] = {"number": number, "number_line": f"Số: {number}"} if number and not paper.number else {}
    return replace(paper, **day, **own)
