"""What a browser sent for a form, as data that the form's model reads; nothing is judged here.

A control that was left empty counts as not filled in, so that the model's own words say what is missing. Rows of a
table that are empty are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from models.vietnamese import typed_day
from portal.forms.shapes import Kind, Shape, shape_of_field

_PART = re.compile(r"\[([^\]]*)\]")

Sent = Mapping[str, Sequence[str]]
"""The controls of a form by name, each with all its values."""


def data_from(form: type[BaseModel], sent: Sent) -> dict[str, Any]:
    """The data for `form`: groups as dictionaries, rows and lines as lists, text as it was typed."""
    return _model(form, sent, "")


def _model(form: type[BaseModel], sent: Sent, name: str) -> dict[str, Any]:
    found = {}
    for key, info in form.model_fields.items():
        value = _value(shape_of_field(info), sent, f"{name}[{key}]" if name else key)
        if value is not None:
            found[key] = value
    return found


def _value(shape: Shape, sent: Sent, name: str) -> Any:
    """The value of one field; `None` when nothing was filled in."""
    if shape.kind is Kind.GROUP and shape.model is not None:
        return _model(shape.model, sent, name) or None
    if shape.kind is Kind.ROWS and shape.model is not None:
        rows = [_model(shape.model, sent, f"{name}[{key}]") for key in _in_order(_keys(sent, name))]
        return [row for row in rows if row] or None
    if shape.kind is Kind.BY_KEY and shape.inside is not None:
        parts = {key: _value(shape.inside, sent, f"{name}[{key}]") for key in _keys(sent, name)}
        return {key: part for key, part in parts.items() if part is not None} or None
    if shape.kind is Kind.CHOICES:
        return [value for value in sent.get(name, ()) if value] or None
    if shape.kind is Kind.LINES:
        lines = [line.strip() for value in sent.get(name, ()) for line in value.splitlines()]
        return [line for line in lines if line] or None
    typed = next(iter(sent.get(name, ())), "").strip()
    return (_day(typed) if shape.kind is Kind.DATE else typed) or None


def _day(typed: str) -> str:
    """A day as the model reads it, where the browser has no calendar and people type `04/09/2024`."""
    try:
        return typed_day(typed).isoformat()
    except ValueError:
        return typed


def _keys(sent: Sent, name: str) -> list[str]:
    """What follows `name` in brackets, in the order sent: `rows[0][on]` → `0`."""
    after = (control.removeprefix(name) for control in sent if control.startswith(f"{name}["))
    parts = (_PART.match(rest) for rest in after)
    return list(dict.fromkeys(part.group(1) for part in parts if part is not None))


def _in_order(keys: list[str]) -> list[str]:
    return sorted((key for key in keys if key.isdigit()), key=int)
