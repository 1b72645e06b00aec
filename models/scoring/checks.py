"""Whether sheets fit their criteria set: known codes, printed options, nothing left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from models.criteria import CriteriaSet, Criterion
from models.errors import Problem
from models.scoring.problems import clip
from models.scoring.schema import Sheet


def evaluation_problems(
    criteria: CriteriaSet, case: int | None, sheets: Sequence[Sheet], eliminations: Sequence[str]
) -> list[Problem]:
    """All that keeps a product from being scored with these sheets; empty when nothing does."""
    found = [*_case(criteria, case), *_twice(sheets), *_eliminations(criteria, eliminations)]
    if criteria.cases and case not in criteria.cases:
        return found  # which options hold is not known
    for number, sheet in enumerate(sheets):
        found += sheet_problems(criteria, case, sheet, f"sheets[{number}]")
    return found


def sheet_problems(criteria: CriteriaSet, case: int | None, sheet: Sheet, where: str) -> list[Problem]:
    """What is wrong with one sheet; `where` is the place that the fields start with.

    A sheet that does not count may leave criteria out; what it does give is checked.
    """
    given = [p for code in sheet.choices for p in _choice(criteria, case, sheet, code, where)]
    return given + _missing(criteria, case, sheet, where) if sheet.counts else given


def _case(criteria: CriteriaSet, case: int | None) -> Iterator[Problem]:
    if criteria.cases and case not in criteria.cases:
        both = " hoặc ".join(f"{number} ({label})" for number, label in criteria.cases.items())
        yield Problem("case", f"bộ {criteria.number} phải chấm theo một trong hai trường hợp", f"Ghi {both}.")


def _twice(sheets: Sequence[Sheet]) -> Iterator[Problem]:
    times = Counter(sheet.member for sheet in sheets)
    for number, sheet in enumerate(sheets):
        if times[sheet.member] > 1:
            problem = f"thành viên “{clip(sheet.member)}” có {times[sheet.member]} phiếu"
            yield Problem(f"sheets[{number}].member", problem, "Giữ một phiếu cho mỗi thành viên.")


def _eliminations(criteria: CriteriaSet, eliminations: Sequence[str]) -> Iterator[Problem]:
    for number, code in enumerate(eliminations):
        if criteria.elimination_grounds(code) is None:
            problem = f"bộ tiêu chí {criteria.number} không có mã “{clip(code)}”"
            yield Problem(f"eliminations[{number}]", problem, "Ghi mã tiêu chí có căn cứ loại, hoặc dossier.")


def _choice(criteria: CriteriaSet, case: int | None, sheet: Sheet, code: str, where: str) -> Iterator[Problem]:
    field = f"{where}.choices.{clip(code)}"
    criterion = criteria.criteria.get(code)
    if criterion is None:
        problem = f"bộ tiêu chí {criteria.number} ({criteria.name}) không có tiêu chí này"
        yield Problem(field, problem, "Bỏ mã này hoặc sửa lại cho đúng mã in trên phiếu.")
        return
    points: object = sheet.choices[code]
    if type(points) is not int:  # True and 3.0 equal whole numbers and are none
        yield Problem(field, "điểm phải là số nguyên", _choose(criterion, case))
    elif points not in criterion.allowed_points(case):
        problem = f"{clip(points)} không phải là mức điểm của tiêu chí {criterion.title}"
        yield Problem(field, problem, _choose(criterion, case))


def _missing(criteria: CriteriaSet, case: int | None, sheet: Sheet, where: str) -> list[Problem]:
    if "choices" not in sheet.model_fields_set:
        remedy = "Ghi điểm của mức đã chọn cho từng tiêu chí, hoặc ghi present: false."
        return [Problem(f"{where}.choices", "thiếu điểm của mọi tiêu chí", remedy)]
    return [
        Problem(f"{where}.choices.{code}", f"thiếu điểm của tiêu chí {c.title}", _choose(c, case))
        for code, c in criteria.criteria.items()
        if code not in sheet.choices
    ]


def _choose(criterion: Criterion, case: int | None) -> str:
    return f"Chọn một trong các mức: {', '.join(map(str, criterion.allowed_points(case)))}."
