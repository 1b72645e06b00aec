"""What addresses ask for: parts of a query that people type or leave empty, read without ever failing a page."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeVar

from models.errors import InputError
from models.paging import PageAsked
from models.vietnamese import HOW_TO_TYPE, typed_day

E = TypeVar("E", bound=StrEnum)

LARGEST = 2**31 - 1


def number(text: str, field: str) -> int | None:
    """A number of 0 or more; none when nothing was typed.

    Raises:
        InputError: something else.
    """
    typed = text.strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and int(typed) <= LARGEST):
        raise InputError("phải là số nguyên, từ 0 trở lên", field=field, remedy="Ghi lại số.")
    return int(typed)


def page_number(text: str) -> PageAsked:
    """The page of a list, the first when none is named.

    Raises:
        InputError: no page has that number.
    """
    found = number(text, "page")
    return PageAsked(1 if found is None else found)


def day(text: str, field: str) -> date | None:
    """A day; none when nothing was typed.

    Raises:
        InputError: no day.
    """
    try:
        return typed_day(text) if text.strip() else None
    except ValueError as error:
        raise InputError("không phải ngày hợp lệ", field=field, remedy=HOW_TO_TYPE) from error


def one_of(kind: type[E], text: str, field: str) -> E | None:
    """One value of an enum; none when nothing was chosen.

    Raises:
        InputError: no such value.
    """
    if not text.strip():
        return None
    try:
        return kind(text.strip())
    except ValueError as error:
        known = ", ".join(member.value for member in kind)
        raise InputError("không có lựa chọn này", field=field, remedy=f"Chọn một trong: {known}.") from error
