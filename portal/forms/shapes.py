"""What a field of a pydantic form holds, as far as a form on a page has to know it."""

from __future__ import annotations

import types
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from models.forms.words import outcome_in_words


class Kind(StrEnum):
    """The kinds of content that a page can ask for."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    LINES = "lines"
    GROUP = "group"
    ROWS = "rows"
    BY_KEY = "by_key"


SIMPLE: dict[Any, Kind] = {bool: Kind.YES_NO, int: Kind.NUMBER, date: Kind.DATE}


@dataclass(frozen=True)
class Shape:
    """One field's content: its kind, the values to choose from, and what is inside (a model, or a shape by key)."""

    kind: Kind
    options: tuple[tuple[str, str], ...] = ()
    model: type[BaseModel] | None = None
    inside: Shape | None = None
    keys: tuple[tuple[str, str], ...] = ()


def shape_of_field(field: FieldInfo) -> Shape:
    """The shape of one field of a model."""
    return shape_of(field.annotation)


def shape_of(annotation: Any) -> Shape:
    """The shape of a type annotation; optional ones are shaped like what they may hold."""
    kind = without_none(annotation)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return Shape(Kind.CHOICE, tuple((str(value), outcome_in_words(str(value))) for value in arguments))
    if origin is list:
        return _list_shape(shape_of(arguments[0]))
    if origin is dict:
        keys = _options(arguments[0]) if _is_enum(arguments[0]) else ()
        return Shape(Kind.BY_KEY, inside=shape_of(arguments[1]), keys=keys)
    if _is_enum(kind):
        return Shape(Kind.CHOICE, _options(kind))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return Shape(Kind.GROUP, model=kind)
    return Shape(SIMPLE.get(kind, Kind.TEXT))


def _list_shape(inside: Shape) -> Shape:
    if inside.kind is Kind.GROUP:
        return Shape(Kind.ROWS, model=inside.model)
    if inside.kind is Kind.CHOICE:
        return Shape(Kind.CHOICES, inside.options)
    return Shape(Kind.LINES, inside=inside)


def without_none(annotation: Any) -> Any:
    """The type itself of one that may be left out."""
    if get_origin(annotation) is Annotated:
        return without_none(get_args(annotation)[0])
    if get_origin(annotation) in {Union, types.UnionType}:
        rest = [part for part in get_args(annotation) if part is not type(None)]
        return without_none(rest[0])
    return annotation


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _options(kind: type[Enum]) -> tuple[tuple[str, str], ...]:
    return tuple((str(member.value), str(getattr(member, "label", member.value))) for member in kind)
