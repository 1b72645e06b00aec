"""Charts of a round: where its dossiers are, and which units have late items."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from models.charts.bars import IDLE, LATE, ON_TIME, Series, paint_bars
from models.charts.chart import Chart, ChartTable, count, height_of
from models.reports.steering import LateUnit, RoundProgress

MOST_UNITS = 25
"""Units that are drawn, those with most late items; the table has all [ours]."""


def progress_chart(progress: RoundProgress, round_title: str) -> Chart:
    """Dossiers of a round by step, on time and late, then what is between steps and how the others ended."""
    lines = [
        (f"{step.step}. {step.name[:1].upper()}{step.name[1:]}", step.on_time, step.late, 0) for step in progress.steps
    ]
    lines += [("Đang chuyển bước", 0, 0, progress.between)] if progress.between else []
    lines += [(status, 0, 0, ended) for status, ended in progress.ended.items()]
    lines += [("Chưa nộp hồ sơ", 0, 0, progress.not_handed_in)] if progress.not_handed_in else []
    table = ChartTable(("Bước, kết quả", "Đang chờ, trong hạn", "Quá hạn", "Không chờ ai"), list(lines))
    title = f"Tiến độ {round_title}"
    late = sum(step.late for step in progress.steps)
    if not progress.dossiers and not progress.not_handed_in:
        return Chart(title, "Đợt chưa có hồ sơ.", table)
    names = [line[0] for line in lines]
    series = [
        Series("Đang chờ, trong hạn", [line[1] for line in lines], ON_TIME),
        Series("Quá hạn", [line[2] for line in lines], LATE),
        Series("Không chờ ai", [line[3] for line in lines], IDLE),
    ]
    summary = f"{progress.dossiers} hồ sơ, {late} quá hạn{_fullest(progress)}."
    return Chart(title, summary, table, height_of(names), partial(paint_bars, names=names, series=series, unit="hồ sơ"))


def _fullest(progress: RoundProgress) -> str:
    step = max(progress.steps, key=lambda step: step.on_time + step.late)
    waiting = step.on_time + step.late
    return f"; nhiều nhất ở bước {step.step} ({step.name}): {waiting}" if waiting else ""


def late_chart(units: Sequence[LateUnit], title: str = "Việc quá hạn theo đơn vị", most: int = MOST_UNITS) -> Chart:
    """Units by how many items are late; `units` come with most late items first."""
    table = ChartTable(
        ("Đơn vị", "Việc quá hạn", "Việc đang mở", "Trễ lâu nhất (ngày)"),
        [(unit.unit, unit.late, unit.open, unit.most_days) for unit in units],
    )
    if not units:
        return Chart(title, "Không có việc quá hạn.", table)
    shown = units[:most]
    names = [unit.unit for unit in shown]
    series = [
        Series("Quá hạn", [unit.late for unit in shown], LATE),
        Series("Chưa đến hạn", [unit.open - unit.late for unit in shown], ON_TIME),
    ]
    ends = [f"{count(unit.late)} quá hạn / {count(unit.open)}" for unit in shown]
    more = f" Vẽ {most} đơn vị nhiều nhất, bảng có đủ {len(units)}." if len(units) > most else ""
    first = units[0]
    worst = f"nhiều nhất: {first.unit} ({first.late})"
    summary = f"{sum(unit.late for unit in units)} việc quá hạn ở {len(units)} đơn vị; {worst}.{more}"
    return Chart(
        title,
        summary,
        table,
        height_of(names),
        partial(paint_bars, names=names, series=series, unit="việc đang mở", ends=ends),
    )
