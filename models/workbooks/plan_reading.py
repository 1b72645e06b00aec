"""The yearly plan from its workbook: the same checked model as from YAML, with the cell of every field."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.errors import InputError
from models.forms import read_form
from models.rounds.plan_form import PlanFile
from models.workbooks.columns import Column, SheetPlan
from models.workbooks.locating import Cells, cell_of, located
from models.workbooks.plan_sheets import BASES, DUE, FACTS, OWN_TRAINING, PRODUCTS, ROLES, ROUNDS
from models.workbooks.reading import Cell, Reader, Record, read_workbook

PLAIN_TRAINING = ("classes", "days_per_class", "people_per_class")
_RANGE = re.compile(r"^(\d+)\s*[-–,;]\s*(\d+)$")


@dataclass
class PlanBook:
    """A plan as its workbook says it."""

    plan: PlanFile
    cells: Cells


@dataclass
class _Building:
    reader: Reader
    data: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)


def read_plan_book(path: Path) -> PlanBook:
    """The plan of a workbook, checked.

    Raises:
        InputError: with every cell that is wrong.
    """
    building = _Building(read_workbook(path))
    _facts(building)
    _rounds(building)
    _lists(building)
    try:
        plan = read_form(PlanFile, building.data)
    except InputError as error:
        _add_new(building, error)
        building.reader.finish()
        raise
    building.reader.finish()
    return PlanBook(plan, building.cells)


def _add_new(building: _Building, error: InputError) -> None:
    """What the model finds besides what the cells already showed."""
    told = {problem.field for problem in building.reader.problems}
    for problem in error.problems:
        at = cell_of(problem.field, building.cells)
        if at is None and told:
            continue  # a sheet or a line that is missing has been told already
        placed = located(problem, building.reader.name, building.cells)
        if placed.field not in told:
            building.reader.problems.append(placed)


def _facts(building: _Building) -> None:
    record, own = building.reader.facts(FACTS, OWN_TRAINING)
    data: dict[str, Any] = {"targets": {}, "guided": {}, "training": {}}
    for key, value in record.values.items():
        group, _, name = key.rpartition(".")
        building.cells[key] = record.cells[key]
        if value is None:
            continue
        if group:
            data[group][name] = training_value(value) if group == "training" else value
        else:
            data[key] = value
    for name, cell in own.items():
        building.cells[f"training.{name}"] = cell
        data["training"][name] = training_value(cell.text)
    building.data.update(data)


def training_value(text: str) -> Any:
    """A number, a range of two numbers, or text as it stands."""
    if text.isdecimal():
        return int(text)
    match = _RANGE.match(text)
    return [int(match[1]), int(match[2])] if match else text


def _rounds(building: _Building) -> None:
    reader, rounds = building.reader, dict[int, int]()
    data: list[dict[str, Any]] = []
    for record in reader.rows(ROUNDS):
        number = record.values.get("round")
        at = len(data)
        if number is not None and rounds.setdefault(number, at) != at:
            first = building.cells[f"rounds[{rounds[number]}]"].place
            reader.wrong(record.cells["round"], f"đợt {number} đã ghi ở {first}", "Đánh số lại đợt, hoặc bỏ dòng thừa.")
        _keep(building, f"rounds[{at}]", record, ROUNDS)
        entry = _given(record)
        quarters = entry.pop("quarters", None)
        if quarters is not None:
            entry["quarters"] = _quarters(reader, quarters, record.cells["quarters"])
        data.append({**entry, "products": []})
    for record in reader.rows(PRODUCTS):
        _product(building, record, rounds, data)
    building.data["rounds"] = data


def _quarters(reader: Reader, text: str, cell: Cell) -> list[int]:
    roman = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
    words = [word for word in re.split(r"[\s,;+&–-]+|và|quý", text.casefold()) if word]
    found = [roman.get(word) or (int(word) if word.isdecimal() else 0) for word in words]
    if not all(1 <= quarter <= 4 for quarter in found):  # noqa: PLR2004
        reader.wrong(cell, f"«{text}» không phải các quý", "Ghi các quý từ 1 đến 4, ví dụ 1, 2.")
        return []
    return found


def _product(building: _Building, record: Record, rounds: dict[int, int], data: list[dict[str, Any]]) -> None:
    number = record.values.pop("round", None)
    if number is None:
        return
    if number not in rounds:
        known = ", ".join(map(str, rounds)) or "chưa có đợt nào"
        building.reader.wrong(
            record.cells["round"], f"không có đợt {number} ở sheet «{ROUNDS.name}»", f"Các đợt đã ghi: {known}."
        )
        return
    products = data[rounds[number]]["products"]
    _keep(building, f"rounds[{rounds[number]}].products[{len(products)}]", record, PRODUCTS)
    products.append(_given(record))


def _lists(building: _Building) -> None:
    bases = building.reader.rows(BASES, optional=True)
    building.data["legal_bases"] = [
        {key: value.isoformat() if key == "date" else value for key, value in _given(record).items()}
        for record in bases
    ]
    due = building.reader.rows(DUE, optional=True)
    for at, record in enumerate(due):
        _keep(building, f"due_for_renewal[{at}]", record, DUE)
    building.data["due_for_renewal"] = [_given(record) for record in due]
    roles = [_given(record) for record in building.reader.rows(ROLES, optional=True)]
    building.data["roles"] = {role["unit"]: role["duty"] for role in roles if {"unit", "duty"} <= role.keys()}


def _given(record: Record) -> dict[str, Any]:
    return {key: value for key, value in record.values.items() if value is not None}


def _keep(building: _Building, path: str, record: Record, plan: SheetPlan) -> None:
    first: Column = plan.columns[0]
    for key, cell in record.cells.items():
        building.cells[f"{path}.{key}"] = cell
    building.cells[path] = record.cells.get(first.key) or next(iter(record.cells.values()))
