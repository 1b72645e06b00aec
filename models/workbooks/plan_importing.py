"""Importing the yearly plan from its workbook: what is refused names the cell."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from models.actors import Actor
from models.rounds.plan_form import PlanFile
from models.rounds.plan_import import import_plan
from models.tables import CyclePlan
from models.workbooks.locating import naming_cells
from models.workbooks.plan_reading import read_plan_book


def import_plan_book(session: Session, path: Path, who: Actor, now: datetime) -> tuple[PlanFile, CyclePlan]:
    """Store the plan of a workbook by the same act as that of a YAML file.

    Raises:
        OcopError: as `read_plan_book` and `import_plan`, with the cell of each problem.
    """
    book = read_plan_book(path)
    with naming_cells(path.name, book.cells):
        return book.plan, import_plan(session, book.plan, who, now)
