"""What a visible signature says, in Vietnamese."""

from __future__ import annotations

from datetime import datetime

from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.stamp import TextStampStyle

from models.signing.certificates import moment_in_words
from models.signing.letters import Letters

FONT_SIZE, LEADING = 8, 11
RED = (0.75, 0.05, 0.05)
LONGEST = 60
"""Letters of a line; longer names are cut, for the whole field shrinks with its longest line [ours]."""

IN_FIELD = SimpleBoxLayoutRule(
    AxisAlignment.ALIGN_MIN, AxisAlignment.ALIGN_MID, Margins(5, 5, 3, 3), InnerScaling.SHRINK_TO_FIT
)


def stamp_style(name: str, post: str, now: datetime) -> TextStampStyle:
    """The field: who signed, in which post, when."""
    lines = [f"Ký bởi: {name}", *([f"Chức vụ: {post}"] if post else []), f"Thời gian ký: {moment_in_words(now)}"]
    # A percent sign in a name would be read as a place to fill in.
    text = "\n".join(line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…" for line in lines)
    letters = TextBoxStyle(font=Letters(FONT_SIZE), font_size=FONT_SIZE, leading=LEADING, text_color=RED)
    return TextStampStyle(
        stamp_text=text.replace("%", "%%"),
        text_box_style=letters,
        inner_content_layout=IN_FIELD,
        border_width=1,
        background=None,
    )
