"""What a file really is: its first bytes, then a look inside. Its name and the sender's word count for nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import puremagic

from models.errors import InputError
from models.files.kinds import TAKEN, FileKind
from models.files.looking_inside import AnotherKindError, UnfitError, look_at_image, look_at_office, look_at_pdf

HEAD_BYTES = 4096


@dataclass(frozen=True)
class Looked:
    """The kind by content, and how many pages it has (null: the kind has none)."""

    kind: FileKind
    pages: int | None


LOOKS: dict[FileKind, Callable[[Path, FileKind], int | None]] = {
    FileKind.PDF: look_at_pdf,
    FileKind.JPEG: look_at_image,
    FileKind.PNG: look_at_image,
    FileKind.HEIC: look_at_image,
    FileKind.DOCX: look_at_office,
    FileKind.XLSX: look_at_office,
}

EXTENSIONS = {
    ".pdf": FileKind.PDF,
    ".jpg": FileKind.JPEG,
    ".jpeg": FileKind.JPEG,
    ".jfif": FileKind.JPEG,
    ".png": FileKind.PNG,
    ".heic": FileKind.HEIC,
    ".heif": FileKind.HEIC,
    ".docx": FileKind.DOCX,
    ".xlsx": FileKind.XLSX,
}
"""How the library that knows first bytes calls our kinds."""

HEIF_BRANDS = {b"ftypmif1", b"ftypmsf1"}
"""HEIC as some phones begin it, which that library does not know; the look inside decides."""


def look(path: Path, name: str) -> Looked:
    """The kind and pages of a file.

    Raises:
        InputError: empty, of another kind, damaged, locked, with macros, or made to fill memory or disk.
    """
    with path.open("rb") as source:
        head = source.read(HEAD_BYTES)
    if not head:
        raise _refused(name, "tệp rỗng", "Kiểm tra lại tệp rồi gửi lại.")
    why: UnfitError = AnotherKindError(f"không phải {TAKEN}", f"Chuyển sang một trong các dạng: {TAKEN}.")
    for kind in _candidates(head):
        try:
            return Looked(kind, LOOKS[kind](path, kind))
        except AnotherKindError as unfit:
            why = unfit if isinstance(why, AnotherKindError) else why
        except UnfitError as unfit:
            why = unfit
    raise _refused(name, why.problem, why.remedy)


def _candidates(head: bytes) -> list[FileKind]:
    """The kinds that the first bytes allow, in the order of the kinds."""
    try:
        matches = puremagic.magic_string(head)
    except puremagic.PureError:
        matches = []
    found = {EXTENSIONS[match.extension] for match in matches if match.extension in EXTENSIONS}
    if head[4:12] in HEIF_BRANDS:
        found.add(FileKind.HEIC)
    return [kind for kind in FileKind if kind in found]


def _refused(name: str, problem: str, remedy: str) -> InputError:
    return InputError(f"«{name}»: {problem}.", field="file", remedy=remedy)
