"""Charts of what was recognised: stars by year, and by commune."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from models.charts.bars import STARS, Series, paint_bars
from models.charts.chart import Chart, ChartTable, height_of
from models.reports.steering import StarsLine

MOST_COMMUNES = 60
"""Communes that are drawn, those with most products; the table has all [ours]."""


def years_chart(lines: Sequence[StarsLine]) -> Chart:
    """Products recognised by year of issue and stars."""
    return _chart("Sản phẩm được công nhận theo năm", "Năm", [(str(line.year), line) for line in lines])


def communes_chart(lines: Sequence[StarsLine], year: int, most: int = MOST_COMMUNES) -> Chart:
    """Products recognised in one year by commune and stars, the commune with most products first."""
    own = sorted((line for line in lines if line.year == year), key=lambda line: (-line.total, line.commune))
    return _chart(f"Sản phẩm được công nhận năm {year} theo xã", "Xã", [(line.commune, line) for line in own], most)


def _chart(title: str, column: str, lines: Sequence[tuple[str, StarsLine]], most: int = MOST_COMMUNES) -> Chart:
    rows: list[tuple[str | int | float, ...]] = [
        (name, *(line.by_stars.get(stars, 0) for stars in STARS), line.total) for name, line in lines
    ]
    table = ChartTable((column, *(f"{stars} sao" for stars in STARS), "Tổng"), rows)
    if not lines:
        return Chart(title, "Chưa có sản phẩm được công nhận.", table)
    shown = lines[:most]
    names = [name for name, _ in shown]
    series = [
        Series(f"{stars} sao", [line.by_stars.get(stars, 0) for _, line in shown], look)
        for stars, look in STARS.items()
    ]
    parts = (f"{sum(line.by_stars.get(stars, 0) for _, line in lines)} sản phẩm {stars} sao" for stars in STARS)
    more = f" Vẽ {most} xã nhiều nhất, bảng có đủ {len(lines)}." if len(lines) > most else ""
    summary = f"{sum(line.total for _, line in lines)} sản phẩm: {', '.join(parts)}.{more}"
    return Chart(
        title, summary, table, height_of(names), partial(paint_bars, names=names, series=series, unit="sản phẩm")
    )
