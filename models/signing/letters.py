"""The letters of visible signatures: of a font that comes with a library, so that every machine has them."""

from __future__ import annotations

import importlib.util
import logging
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools import subset, ttLib
from fontTools.ttLib.scaleUpem import scale_upem
from pyhanko.pdf_utils.font.api import FontEngine, FontEngineFactory
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.writer import BasePdfFileWriter

FONT = "mpl-data/fonts/ttf/DejaVuSans.ttf"
"""Comes with matplotlib; it has all Vietnamese letters."""

LATIN = [*range(0x20, 0x250), *range(0x300, 0x370), *range(0x1E00, 0x1F00), *range(0x2010, 0x2030)]

UNITS = 1000
"""To the em. pyHanko takes the widths of letters for thousandths; in a font of 2048 they drift apart."""

logging.getLogger("fontTools.subset").setLevel(logging.ERROR)


class Letters(FontEngineFactory):
    """Gives pyHanko the font."""

    def __init__(self, size: int) -> None:
        self._size = size

    def create_font_engine(self, writer: BasePdfFileWriter, obj_stream: Any = None) -> FontEngine:
        """The font, to be put into the PDF of `writer` as far as it is used."""
        if obj_stream is None and writer.stream_xrefs:
            obj_stream = writer.prepare_object_stream()  # type: ignore[no-untyped-call]
        return GlyphAccumulator(writer, BytesIO(_font()), self._size, obj_stream=obj_stream)


@cache
def _font() -> bytes:
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("matplotlib")
    with ttLib.TTFont(Path(found.origin).parent / FONT) as font:
        options = subset.Options(hinting=False, layout_features=["ccmp", "mark", "mkmk"])
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=LATIN)
        subsetter.subset(font)
        scale_upem(font, UNITS)
        out = BytesIO()
        font.save(out)
        return out.getvalue()
