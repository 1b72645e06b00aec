"""Faults that the domain names by field, named again by the cell that the field came from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from models.errors import OcopError, Problem
from models.workbooks.reading import Cell

Cells = Mapping[str, Cell]
"""The cell of each field: `rounds[0].products[1].commune`."""


@contextmanager
def naming_cells(name: str, cells: Cells) -> Iterator[None]:
    """Let every problem of an error name its cell, or the file when the field has none."""
    try:
        yield
    except OcopError as error:
        error.problems = [located(problem, name, cells) for problem in error.problems]
        error.args = ("; ".join(map(str, error.problems)),)
        raise


def located(problem: Problem, name: str, cells: Cells) -> Problem:
    """The problem at its cell."""
    cell = cell_of(problem.field, cells)
    return replace(problem, field=cell.place if cell is not None else f"Tệp «{name}»")


def cell_of(field: str, cells: Cells) -> Cell | None:
    """The cell of the field, or of the nearest that contains it."""
    path = field
    while path:
        if path in cells:
            return cells[path]
        path = re.sub(r"(?:\.[^.\[]*|\[\d+\]|^[^.\[]+)$", "", path)
    return None
