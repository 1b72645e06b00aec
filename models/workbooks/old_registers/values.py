"""What the cells of an old register say: stars, decision and day, form of the producer, set of criteria."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from models.criteria import list_sets
from models.enums import Level, OrganisationForm
from models.workbooks.days import NoDayError, day_in
from models.workbooks.old_registers.plain import number_words, plain, words
from models.workbooks.reading import Cell

MOST_LETTERS = 300
"""The longest that stars, a decision or a set are written [ours]."""

STAR_SIGNS = "*★⭐✩☆✭"
_NUMBER = re.compile(r"(\d+\s*/\s*[A-ZĐa-zđ][^\s,;()]*)")
_BARE = re.compile(r"^(?:số|qđ|quyết định|qđ số|quyết định số)?\s*:?\s*(\d{1,6})$", re.IGNORECASE)


class CellNotUnderstoodError(ValueError):
    """What a cell says is not understood; the message says why, in Vietnamese."""


@dataclass(frozen=True)
class DecisionWords:
    """A number of a decision, with the day where the cell has it too, and what to look at again."""

    number: str
    day: date | None = None
    odd: str = ""


def _short(cell: Cell) -> str:
    if len(cell.text) > MOST_LETTERS:
        raise CellNotUnderstoodError(f"ô dài {len(cell.text)} ký tự")
    return cell.text


def stars_in(cell: Cell) -> int:
    """The stars: "3", "3 sao", "***", "Ba sao", "OCOP 3 sao", "★★★★".

    Raises:
        CellNotUnderstoodError: another number than 3–5, or none.
    """
    text = _short(cell)
    signs = sum(text.count(sign) for sign in STAR_SIGNS)
    digits = {int(number) for number in re.findall(r"\d+", text)}
    spoken = {number for word, number in number_words().items() if f" {word} sao " in f" {plain(text)} "}
    if not digits and not spoken and plain(text) in number_words():
        spoken = {number_words()[plain(text)]}
    found = digits or spoken or ({signs} if signs else set())
    if len(found) == 1 and 3 <= (stars := next(iter(found))) <= 5:  # noqa: PLR2004
        return stars
    raise CellNotUnderstoodError(f"«{text}» không phải hạng 3, 4 hoặc 5 sao")


def decision_in(cell: Cell) -> DecisionWords:
    """The number of the decision: "2942/QĐ-UBND", "QĐ số 2942/QĐ-UBND ngày 05/8/2021".

    Raises:
        CellNotUnderstoodError: no number stands in it.
    """
    text = _short(cell)
    try:
        day = day_in(text)
    except NoDayError:
        day = None
    match = _NUMBER.search(re.sub(r"\d{1,2}\s*/\s*\d{1,2}\s*/\s*\d{2,4}", " ", text))
    if match:
        return DecisionWords(re.sub(r"\s+", "", match[1]).rstrip("."), day)
    bare = _BARE.match(text)
    if bare:
        return DecisionWords(bare[1], day, f"số quyết định «{bare[1]}» thiếu ký hiệu (…/QĐ-UBND)")
    raise CellNotUnderstoodError(f"«{text}» không có số quyết định")


def form_in(text: str) -> OrganisationForm | None:
    """The form of the producer that a text names: of its own column, or at the beginning of the producer's name."""
    bare = plain(text)
    found = next((form for word, form in words("forms").items() if f"{bare} ".startswith(f"{word} ")), None)
    return OrganisationForm(found) if found is not None else None


def level_in(text: str) -> Level | None:
    """The level that recognised the product."""
    bare = f" {plain(text)} "
    found = next((level for word, level in words("levels").items() if f" {word} " in bare), None)
    return Level(found) if found is not None else None


def set_in(cell: Cell) -> int:
    """The set of criteria: its number, or words that name one set only.

    Raises:
        CellNotUnderstoodError: no set, or several.
    """
    digits = re.findall(r"\d+", _short(cell))
    if len(digits) == 1 and 1 <= int(digits[0]) <= 26:  # noqa: PLR2004
        return int(digits[0])
    bare = plain(cell.text)
    for names in _NAMES:
        found = [number for number, name in names() if bare and bare == plain(name)]
        if len(found) == 1:
            return found[0]
    raise CellNotUnderstoodError(f"«{cell.text}» chưa rõ là bộ tiêu chí nào")


def _by_name() -> list[tuple[int, str]]:
    return [(one.number, one.name) for one in list_sets("qd148")]


def _by_subgroup() -> list[tuple[int, str]]:
    return [(one.number, one.subgroup or "") for one in list_sets("qd148")]


def _by_group() -> list[tuple[int, str]]:
    return [(one.number, one.group) for one in list_sets("qd148")]


_NAMES = (_by_name, _by_subgroup, _by_group)
"""Where the words for a set may come from, the most exact first."""
