"""Reading YAML that people write: YAML 1.2, so that `no:` and `on:` are words and a key given twice is an error."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode

from models.errors import InputError

UNREADABLE: dict[type[OSError], str] = {
    FileNotFoundError: "không có tệp này",
    IsADirectoryError: "đây là thư mục, không phải tệp",
    PermissionError: "không có quyền đọc tệp này",
}
"""Why a file cannot be read at all."""


class _DaysAsWritten(SafeConstructor):
    """Leaves days as they are written: the form then names the field of one that does not exist (2024-02-30)."""

    def as_written(self, node: ScalarNode) -> str:
        """The text of a day."""
        return str(node.value)


_DaysAsWritten.add_constructor("tag:yaml.org,2002:timestamp", _DaysAsWritten.as_written)


def read_yaml(path: Path) -> Any:
    """What the file holds; days are text (`2024-02-26`), which pydantic reads.

    Raises:
        InputError: not there, not text in UTF-8, or not YAML; with line and column where known.
    """
    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.Constructor = _DaysAsWritten
        return yaml.load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise InputError(
            f"Không đọc được tệp {path.name}: {_why(error)}.",
            field=str(path),
            remedy="Kiểm tra đường dẫn và định dạng YAML (mã UTF-8).",
        ) from error


def _why(error: Exception) -> str:
    """What is wrong in Vietnamese, with line and column where known; the libraries say it in English."""
    if isinstance(error, OSError):
        return next((words for kind, words in UNREADABLE.items() if isinstance(error, kind)), "ổ đĩa không đọc được")
    if not isinstance(error, MarkedYAMLError):
        return "không phải văn bản mã UTF-8"
    mark = error.problem_mark or error.context_mark
    where = f"dòng {mark.line + 1}, cột {mark.column + 1}: " if mark is not None else ""
    twice = re.search(r'duplicate key "(.+?)" with', error.problem or "")
    tab = "character '\\t'" in (error.problem or "")
    what = f"mục «{twice[1]}» ghi hai lần" if twice else "thụt dòng bằng dấu tab" if tab else "sai cú pháp YAML"
    return where + what
