"""Where on a paper the visible signature goes: between post and name of the signature block, else at a corner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from models.documents.paper import NO_SIGNATURE, Signature
from models.errors import InputError
from models.files.pdf import PdfError, opened

WIDTH, HEIGHT = 190.0, 50.0
"""Points of the field [ours]: three lines of 8 points."""

MARGIN, CLEARANCE = 36.0, 3.0
LEAST_HEIGHT = 30.0
"""Points that three lines need to be read; a narrower gap in the block is not used [ours]."""


@dataclass(frozen=True)
class Box:
    """A rectangle on a page, in points from its lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    def rounded(self) -> tuple[int, int, int, int]:
        """As fields of PDF take it."""
        return round(self.left), round(self.bottom), round(self.right), round(self.top)


@dataclass(frozen=True)
class Place:
    """A box on a page (the first is 0). `found`: at the signature block, not at the corner for want of one."""

    page: int
    box: Box
    found: bool


def place_for(content: bytes, signature: Signature = NO_SIGNATURE, taken: int = 0) -> Place:
    """Where to sign: the last block with this post and name, else the lower right corner of the last page.

    `taken`: how many signatures are there already: the block has its own, further ones stand one above the other.

    Raises:
        InputError: no PDF, or one with a password.
    """
    try:
        with opened(content) as document:
            last = len(document) - 1
            pages = range(last, -1, -1) if signature.post and not taken else ()
            boxes = ((page, _between(document[page], signature)) for page in pages)
            found = next(((page, box) for page, box in boxes if box is not None), None)
            return Place(*found, found=True) if found else Place(last, _corner(document[last], taken), found=False)
    except PdfError as error:
        raise InputError(
            "PDF có mật khẩu" if error.locked else "không phải tệp PDF, hoặc tệp hỏng",
            field="file",
            remedy="Chỉ ký được tệp PDF; làm lại bản PDF của giấy tờ rồi ký.",
        ) from error


def _corner(page: Any, taken: int) -> Box:
    width, height = page.get_size()
    right = max(width - MARGIN, WIDTH)
    bottom = max(min(MARGIN + taken * (HEIGHT + CLEARANCE), height - HEIGHT - MARGIN), 0)
    return Box(right - WIDTH, bottom, right, bottom + HEIGHT)


def _between(page: Any, signature: Signature) -> Box | None:
    """The gap under the last line of the post, down to the name under it."""
    text = page.get_textpage()
    posts = list(_lines(text, signature.post))
    if not posts:
        return None
    post = min(posts, key=lambda box: box.bottom)
    names = [box for box in _lines(text, signature.name) if box.top < post.bottom] if signature.name else []
    floor = max((box.top for box in names), default=post.bottom - HEIGHT - 2 * CLEARANCE)
    top, bottom = post.bottom - CLEARANCE, floor + CLEARANCE
    if top - bottom < LEAST_HEIGHT or bottom < 0:
        return None
    middle, width = (post.left + post.right) / 2, page.get_size()[0]
    left = min(max(middle - WIDTH / 2, CLEARANCE), width - WIDTH - CLEARANCE)
    upper = min(top, (top + bottom + HEIGHT) / 2)
    return Box(left, max(bottom, upper - HEIGHT), left + WIDTH, upper)


def _lines(text: Any, wanted: str) -> Iterator[Box]:
    """Where a text stands on the page; a line that it shares with other words counts too."""
    search = text.search(wanted, match_case=True)
    while (found := search.get_next()) is not None:
        boxes = [text.get_charbox(index) for index in range(found[0], found[0] + found[1])]
        yield Box(
            min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
        )
