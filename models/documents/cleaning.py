"""Makes what people wrote fit for a Word file: letters that XML cannot hold are left out, line ends are one kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

UNWANTED = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LINE_ENDS = re.compile("\r\n?|[\u000b\u000c\u0085\u2028\u2029]")


def clean(text: str) -> str:
    """A text without control characters and broken halves of letters; its lines stay lines."""
    return UNWANTED.sub("", LINE_ENDS.sub("\n", text))


def cleaned(value: Any) -> Any:
    """The same for every text in records, lists and dictionaries; other values are left as they are."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list | tuple):
        return [cleaned(part) for part in value]
    if isinstance(value, Mapping):
        return {key: cleaned(part) for key, part in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{f.name: cleaned(getattr(value, f.name)) for f in fields(value)})
    return value
