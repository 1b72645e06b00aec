"""Workbooks as a person would change them, and what is in the tables before and after."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import OcopError
from models.tables import AuditEntry
from models.tables.base import Base

Change = Callable[[Workbook], None]


def changed(path: Path, change: Change) -> Path:
    """The workbook after somebody changed and saved it."""
    book = load_workbook(path)
    change(book)
    book.save(path)
    return path


def put(sheet: str, cell: str, value: Any) -> Change:
    """Write one cell."""

    def change(book: Workbook) -> None:
        book[sheet][cell] = value

    return change


def sheet_of(book: Workbook, name: str) -> Worksheet:
    """A sheet with cells."""
    sheet = book[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def contents(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the audit trail."""
    session.flush()
    tables = [table for table in Base.metadata.sorted_tables if table.name != AuditEntry.__tablename__]
    return {table.name: [tuple(row) for row in session.execute(select(table))] for table in tables}


def refusals(call: Callable[[], object]) -> list[tuple[str, str, str]]:
    """Cell, problem and remedy of everything for which a call is refused."""
    with pytest.raises(OcopError) as refused:
        call()
    return [(problem.field, problem.problem, problem.remedy) for problem in refused.value.problems]
