"""Pictures on papers: charts and QR codes, each with words for who does not see it."""

from __future__ import annotations

import io
from dataclasses import fields, replace
from typing import Any
from xml.sax.saxutils import quoteattr

import segno
from docx.shared import Cm, Length, Mm
from docxtpl import DocxTemplate, InlineImage

from models.charts import png
from models.charts.rendering import WIDTH
from models.documents.cleaning import cleaned
from models.documents.paper import Drawn, Paper

QR_MM = 26
QR_FIELD = "qr"
CHART_CM, HIGHEST_CM = 15.5, 21.0
"""How wide a chart is, unless it would then be higher than a page holds."""

CHART_DPI = 150


class Picture(InlineImage):  # type: ignore[misc]
    """A picture in the text, with its alternative text."""

    def __init__(self, document: DocxTemplate, content: io.BytesIO, width: Length, words: str) -> None:
        super().__init__(document, content, width=width)
        self._words = cleaned(words)

    def _insert_image(self) -> str:
        made = str(super()._insert_image())
        return made.replace("<wp:docPr ", f"<wp:docPr descr={quoteattr(self._words)} ", 1)


def pictures_of(document: DocxTemplate, paper: Paper) -> dict[str, Any]:
    """The fields of a paper that are pictures, or lists of charts with theirs."""
    found: dict[str, Any] = {}
    for name, value in ((entry.name, getattr(paper, entry.name)) for entry in fields(paper)):
        if isinstance(value, list) and value and isinstance(value[0], Drawn):
            found[name] = [replace(one, picture=_chart(document, one)) for one in value]
    link = getattr(paper, "look_up", "")
    if link:
        found[QR_FIELD] = Picture(document, qr_picture(link), Mm(QR_MM), f"Mã QR tra cứu hiệu lực: {link}")
    return found


def qr_picture(link: str) -> io.BytesIO:
    """The link as a QR code: a PNG with the quiet zone that readers need, error correction M."""
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="png", scale=8, border=4)
    out.seek(0)
    return out


def _chart(document: DocxTemplate, drawn: Drawn) -> Picture:
    width = min(CHART_CM, HIGHEST_CM * WIDTH / drawn.chart.height)
    words = f"{drawn.chart.title}. {drawn.chart.summary}"
    return Picture(document, io.BytesIO(png(drawn.chart, CHART_DPI)), Cm(width), words)
