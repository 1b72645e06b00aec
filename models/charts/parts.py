"""The chart of one product's points by part of the sheet against its star gates."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from models.charts.bars import BAR, DARK, GRID, ON_TIME, frame
from models.charts.chart import Chart, ChartTable, height_of, number
from models.reports.part_scores import STARS, PartScore

if TYPE_CHECKING:
    from matplotlib.axes import Axes

UNIT = "điểm"
MARKS = {3: "^", 4: "s", 5: "D"}
"""A shape for each star, so that no colour has to be told apart."""


def parts_chart(parts: Sequence[PartScore], product: str) -> Chart:
    """For each part the mean points of its most, the points that the gates of each star ask for, and what is missed."""
    title = f"Điểm theo phần và điều kiện sao: {product}"
    table = ChartTable(
        ("Phần", "Điểm", "Tối đa", *(f"Điều kiện {stars} sao cần" for stars in STARS), "Điều kiện chưa đạt"),
        [
            (
                f"{part.code}. {part.name}",
                number(part.points, 2),
                part.max,
                *(part.floors[stars] for stars in STARS),
                "; ".join(f"{gate.stars} sao: {gate.title}" for gate in part.missed),
            )
            for part in parts
        ],
    )
    if not parts:
        return Chart(title, "Chưa có phiếu chấm.", table)
    missed = [gate for part in parts for gate in part.missed]
    count = ", ".join(f"{sum(gate.stars == stars for gate in missed)} điều kiện {stars} sao" for stars in STARS)
    total = sum((part.points for part in parts), Fraction(0))
    summary = (
        f"{number(total, 2)} điểm; chưa đạt {count}." if missed else f"{number(total, 2)} điểm; đạt mọi điều kiện sao."
    )
    height = height_of([_name(part) for part in parts], line=0.75)
    return Chart(title, summary, table, height, partial(_paint, parts=parts))


def _name(part: PartScore) -> str:
    return f"{part.code}. {part.name}"


def _paint(axes: Axes, parts: Sequence[PartScore]) -> None:
    places = range(len(parts))
    axes.barh(places, [part.max for part in parts], BAR, color=GRID, label="Tối đa")
    axes.barh(places, [float(part.points) for part in parts], BAR * 0.55, color=ON_TIME.colour, label="Điểm trung bình")
    for stars, shape in MARKS.items():
        floors = [part.floors[stars] for part in parts]
        name = f"Điều kiện {stars} sao cần"
        axes.scatter(floors, places, marker=shape, s=55, color="white", edgecolors="black", zorder=3, label=name)
    longest = max(part.max for part in parts)
    for place, part in enumerate(parts):
        axes.text(part.max + longest * 0.02, place, _words(part), va="center", fontsize=9, color=DARK)
    frame(axes, [_name(part) for part in parts], longest * 1.45, UNIT)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3, fontsize=9, frameon=False)


def _words(part: PartScore) -> str:
    points = f"{number(part.points)}/{part.max} điểm"
    counts = {stars: sum(gate.stars == stars for gate in part.missed) for stars in STARS}
    missed = ", ".join(f"{count} ({stars}★)" for stars, count in counts.items() if count)
    return f"{points}\nchưa đạt {missed}" if missed else f"{points}\nđạt mọi điều kiện"
