"""How the facts of a package are written: JSON, text that people read, tables for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any

from models.forms.words import flat, text

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def as_json(value: Any) -> bytes:
    """The value as JSON with its letters as they are."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=_plain).encode()


def as_text(facts: Mapping[str, Any]) -> bytes:
    """One line a fact: `Điện thoại: 0912…`."""
    return "".join(f"{name}: {text(value)}\n" for name, value in flat(facts).items()).encode()


def as_csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """A table that spreadsheets open in Vietnamese (with a BOM), in which nothing is a formula."""
    out = io.StringIO(newline="")
    if rows:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        shown = json.dumps(value, ensure_ascii=False, default=_plain) if value else ""
    else:
        shown = value.isoformat() if isinstance(value, date) else text(value)
    return f"'{shown}" if shown.startswith(FORMULA) else shown


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no JSON")
