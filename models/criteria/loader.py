"""Reads the criteria sets that the project ships, each checked before anybody sees it.

Sources: `qd148` (148/QĐ-TTg, also used under 1489/QĐ-TTg) and `qd26` (26/2026/QĐ-TTg), 26 sets each.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from models.criteria.checks import problems
from models.criteria.schema import CriteriaSet
from models.errors import FinalError, InputError, Problem

DATA = Path(__file__).parent / "data"
SOURCES = ("qd148", "qd26")
SET_NUMBERS = range(1, 27)
_REMEDY = "Cài lại phần mềm, hoặc sửa tệp dữ liệu cho khớp với văn bản nguồn."


@cache
def load_set(source: str, number: int) -> CriteriaSet:
    """The set `number` (1–26) of `source`; `InputError`: there is none; `FinalError`: its file is bad."""
    if source not in SOURCES:
        known = ", ".join(SOURCES)
        raise InputError(f"không có nguồn bộ tiêu chí “{source}”", field="source", remedy=f"Chọn: {known}.")
    if number not in SET_NUMBERS:
        raise InputError(f"không có bộ tiêu chí số {number}", field="set", remedy="Chọn số từ 1 đến 26.")
    found = sorted((DATA / source).glob(f"{number:02d}-*.yaml"))
    if len(found) != 1:
        raise _fault(f"{source}/{number:02d}-*.yaml", [("", f"cần đúng một tệp, có {len(found)}")])
    return read_set(found[0])


@cache
def list_sets(source: str) -> tuple[CriteriaSet, ...]:
    """All 26 sets of a source by number; errors as `load_set`."""
    return tuple(load_set(source, number) for number in SET_NUMBERS)


def read_set(path: Path) -> CriteriaSet:
    """One file as a checked set; `FinalError` names the file and every faulty field.

    The folder names the source and the first two digits of the file name the set.
    """
    name = f"{path.parent.name}/{path.name}"
    raw = _read_yaml(path, name)
    try:
        criteria = CriteriaSet.model_validate({**raw, "source": path.parent.name})
    except ValidationError as error:
        wrong = [(".".join(map(str, e["loc"])), e["msg"]) for e in error.errors(include_url=False)]
        raise _fault(name, wrong) from error
    wrong = problems(criteria)
    if path.name[:2] != f"{criteria.number:02d}":
        wrong.append(("set", f"tên tệp không khớp với số bộ {criteria.number}"))
    if wrong:
        raise _fault(name, wrong)
    return criteria


def _read_yaml(path: Path, name: str) -> dict[str, Any]:
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeys)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise _fault(name, [("", f"không đọc được tệp: {error}")]) from error
    if not isinstance(raw, dict) or not all(isinstance(key, str) for key in raw):
        raise _fault(name, [("", "tệp phải là một bảng khoá – giá trị")])
    return raw


def _fault(name: str, wrong: list[tuple[str, str]]) -> FinalError:
    found = [Problem(f"{name}: {at}" if at else name, problem, _REMEDY) for at, problem in wrong]
    error = FinalError(found[0].problem, field=found[0].field, remedy=_REMEDY)
    error.problems = found
    error.args = ("; ".join(map(str, found)),)
    return error


class _UniqueKeys(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML lets a later key overwrite an earlier one; a criteria file that does so is faulty."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(set(map(str, keys))) < len(keys):
            raise yaml.constructor.ConstructorError(None, None, "khoá viết hai lần", node.start_mark)
        return super().construct_mapping(node, deep)  # type: ignore[no-any-return]
