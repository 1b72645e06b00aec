"""Every kind of paper with every text awkward, very long or missing, and with forty rows: never a broken file."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from models.documents.building import fields_of
from models.documents.kinds import all_kinds, kind_named
from models.documents.paper import Drawn, Paper
from models.documents.rendering import render
from models.documents.templates import template_of
from tests.docx_reading import opened_docx, text
from tests.unit.documents.conftest import NOWHERE

KINDS = sorted({kind.template for kind in all_kinds()})
ROWS, INNER = 40, 2
AWKWARD = ["A & B <b>C</b> {{ 7 * 7 }} {% if x %} {_{ \\ }_}", "Bánh gai " * 33 + "hết"]


def made_of(type_: Any, said: str, rows: int, present: bool) -> Any:
    """A value of a type: every text is `said`, every list has so many rows; what may be missing is if not `present`."""
    arguments = [one for one in get_args(type_) if one is not type(None)]
    if type(None) in get_args(type_):
        return made_of(arguments[0], said, rows, present) if present else None
    if get_origin(type_) is list:
        return [made_of(one, said, rows, present) for one in arguments * rows if one is not Drawn]
    if dataclasses.is_dataclass(type_):
        return record_of(type_, said, rows, present)
    return {str: said, int: 3, bool: present, date: date(2024, 5, 6)}[type_]


def record_of(type_: Any, said: str, rows: int, present: bool) -> Any:
    """A record whose fields are made likewise; lists inside a row are short."""
    hints, inner = get_type_hints(type_), rows if issubclass(type_, Paper) else min(rows, INNER)
    return type_(**{f.name: made_of(hints[f.name], said, inner, present) for f in dataclasses.fields(type_)})


def put(kind: str, said: str, rows: int, *, present: bool) -> bytes:
    """The Word file of such a paper."""
    paper = made_of(fields_of(kind), said, rows, present)
    return render(template_of(kind_named(kind), NOWHERE), dataclasses.replace(paper, case=""))


@pytest.mark.parametrize("said", AWKWARD, ids=["signs", "three-hundred-letters"])
@pytest.mark.parametrize("kind", KINDS)
def test_text_of_any_signs_or_length_stands_as_it_is(kind: str, said: str) -> None:
    content = put(kind, said, INNER, present=True)

    opened_docx(content)
    assert " ".join(said.split()) in " ".join(text(content).split())


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "score_sheet"])  # its rows are of several sorts
def test_forty_rows_are_all_there(kind: str) -> None:
    few, many = (put(kind, "Hàng", rows, present=True) for rows in (1, ROWS))

    opened_docx(many)
    lists = [f for f in dataclasses.fields(fields_of(kind)) if f.name not in {"bases", "recipients", "issuer"}]
    hints = get_type_hints(fields_of(kind))
    if any(get_origin(hints[f.name]) is list and get_args(hints[f.name])[0] is not Drawn for f in lists):
        assert text(many).count("Hàng") >= text(few).count("Hàng") + ROWS - 1


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_missing_leaves_no_trace(kind: str) -> None:
    content = put(kind, "", 0, present=False)

    opened_docx(content)
    assert "None" not in text(content)
    assert not {"{{", "{%", "}}"} & set(text(content).split())
