"""The chart of the time that steps take against their terms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from models.charts.bars import BAR, DARK, LATE, ON_TIME, frame
from models.charts.chart import Chart, ChartTable, height_of, number, percent
from models.reports.steering import StepTimeLine

if TYPE_CHECKING:
    from matplotlib.axes import Axes

UNIT = "ngày (theo đơn vị của từng hạn)"
MOST_LINES = 30
"""Lines that are drawn; the table has all [ours]."""


def times_chart(lines: Sequence[StepTimeLine], title: str = "Thời gian làm từng bước so với hạn") -> Chart:
    """For each step (or step and unit): half took no longer than the bar, nine of ten no longer than the line."""
    table = ChartTable(
        ("Bước", "Số việc", "Nửa số việc xong trong", "9/10 xong trong", "Hạn", "Trễ"),
        [
            (_name(one), one.done, number(one.median), number(one.p90), number(one.term), percent(one.late, one.done))
            for one in lines
        ],
    )
    if not lines:
        return Chart(title, "Chưa có việc nào xong.", table)
    shown = lines[:MOST_LINES]
    worst = max(lines, key=lambda line: (line.late_share, line.done))
    late = f"trễ nhiều nhất: {_name(worst)} ({percent(worst.late, worst.done)})" if worst.late else "không việc nào trễ"
    more = f" Vẽ {MOST_LINES} dòng đầu, bảng có đủ {len(lines)}." if len(lines) > MOST_LINES else ""
    summary = f"{sum(line.done for line in lines)} việc đã xong; {late}.{more}"
    height = height_of([_name(line) for line in shown], line=0.42)
    return Chart(title, summary, table, height, partial(_paint, lines=shown))


def _name(line: StepTimeLine) -> str:
    return f"{line.label} · {line.unit}" if line.unit else line.label


def _paint(axes: Axes, lines: Sequence[StepTimeLine]) -> None:
    places = range(len(lines))
    medians = [float(line.median) for line in lines]
    axes.barh(places, medians, BAR * 0.7, color=ON_TIME.colour, label="Nửa số việc xong trong")
    axes.hlines(places, medians, [line.p90 for line in lines], colors=LATE.colour, linewidth=3, label="9/10 xong trong")
    axes.vlines(
        [float(line.term) for line in lines],
        [place - 0.42 for place in places],
        [place + 0.42 for place in places],
        colors="black",
        linewidth=2.5,
        label="Hạn",
    )
    longest = max([1.0, *(max(line.p90, float(line.term)) for line in lines)])
    for place, line in enumerate(lines):
        right = max(line.p90, float(line.term), float(line.median))
        words = f"trễ {percent(line.late, line.done)}" if line.late else "không trễ"
        axes.text(right + longest * 0.02, place, words, va="center", fontsize=9, color=DARK)
    frame(axes, [_name(line) for line in lines], longest * 1.2, UNIT)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3, fontsize=9, frameon=False)
