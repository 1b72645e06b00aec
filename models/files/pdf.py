"""PDF by PDFium, which is not made for threads: one call at a time in a process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import pypdfium2
import pypdfium2.raw
from PIL.Image import Image

_ONE_AT_A_TIME = Lock()


class PdfError(Exception):
    """The file does not open as a PDF; `locked`: for want of its password."""

    def __init__(self, *, locked: bool) -> None:
        self.locked = locked
        super().__init__("locked" if locked else "damaged")


def page_count(path: Path) -> int:
    """How many pages.

    Raises:
        PdfError: see there.
    """
    with opened(path) as document:
        return len(document)


def draw_page(path: Path, page: int, width: int) -> Image:
    """Picture of a page (the first is 1), `width` pixels wide and at most twice as high.

    Raises:
        PdfError: it does not open, or the page cannot be read.
    """
    with opened(path) as document:
        try:
            sheet = document[page - 1]
            across, down = sheet.get_size()
            scale = min(width / max(across, 1), 2 * width / max(down, 1))
            drawn = sheet.render(scale=scale, may_draw_forms=False).to_pil()
        except pypdfium2.PdfiumError as error:
            raise PdfError(locked=False) from error
        picture: Image = drawn.convert("RGB")
        return picture


@contextmanager
def opened(source: Path | bytes) -> Iterator[Any]:
    """The document of a file or of its content, for as long as the block lasts.

    Raises:
        PdfError: see there.
    """
    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(source)
        except pypdfium2.PdfiumError as error:
            locked = getattr(error, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD
            raise PdfError(locked=locked) from error
        try:
            yield document
        finally:
            document.close()
