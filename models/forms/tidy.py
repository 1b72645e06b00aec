"""What no form takes whatever its fields: signs that no paper can show, numbers that no column holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from models.errors import Problem

UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Control characters, halves of characters, and what is no character: PostgreSQL, JSON and DOCX refuse them."""

LARGEST_NUMBER = 2**31 - 1
"""Numbers are 32-bit integers in PostgreSQL."""

DEEPEST = 20


def unfit(data: Any, path: str = "", depth: int = 0) -> Iterator[Problem]:
    """Every text and number of `data` that cannot be kept, with its place."""
    if isinstance(data, str):
        if UNFIT.search(data):
            yield Problem(path or "biểu mẫu", "có ký tự điều khiển hoặc ký tự hỏng", "Xóa và gõ lại đoạn đó.")
    elif isinstance(data, int):
        if abs(data) > LARGEST_NUMBER:
            yield Problem(path or "biểu mẫu", "số quá lớn", "Kiểm tra lại số đã ghi.")
    elif depth > DEEPEST:
        yield Problem(path, "quá nhiều lớp lồng nhau", "Ghi theo đúng biểu mẫu.")
    elif isinstance(data, dict):
        for key, value in data.items():
            shown = UNFIT.sub("?", str(key))
            here = f"{path}.{shown}" if path else shown
            yield from unfit(str(key), here)
            yield from unfit(value, here, depth + 1)
    elif isinstance(data, list | tuple):
        for number, value in enumerate(data):
            yield from unfit(value, f"{path}[{number}]", depth + 1)
