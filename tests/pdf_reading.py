"""Reading PDF files as tests need them: text, fonts, size of the page, where the letters stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pypdfium2
from pypdf import PdfReader

MM = 72 / 25.4


class Box(NamedTuple):
    """The smallest box around all letters of a page, as distances from the page's edges in mm."""

    left: float
    right: float
    top: float
    bottom: float


def pages(path: Path) -> list[str]:
    """The text of each page, spaces in a row as one."""
    document = pypdfium2.PdfDocument(str(path))
    return [re.sub(r"\s+", " ", page.get_textpage().get_text_range()).strip() for page in document]


def sizes(path: Path) -> list[tuple[int, int]]:
    """Width and height of each page in mm."""
    return [(round(page.get_width() / MM), round(page.get_height() / MM)) for page in pypdfium2.PdfDocument(str(path))]


def fonts(path: Path) -> set[str]:
    """The fonts that the file shows its letters in, without the marks of subsets."""
    found = set()
    for page in PdfReader(path).pages:
        resources = page["/Resources"].get_object()
        for font in resources.get("/Font", {}).get_object().values():  # type: ignore[union-attr]
            found.add(str(font.get_object()["/BaseFont"]).lstrip("/").split("+")[-1].split("-")[0])
    return found


def box(path: Path, number: int, *, skip_top: float = 0) -> Box:
    """Where the letters of page `number` (from 0) stand; those in the uppermost `skip_top` mm do not count."""
    page = pypdfium2.PdfDocument(str(path))[number]
    width, height = page.get_width(), page.get_height()
    letters = page.get_textpage()
    boxes = [letters.get_charbox(i) for i in range(letters.count_chars())]
    shown = [b for b in boxes if b[2] > b[0] and (height - b[3]) / MM >= skip_top]
    return Box(
        left=min(b[0] for b in shown) / MM,
        right=(width - max(b[2] for b in shown)) / MM,
        top=(height - max(b[3] for b in shown)) / MM,
        bottom=min(b[1] for b in shown) / MM,
    )
