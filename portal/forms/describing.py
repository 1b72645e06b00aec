"""A pydantic form as a list of fields that a template can draw, with values as typed and errors at their fields."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from models.errors import Problem
from portal.forms.shapes import Kind, Shape, shape_of_field

LONG_TEXT = {
    "note", "findings", "improved", "opinion", "reason", "reasons", "discussion", "found", "described", "what", "text",
    "presentation", "remedies", "explanation", "results", "plan", "product_description",
}  # fmt: skip
"""Fields whose answers run over several lines."""

FILE, FILE_NAME, SHA256 = "file", "file_name", "file_sha256"
"""The control that takes a file, and the two entries of a form that it fills (portal/uploads.py)."""

RADIO_AT_MOST = 6
SPARE_ROWS = 2


class Widget(StrEnum):
    """How a field is drawn."""

    TEXT = "text"
    AREA = "area"
    NUMBER = "number"
    DATE = "date"
    RADIOS = "radios"
    SELECT = "select"
    CHECKS = "checks"
    LINES = "lines"
    GROUP = "group"
    ROWS = "rows"
    HIDDEN = "hidden"
    FILE = "file"


FILE_LABEL = "Tệp (PDF, ảnh, Word hoặc Excel)"
KEPT_BY_UPLOAD = {FILE_NAME: Widget.HIDDEN, SHA256: Widget.FILE}


@dataclass(frozen=True)
class Option:
    """One value to choose, with its words and a longer explanation if there is one."""

    value: str
    label: str
    hint: str = ""


Options = Mapping[str, Sequence[Option]]
"""What to choose from where the case at hand says it, by the path of the field; `rows[].kind` is that of every row."""


@dataclass
class Field:
    """One field on a page. `name` is that of the HTML control, `path` the one that problems name."""

    name: str
    path: str
    label: str
    widget: Widget = Widget.TEXT
    required: bool = False
    value: str = ""
    values: list[str] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    hint: str = ""

    @property
    def control(self) -> str:
        """The name of the control that takes the file of which this field keeps the hash."""
        return self.name.replace(SHA256, FILE)

    @property
    def id(self) -> str:
        """The id of the control in the page."""
        return "f-" + self.name.replace("[", "-").replace("]", "").replace(".", "-")

    def all_problems(self) -> list[Problem]:
        """Those of the field and of all within it."""
        return [*self.problems, *(problem for inner in self.fields for problem in inner.all_problems())]


@dataclass(frozen=True)
class _Case:
    """What the description of a whole form goes by."""

    problems: Sequence[Problem]
    options: Options
    hidden: frozenset[str]

    def at(self, path: str) -> list[Problem]:
        return [problem for problem in self.problems if problem.field == path]

    def to_choose(self, path: str) -> Sequence[Option] | None:
        """What there is to choose from at this path, or in every row that it stands in."""
        return self.options.get(path, self.options.get(_NUMBER.sub("[]", path)))


_NUMBER = re.compile(r"\[\d+\]")


def fields_of(
    form: type[BaseModel],
    data: Mapping[str, Any] | None = None,
    problems: Sequence[Problem] = (),
    *,
    options: Options | None = None,
    hidden: Sequence[str] = (),
) -> list[Field]:
    """The fields of `form` filled with `data` (as typed; it may be wrong), each with its own problems.

    `options`: the keys of dictionaries likewise (`conclusions` → the dossiers of the meeting). `hidden`: paths of
    fields that the page does not ask for.
    """
    return _model(form, data or {}, "", "", _Case(problems, options or {}, frozenset(hidden)))


def _model(form: type[BaseModel], data: Mapping[str, Any], name: str, path: str, case: _Case) -> list[Field]:
    found = []
    for key, info in form.model_fields.items():
        where = f"{path}.{key}" if path else key
        if where not in case.hidden and _NUMBER.sub("[]", where) not in case.hidden:
            html = f"{name}[{key}]" if name else key
            found.append(_field(key, info, data.get(key), html, where, case))
    return found


def _field(key: str, info: FieldInfo, value: Any, name: str, path: str, case: _Case) -> Field:
    made = Field(name, path, info.title or key, required=info.is_required(), problems=case.at(path))
    made.hint = info.description or ""
    _fill(made, key, shape_of_field(info), value, case)
    return made


def _fill(made: Field, key: str, shape: Shape, value: Any, case: _Case) -> None:
    """Choose the widget and put in what was typed."""
    given = [Option(value, label) for value, label in shape.options]
    own = case.to_choose(made.path)
    made.options = list(given if own is None else own)
    if shape.kind is Kind.GROUP and shape.model is not None:
        made.widget = Widget.GROUP
        made.fields = _model(shape.model, value if isinstance(value, Mapping) else {}, made.name, made.path, case)
    elif shape.kind is Kind.ROWS and shape.model is not None:
        made.widget = Widget.ROWS
        made.fields = [_row(made, shape.model, number, row, case) for number, row in enumerate(_rows(value))]
    elif shape.kind is Kind.BY_KEY:
        _fill_by_key(made, key, shape, value, case)
    elif shape.kind in {Kind.CHOICES, Kind.LINES}:
        made.widget = Widget.CHECKS if made.options or own is not None else Widget.LINES
        made.values = [str(getattr(part, "value", part)) for part in value] if isinstance(value, list) else []
        made.value = "\n".join(made.values)
    else:
        _fill_simple(made, key, shape, value)


def _fill_simple(made: Field, key: str, shape: Shape, value: Any) -> None:
    made.value = _typed(value)
    if key in KEPT_BY_UPLOAD:
        made.widget = KEPT_BY_UPLOAD[key]
        made.label = FILE_LABEL
    elif shape.kind is Kind.YES_NO:
        made.widget, made.options = Widget.RADIOS, [Option("true", "Có"), Option("false", "Không")]
    elif made.options:
        made.widget = Widget.RADIOS if len(made.options) <= RADIO_AT_MOST else Widget.SELECT
        if len(made.options) == 1 and made.required:
            made.widget, made.value = Widget.HIDDEN, made.options[0].value
    else:
        plain = {Kind.NUMBER: Widget.NUMBER, Kind.DATE: Widget.DATE}
        made.widget = plain.get(shape.kind, Widget.AREA if key in LONG_TEXT else Widget.TEXT)


def _fill_by_key(made: Field, key: str, shape: Shape, value: Any, case: _Case) -> None:
    """One group for each key: those that the page names, or those of the enum, and those typed before."""
    if shape.inside is None:
        return
    made.widget = Widget.GROUP
    typed = value if isinstance(value, Mapping) else {}
    keys = {option.value: option.label for option in case.options.get(made.path, ())} or dict(shape.keys)
    keys |= {str(known): str(known) for known in typed if str(known) not in keys}
    made.options = []
    for part, label in keys.items():
        inner = Field(f"{made.name}[{part}]", f"{made.path}.{part}", label)
        inner.problems = case.at(inner.path)
        _fill(inner, key, shape.inside, typed.get(part), case)
        made.fields.append(inner)


def _row(made: Field, model: type[BaseModel], number: int, row: Mapping[str, Any], case: _Case) -> Field:
    name, path = f"{made.name}[{number}]", f"{made.path}[{number}]"
    row_field = Field(name, path, f"{made.label} – {number + 1}", Widget.GROUP, problems=case.at(path))
    row_field.fields = _model(model, row, name, path, case)
    return row_field


def _rows(value: Any) -> list[Mapping[str, Any]]:
    typed = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    return [*typed, *({} for _ in range(SPARE_ROWS))]


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(getattr(value, "value", value))
