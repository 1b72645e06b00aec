"""Finding by what people type: without accents, without regard to capitals, words in any order."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.engine.default import DefaultExecutionContext

ESCAPE = "\\"


def folded(text: str) -> str:
    """`Kẹo lạc  Đồng Ngâu` as `keo lac dong ngau`: what typing without a Vietnamese keyboard gives. Pure."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).casefold().split())


def folded_name(context: DefaultExecutionContext) -> str:
    """The default of a column that keeps the folded `name` of its row beside it."""
    given: dict[str, str] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return folded(given["name"])


def contains(
    typed: str, folded_columns: Sequence[ColumnElement[Any]], codes: Sequence[ColumnElement[Any]]
) -> ColumnElement[bool]:
    """The condition that every word typed occurs in one of the columns; true when nothing was typed."""
    columns = [*folded_columns, *(func.lower(code) for code in codes)]
    return and_(
        True, *(or_(*(column.like(_part(word), escape=ESCAPE) for column in columns)) for word in folded(typed).split())
    )


def _part(word: str) -> str:
    for sign in (ESCAPE, "%", "_"):
        word = word.replace(sign, ESCAPE + sign)
    return f"%{word}%"
