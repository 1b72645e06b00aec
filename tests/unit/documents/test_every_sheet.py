"""The score sheet of each of the 52 sets, blank and filled in: every option once, the chosen ones crossed."""

from __future__ import annotations

import pytest

from models.criteria import load_set
from models.criteria.loader import SET_NUMBERS, SOURCES
from models.criteria.schema import CriteriaSet
from models.documents.builders.sheets import _sheet
from models.documents.kinds import kind_named
from models.documents.rendering import render
from models.documents.templates import template_of
from tests.docx_reading import tables
from tests.unit.documents.conftest import NOWHERE

NOBODY = dict.fromkeys(
    ("product", "dossier", "producer", "phone", "address", "member", "post", "total", "opinion", "place", "day"), ""
)
SETS = [(source, number) for source in SOURCES for number in SET_NUMBERS]
Option = tuple[str, str, str]


def options_on(criteria: CriteriaSet, case: int | None, choices: dict[str, int]) -> list[Option]:
    """The rows of options on the sheet, as Word has them: text, points, mark."""
    paper = _sheet(criteria, case, choices, scoring=1, case=criteria.source, **NOBODY)
    (table,) = tables(render(template_of(kind_named("score_sheet"), NOWHERE), paper))
    codes = {c.code for c in criteria.criteria.values()}
    rows = [row for row in table[1:] if not row[0] and row[2] and row[0] not in codes]
    return [(row[1], row[2], row[3]) for row in rows]


@pytest.mark.parametrize(("source", "number"), SETS)
def test_sheet_prints_every_option_once_and_crosses_the_chosen(source: str, number: int) -> None:
    criteria = load_set(source, number)
    case = min(criteria.cases) if criteria.cases else None
    best = {c.code: max(c.printed_points(case)) for c in criteria.criteria.values()}

    blank, filled = options_on(criteria, None, {}), options_on(criteria, case, best)

    printed = [option for c in criteria.criteria.values() for option in c.options_in(None)]
    chosen = [option for c in criteria.criteria.values() for option in c.options_in(case)]
    assert [(points, mark) for _, points, mark in blank] == [(str(option.points), "") for option in printed]
    assert all(option.label in row[0] for option, row in zip(printed, blank, strict=True))
    assert [points for _, points, _ in filled] == [str(option.points) for option in chosen]
    assert all(option.label in row[0] for option, row in zip(chosen, filled, strict=True))
    crossed = [int(points) for _, points, mark in filled if mark == "X"]
    assert crossed == [best[c.code] for c in criteria.criteria.values() if c.options_in(case)]
