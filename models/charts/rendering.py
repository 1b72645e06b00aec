"""From a chart to SVG or PNG. matplotlib is loaded at the first chart and used without its global state (pyplot).

The SVG stands on its own in a page: real text, `<title>` and `<desc>`, no script, no style element or
attribute (a strict content security policy lets it through), nothing fetched from elsewhere.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from models.charts.chart import NO_DATA, Chart

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 8.0
"""Inches."""

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
FONTS = "'DejaVu Sans', Verdana, 'Segoe UI', sans-serif"
"""Of about the same width as the one by which matplotlib measures."""

PX_PER_PT = 96 / 72


def svg(chart: Chart) -> str:
    """The chart as an `<svg>` element, to be put into a page or served as a file."""
    out = io.BytesIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    _figure(chart).savefig(out, format="svg", metadata=nothing)
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    root = ElementTree.fromstring(out.getvalue())
    _drop(root, "style", "metadata")
    for element in root.iter():
        _plain_attributes(element)
    _describe(root, chart)
    return ElementTree.tostring(root, encoding="unicode")


def png(chart: Chart, dpi: int = 200) -> bytes:
    """The chart as a picture for a paper."""
    out = io.BytesIO()
    _figure(chart).savefig(out, format="png", dpi=dpi, metadata={"Title": chart.title, "Software": None})
    return out.getvalue()


def _figure(chart: Chart) -> Figure:
    figure = _make_figure()((WIDTH, chart.height))
    axes = figure.add_subplot()
    if chart.paint is None:
        axes.axis("off")
        axes.text(0.5, 0.5, NO_DATA, ha="center", va="center", fontsize=12, color="#444444")
    else:
        chart.paint(axes)
    return figure


@cache
def _make_figure() -> Callable[[tuple[float, float]], Figure]:
    # Set once for the process, before the first figure, and never changed: threads only read it.
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    matplotlib.rcParams.update(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": "ocop",
            "text.parse_math": False,  # names of people and products are never formulas
            "font.family": "DejaVu Sans",
            "hatch.linewidth": 0.8,
            "axes.spines.top": False,
            "axes.spines.right": False,
        }
    )

    class DrawnFigure(Figure):  # type: ignore[misc,unused-ignore]
        """A figure with its own canvas, of the size given."""

        def __init__(self, size: tuple[float, float]) -> None:
            super().__init__(figsize=size, layout="constrained")
            FigureCanvasAgg(self)

    return DrawnFigure


def _drop(root: ElementTree.Element, *names: str) -> None:
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in {f"{{{SVG}}}{name}" for name in names}:
                parent.remove(child)


def _plain_attributes(element: ElementTree.Element) -> None:
    """`style="fill: #fff; font-size: 12px"` as attributes of their own."""
    for part in element.attrib.pop("style", "").split(";"):
        name, _, value = (text.strip() for text in part.partition(":"))
        if name:
            element.set(name, FONTS if name == "font-family" else value)


def _describe(root: ElementTree.Element, chart: Chart) -> None:
    for side in ("width", "height"):
        root.set(side, f"{float(root.get(side, '0pt').removesuffix('pt')) * PX_PER_PT:.0f}")
    root.set("role", "img")
    root.set("aria-label", f"{chart.title}. {chart.summary}")
    root.set("stroke-linejoin", "round")
    for place, (name, words) in enumerate((("title", chart.title), ("desc", chart.summary))):
        element = ElementTree.Element(f"{{{SVG}}}{name}")
        element.text = words
        root.insert(place, element)
