"""A look inside a file of each kind: does it open, how many pages, is it made to do harm?"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from models.files.formats import PIL_FORMATS
from models.files.kinds import FileKind
from models.files.pdf import PdfError, page_count

MOST_PIXELS = 80_000_000
"""Pixels of a picture (80 megapixels decode to 240 MB) [ours]."""

MOST_UNPACKED = 500_000_000
MOST_ENTRIES = 10_000
MOST_RATIO = 200
"""What a Word or Excel file may unpack to: bytes, parts, and times its own size beyond `FREE_UNPACKED` [ours]."""
FREE_UNPACKED = 50_000_000

TYPES_PART = "[Content_Types].xml"
MOST_TYPES = 2_000_000
MAIN_PARTS = {
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
ACTIVE = re.compile(r"vbaproject|vbadata|/activex/|macrosheets|\.(exe|dll|js|vbs|bat|cmd|ps1|scr|jar)$", re.IGNORECASE)
"""Names of parts that a program is run from."""

ENCRYPTED = 0x1


class UnfitError(Exception):
    """Why a file is not taken, and what to do (Vietnamese)."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(problem)


class AnotherKindError(UnfitError):
    """It is a file of some other kind."""


AGAIN = "Mở tệp kiểm tra, lưu hoặc quét lại rồi gửi lại."


def look_at_pdf(path: Path, _kind: FileKind) -> int:
    """The number of pages.

    Raises:
        UnfitError: damaged, locked by a password, or without pages.
    """
    try:
        pages = page_count(path)
    except PdfError as error:
        if error.locked:
            raise UnfitError("PDF có mật khẩu", "Bỏ mật khẩu của tệp rồi gửi lại.") from error
        raise UnfitError("PDF hỏng, không mở được", AGAIN) from error
    if not pages:
        raise UnfitError("PDF không có trang nào", AGAIN)
    return pages


def look_at_image(path: Path, kind: FileKind) -> int:
    """One page.

    Raises:
        UnfitError: damaged, another picture's format, or with too many pixels.
    """
    too_large = UnfitError(
        f"ảnh lớn hơn {MOST_PIXELS // 1_000_000} triệu điểm ảnh", "Thu nhỏ ảnh, hoặc chụp ở độ phân giải thường."
    )
    try:
        with Image.open(path, formats=(PIL_FORMATS[kind],)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise too_large
            picture.draft("RGB", (64, 64))  # JPEG: as little as shows that all of it is there
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise UnfitError("ảnh hỏng, không mở được", AGAIN) from error
    return 1


def look_at_office(path: Path, kind: FileKind) -> None:
    """Nothing: Word and Excel files have no pages of their own.

    Raises:
        UnfitError: no file of this kind, damaged, locked, with macros, or made to fill the disk.
    """
    try:
        with zipfile.ZipFile(path) as parts:
            entries = parts.infolist()
            _check_size(entries, path.stat().st_size)
            _check_parts(entries)
            _check_types(_types(parts), kind)
            _check_unpacks(parts, entries)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise UnfitError("tệp Word, Excel hỏng, không mở được", AGAIN) from error


def _check_size(entries: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    most = min(MOST_UNPACKED, FREE_UNPACKED + MOST_RATIO * packed)
    if len(entries) > MOST_ENTRIES or unpacked > most:
        raise UnfitError("tệp nén bung ra quá lớn", "Lưu lại bằng Word hoặc Excel, hoặc xuất sang PDF.")


def _check_parts(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or any(".." in name.split("/") or name.startswith("/") for name in names):
        raise UnfitError("tệp có cấu tạo bất thường", "Lưu lại bằng Word hoặc Excel, hoặc xuất sang PDF.")
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise UnfitError("tệp có mật khẩu", "Bỏ mật khẩu của tệp rồi gửi lại.")
    if any(ACTIVE.search(f"/{name}") for name in names):
        raise _macros()


def _types(parts: zipfile.ZipFile) -> str:
    try:
        with parts.open(TYPES_PART) as source:
            return source.read(MOST_TYPES).decode("utf-8", errors="replace")
    except KeyError as error:
        raise _other() from error


def _check_types(types: str, kind: FileKind) -> None:
    if "macroenabled" in types.lower():
        raise _macros()
    if f'"{MAIN_PARTS[kind]}"' not in types.replace("'", '"'):
        raise _other()


def _check_unpacks(parts: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Each part unpacks to what it says and no more; nothing is kept of it."""
    for entry in entries:
        with parts.open(entry) as source:
            while source.read(1 << 20):
                pass


def _other() -> AnotherKindError:
    return AnotherKindError(
        "tệp nén không phải Word hay Excel", "Gửi từng tệp PDF, ảnh, DOCX hoặc XLSX, không nén lại."
    )


def _macros() -> UnfitError:
    return UnfitError(
        "tệp có macro hoặc chương trình kèm theo", "Lưu lại dạng DOCX, XLSX không macro, hoặc xuất sang PDF."
    )
