"""Opening a workbook that somebody sent: small enough, no bomb, no macros, nothing is ever computed."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string
from openpyxl.workbook import Workbook

from models.errors import InputError

MOST_BYTES = 10 * 1024 * 1024
"""The largest file that is taken [ours]: a register of 5,000 lines has half a megabyte."""

MOST_UNPACKED = 60 * 1024 * 1024
"""The most that all parts of a file may have unpacked [ours]; a part never gives more than its entry declares."""

MOST_PARTS = 500
MOST_AREAS = 10_000
Area = tuple[int, int, int, int]
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
OLD_FORMAT = b"\xd0\xcf\x11\xe0"
"""How files of Excel 97–2003, and those with a password, begin."""

SAVE_AS = "Mở bằng Excel, chọn Lưu thành (Save As) kiểu «Excel Workbook (*.xlsx)» rồi nhập lại."


def check_workbook(path: Path) -> None:
    """Refuse what is no plain workbook before any of it is unpacked.

    Raises:
        InputError: too large, another format, with a password or macros, damaged, or far larger once unpacked.
    """
    if path.stat().st_size > MOST_BYTES:
        most = MOST_BYTES // 1024 // 1024
        raise _refused(path, f"tệp lớn hơn {most} MB", "Bỏ hình ảnh, trang không cần, hoặc chia thành nhiều tệp.")
    with path.open("rb") as file:
        start = file.read(4)
    if start == OLD_FORMAT:
        raise _refused(path, "tệp kiểu Excel 97–2003 hoặc có mật khẩu", f"Bỏ mật khẩu. {SAVE_AS}")
    if not zipfile.is_zipfile(path):
        raise _refused(path, "không phải tệp Excel (.xlsx)", SAVE_AS)
    with zipfile.ZipFile(path) as parts:
        _check_parts(path, parts)


def _check_parts(path: Path, parts: zipfile.ZipFile) -> None:
    entries = parts.infolist()
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise _refused(path, "tệp nén chứa quá nhiều dữ liệu, không an toàn để mở", "Tạo tệp mới từ mẫu, chép dữ liệu.")
    names = {entry.filename.lower() for entry in entries}
    if any(name.endswith("vbaproject.bin") for name in names) or path.suffix.lower() in {".xlsm", ".xltm", ".xlsb"}:
        raise _refused(path, "tệp có macro", f"Macro không được nhận. {SAVE_AS}")
    if "xl/workbook.xml" not in names:
        raise _refused(path, "không phải tệp Excel (.xlsx)", SAVE_AS)


def open_workbook(path: Path, *, formulas: bool = False) -> Workbook:
    """The workbook, for reading only: the values that Excel left in the cells, or the `formulas` behind them.

    Raises:
        InputError: as `check_workbook`, or it cannot be read.
    """
    check_workbook(path)
    try:
        return load_workbook(path, read_only=True, data_only=not formulas, keep_links=False)
    except Exception as error:  # the library raises whatever a broken file brings up, of a dozen kinds
        raise damaged(path, error) from error


def damaged(path: Path, error: Exception) -> InputError:
    """The refusal of a file that the library cannot read."""
    return _refused(path, f"tệp hỏng, không đọc được ({type(error).__name__})", SAVE_AS)


def merged_areas(path: Path, book: Workbook) -> dict[str, list[Area]]:
    """The merged areas of every sheet that is shown, as first and last row and column.

    Read from the file itself: the library would make an object for every cell of an area, however large it is.
    """
    found = {}
    with zipfile.ZipFile(path) as parts:
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                text = parts.read(getattr(sheet, "_worksheet_path").lstrip("/"))  # noqa: B009 - not in its stubs
                found[sheet.title] = [_area(match) for match in _MERGED.findall(text)[:MOST_AREAS]]
    return found


def _area(match: tuple[bytes, ...]) -> Area:
    left, top, right, bottom = (part.decode() for part in match)
    return int(top), column_index_from_string(left), int(bottom), column_index_from_string(right)


def _refused(path: Path, problem: str, remedy: str) -> InputError:
    return InputError(problem, field=f"Tệp «{path.name}»", remedy=remedy)
