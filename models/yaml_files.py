"""Reading YAML that people write: YAML 1.2, so that `no:` and `on:` are words and a key given twice is an error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from models.errors import InputError


def read_yaml(path: Path) -> Any:
    """What the file holds.

    Raises:
        InputError: not there, not text in UTF-8, or not YAML; with line and column where known.
    """
    try:
        return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        why = " ".join(str(error).split())
        raise InputError(
            f"Không đọc được tệp {path.name}: {why}",
            field=str(path),
            remedy="Kiểm tra đường dẫn và định dạng YAML (mã UTF-8).",
        ) from error
