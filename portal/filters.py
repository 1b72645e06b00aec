"""What people chose above a list, as the address has it: a control left empty comes as an empty text."""

from __future__ import annotations

from models.errors import InputError
from models.paging import PageAsked

MOST_DIGITS = 9


def number(text: str, name: str) -> int | None:
    """The number that was chosen, or none.

    Raises:
        InputError: no number.
    """
    if not text.strip():
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise InputError(f"«{text[:40]}» không phải là số.", field=name, remedy="Chọn lại từ trang.")
    return int(text)


def asked(page: str) -> PageAsked:
    """The page of a list, by default the first.

    Raises:
        InputError: no such page.
    """
    return PageAsked(number(page, "page") or 1)
