"""How much a request may carry: checked by what it says before it is read, and counted while it is."""

from __future__ import annotations

from collections.abc import AsyncIterator

from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData, Headers
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from models.files.receiving import MEGABYTE
from models.settings import settings

PLAIN_MB = 5
"""Megabytes of a request without files (a draft of a whole registration has about one) [ours]."""

FILES_AT_ONCE = 5
"""How many files of the largest size one form may carry [ours]."""

FORM, BYTES = "multipart/form-data", "application/octet-stream"
FILES_AT = "/files"
"""Where the body is a file itself: its content is looked at, what it is said to be counts for nothing."""

TOO_LARGE = 413


class TooLargeError(HTTPException):
    """More came than was announced or than is taken."""

    def __init__(self) -> None:
        super().__init__(TOO_LARGE)


def carries_a_file(content_type: str, path: str) -> bool:
    """Whether a request may be as large as files are."""
    return content_type.startswith((FORM, BYTES)) or path.endswith(FILES_AT)


def most_bytes(content_type: str, path: str) -> int:
    """How many bytes a request of this kind may have."""
    if carries_a_file(content_type, path):
        return (FILES_AT_ONCE * settings().upload_mb + PLAIN_MB) * MEGABYTE
    return PLAIN_MB * MEGABYTE


class _FormParser(MultiPartParser):
    """Takes no more of a file than shows that it is too large, so that all else that was typed still comes in."""

    def __init__(self, headers: Headers, stream: AsyncIterator[bytes], most: int, *, max_fields: int, max_files: int):
        super().__init__(headers, stream, max_fields=max_fields, max_files=max_files)  # type: ignore[arg-type]
        self._most = most
        self._taken = 0
        self.ended = False

    def on_part_begin(self) -> None:
        """Begin to count anew."""
        super().on_part_begin()
        self._taken = 0

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Take the next piece, or what is left to take."""
        if self._current_part.file is None:
            super().on_part_data(data, start, end)
            return
        kept = min(end, start + max(0, self._most + 1 - self._taken))
        self._taken += end - start
        if kept > start:
            super().on_part_data(data, start, kept)

    def on_end(self) -> None:
        """All of the form came."""
        self.ended = True


async def read_posted(request: Request, *, max_fields: int, max_files: int) -> FormData:
    """The form of a request; a file beyond the largest size comes one byte too long, which `receive` refuses.

    Raises:
        HTTPException: it broke off, or is no form.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.form(max_fields=max_fields, max_files=max_files)
    most = settings().upload_mb * MEGABYTE
    parser = _FormParser(request.headers, request.stream(), most, max_fields=max_fields, max_files=max_files)
    try:
        form = await parser.parse()
    except (MultiPartException, FormParserError) as error:
        raise HTTPException(400) from error
    if not parser.ended:
        await form.close()
        raise HTTPException(400)
    return form
