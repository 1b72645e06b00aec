"""Reading what a command is given as a file or on standard input."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from deployments.commands.options import STDIN
from models.errors import InputError


def read_text(name: str, *, errors: str = "strict") -> str:
    """The text of a file, or of standard input.

    Raises:
        InputError: it is not there or cannot be read.
    """
    try:
        raw = sys.stdin.buffer.read() if name == STDIN else Path(name).expanduser().read_bytes()
        return raw.decode("utf-8", errors).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InputError(
            f"Tệp không phải văn bản UTF-8 (byte thứ {error.start + 1}).", field=name, remedy="Lưu tệp bằng mã UTF-8."
        ) from error
    except (OSError, ValueError) as error:
        why = "không có tệp này" if isinstance(error, FileNotFoundError) else str(error)
        raise InputError(f"Không đọc được tệp: {why}.", field=name, remedy="Kiểm tra đường dẫn của tệp.") from error


def path_of(name: str) -> Path:
    """The path of a file that is there.

    Raises:
        InputError: it is not.
    """
    path = Path(name).expanduser()
    if not path.is_file():
        raise InputError("Không đọc được tệp: không có tệp này.", field=name, remedy="Kiểm tra đường dẫn của tệp.")
    return path


WORKBOOKS = {".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb"}
"""Endings of workbooks; which of them are taken is for the reader to say."""


def is_workbook(path: Path) -> bool:
    """Whether a file is meant as a workbook."""
    return path.suffix.lower() in WORKBOOKS


def path_to_write(name: str, *, endings: tuple[str, ...] = (".xlsx",)) -> Path:
    """Where a file is to be written.

    Raises:
        InputError: another kind of file, or its folder is not there.
    """
    path = Path(name).expanduser()
    if path.suffix.lower() not in endings:
        raise InputError("Tên tệp phải có đuôi " + ", ".join(endings) + ".", field=name, remedy="Sửa tên tệp.")
    if not path.parent.is_dir():
        raise InputError(
            "Không có thư mục này.", field=str(path.parent), remedy="Tạo thư mục trước, hoặc sửa đường dẫn."
        )
    return path


def read_record(name: str) -> Any:
    """What standard input or a JSON file, or a YAML file holds, as plain values that the database can keep.

    Raises:
        InputError: unreadable, or no JSON; with line and column.
    """
    if name != STDIN and Path(name).suffix.lower() in {".yaml", ".yml"}:
        from models.yaml_files import read_yaml

        return read_yaml(path_of(name))
    from models.scoring.reader import parse_record

    text = read_text(name)
    try:
        return _plain(parse_record(text))
    except InputError as error:
        first = error.problems[0]
        where = "đầu vào" if name == STDIN else name
        field = f"{where}: {first.field}" if first.field else where
        raise InputError(first.problem, field=field, remedy=first.remedy) from error


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    if isinstance(value, Decimal):
        if abs(value) > Decimal(sys.float_info.max):
            raise InputError("có số quá lớn", remedy="Kiểm tra lại con số.")
        return float(value)
    if isinstance(value, str) and "\0" in value:
        raise InputError("có ký tự rỗng (\\u0000)", remedy="Bỏ ký tự này.")
    return value
