"""What a sheet of a workbook holds: one definition for the template, the export and the import."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.enums import Labelled

HINT_LETTERS = 250
"""Excel shows at most 255 letters of the hint of a cell."""

MOST_LETTERS = 2_000
"""What any cell may hold [ours]."""


class Kind(StrEnum):
    """How the cells of a column are read and written."""

    TEXT = "text"
    WHOLE = "whole"
    DAY = "day"
    CHOICE = "choice"
    LIST = "list"
    NUMBER = "number"
    SHARE = "share"
    MAIL = "mail"
    PHONE = "phone"


@dataclass(frozen=True)
class Choice:
    """One of the values that a cell may have, with the words that people choose."""

    value: str | int
    label: str


@dataclass(frozen=True)
class Column:
    """One column, or one line of a sheet of single facts. `width` in letters.

    `choices` are the only values; `offers` names a list of the workbook's own (communes, offices) from which people
    may choose, and is checked by whoever stores the row. `least` and `most` bound whole numbers, `letters` any text.
    """

    key: str
    heading: str
    width: int
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[Choice, ...] = ()
    offers: str = ""
    hint: str = ""
    least: int = 0
    most: int = 100_000
    letters: int = MOST_LETTERS

    @property
    def printed(self) -> str:
        """The heading as the template prints it: a star marks what must be filled in."""
        return f"{self.heading} *" if self.required else self.heading


@dataclass(frozen=True)
class SheetPlan:
    """One sheet: its name, what stands above the table, and its columns."""

    name: str
    title: str
    columns: tuple[Column, ...]
    note: str = ""


def labels_of(kind: Iterable[Labelled]) -> tuple[Choice, ...]:
    """The values of an enumeration as choices."""
    return tuple(Choice(member.value, member.label) for member in kind)


def whole_choices(numbers: Iterable[int], unit: str) -> tuple[Choice, ...]:
    """Numbers as choices with their unit: "3 sao"."""
    return tuple(Choice(number, f"{number} {unit}") for number in numbers)


def same_words(text: str) -> str:
    """Text as it is compared: one form of each letter, no capitals, single spaces, no star of the heading."""
    plain = " ".join(unicodedata.normalize("NFC", text).split()).casefold()
    return plain.removesuffix("*").strip()


def chosen(choices: Sequence[Choice], text: str) -> Choice | None:
    """The choice that these words, its bare value, or the number before its name mean."""
    wanted = same_words(text)
    for choice in choices:
        if wanted in {same_words(choice.label), same_words(str(choice.value))}:
            return choice
    return None
