"""What a chart is: its title, what it says in a sentence, its data as a table, and how it is painted."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NO_DATA = "Chưa có số liệu."
LABEL_WIDTH = 34
LABEL_LINES = 2


@dataclass(frozen=True)
class ChartTable:
    """The data of a chart for whoever does not see it, or wants the figures: all rows, also those not drawn."""

    columns: tuple[str, ...]
    rows: list[tuple[str | int | float, ...]]


@dataclass(frozen=True)
class Chart:
    """One chart. `summary` says the main thing in a sentence (the description of the picture).

    `height` is in inches; the width is the same for all. `paint` draws on empty axes; none: there is nothing to draw.
    """

    title: str
    summary: str
    table: ChartTable
    height: float = 1.2
    paint: Callable[[Axes], None] | None = None


def label(text: str) -> str:
    """A name as it stands beside a bar: on two lines at most, cut with an ellipsis."""
    lines = textwrap.wrap(text, LABEL_WIDTH, max_lines=LABEL_LINES, placeholder=" …")
    return "\n".join(lines)


def number(value: float | Fraction, digits: int = 1) -> str:
    """A figure as people write it here: `27,4`, whole ones without a comma; cut off, never rounded up."""
    scale = 10**digits
    cut = int(Fraction(value) * scale)
    whole, rest = divmod(cut, scale)
    return f"{whole},{rest:0{digits}d}".rstrip("0").rstrip(",") if rest else str(whole)


def count(value: int) -> str:
    """`1.250`: thousands are set apart by a point."""
    return f"{value:,}".replace(",", ".")


def percent(part: int, whole: int) -> str:
    """`12 %`, to the nearest whole per cent; a share that is not none is never shown as 0 %."""
    share = Fraction(part * 100, whole)
    return "< 1 %" if 0 < share < 1 else f"{round(share)} %"


def height_of(labels: Sequence[str], line: float = 0.34, rest: float = 1.1) -> float:
    """Inches for so many bars with names on one or two lines, and for title, legend and axis."""
    return rest + sum(line + 0.13 * label(text).count("\n") for text in labels)
