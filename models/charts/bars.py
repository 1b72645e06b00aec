"""Lying stacked bars with their figures in them: told apart by pattern and legend, not by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.charts.chart import count, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DARK = "#222222"
GRID = "#dddddd"
BAR = 0.68
LEAST_SHARE = 0.035
"""Share of the longest bar from which on a figure fits into its piece."""


@dataclass(frozen=True)
class Look:
    """How one series looks. The colours are of the palette of Okabe and Ito, told apart with any colour vision."""

    colour: str
    ink: str = "white"
    hatch: str = ""


ON_TIME = Look("#0072B2")
LATE = Look("#D55E00", ink="black", hatch="///")
IDLE = Look("#bbbbbb", ink="black", hatch="...")
STARS = {
    3: Look("#0072B2"),
    4: Look("#56B4E9", ink="black", hatch="\\\\"),
    5: Look("#E69F00", ink="black", hatch="xx"),
}


@dataclass(frozen=True)
class Series:
    """One kind of piece: its name in the legend and its length in each bar."""

    name: str
    values: Sequence[int]
    look: Look


def paint_bars(
    axes: Axes, names: Sequence[str], series: Sequence[Series], unit: str, ends: Sequence[str] | None = None
) -> None:
    """Bars from top to bottom in the order given, behind each its sum (or what `ends` says).

    Series without any value are left out.
    """
    shown = [one for one in series if any(one.values)]
    sums = [sum(one.values[place] for one in series) for place in range(len(names))]
    longest = max([*sums, 1])
    starts = [0] * len(names)
    for one in shown:
        _pieces(axes, one, starts, longest)
        starts = [start + value for start, value in zip(starts, one.values, strict=True)]
    for place, total in enumerate(sums):
        words = ends[place] if ends is not None else count(total)
        axes.text(total + longest * 0.01, place, words, va="center", fontsize=9, color=DARK, fontweight="bold")
    frame(axes, names, longest * (1.1 if ends is None else 1.35), unit)
    if len(shown) > 1 or shown[:1] != list(series[:1]):
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=len(shown), fontsize=9, frameon=False)


def _pieces(axes: Axes, one: Series, starts: Sequence[int], longest: int) -> None:
    look = one.look
    places = range(len(starts))
    axes.barh(
        places, one.values, BAR, left=starts, label=one.name, color=look.colour, hatch=look.hatch, edgecolor="white"
    )
    for place, (start, value) in enumerate(zip(starts, one.values, strict=True)):
        if value >= longest * LEAST_SHARE:
            box = {"facecolor": look.colour, "edgecolor": "none", "pad": 2.0} if look.hatch else None
            axes.text(
                start + value / 2, place, count(value), ha="center", va="center", fontsize=9, color=look.ink, bbox=box
            )


def frame(axes: Axes, names: Sequence[str], right: float, unit: str) -> None:
    """Names on the left, first one on top; whole figures below with a light grid."""
    from matplotlib.ticker import MaxNLocator

    axes.set_yticks(range(len(names)), [label(name) for name in names], fontsize=9, color=DARK)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(0, right)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.xaxis.set_major_formatter(lambda value, _place: count(round(value)))
    axes.set_xlabel(unit, fontsize=9, color=DARK)
    axes.tick_params(axis="x", labelsize=9, colors=DARK)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=GRID)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
