"""Charts drawn on the server: SVG for pages, PNG for papers, each with its data as a table."""

from models.charts.chart import Chart, ChartTable
from models.charts.rendering import png, svg

__all__ = ["Chart", "ChartTable", "png", "svg"]
