"""Reading YAML that people write: YAML 1.2, so that `no:` and `on:` are words and a key given twice is an error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import ScalarNode

from models.errors import InputError


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
        why = " ".join(str(error).split())
        raise InputError(
            f"Không đọc được tệp {path.name}: {why}",
            field=str(path),
            remedy="Kiểm tra đường dẫn và định dạng YAML (mã UTF-8).",
        ) from error
