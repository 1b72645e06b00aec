"""`ocop criteria`: the criteria sets that the project ships."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from deployments.commands.call import Answer
from deployments.commands.options import Number
from deployments.commands.tables import draw

if TYPE_CHECKING:
    from rich.console import Console

    from models.criteria import CriteriaSet

app = App(name="criteria", help="Các bộ tiêu chí.")


@app.command(name="list")
def list_(
    *, source: Annotated[str | None, Parameter(help="Nguồn: qd148 hoặc qd26 (mặc định: cả hai).")] = None
) -> Answer:
    """Liệt kê các bộ tiêu chí."""
    from models.criteria.loader import SOURCES, list_sets

    sets = [s for name in ([source] if source else SOURCES) for s in list_sets(name)]
    rows = [
        {"source": s.source, "set": s.number, "name": s.name, "branch": s.branch, "criteria": len(s.criteria)}
        for s in sets
    ]
    table = draw(
        "Các bộ tiêu chí",
        ["Nguồn", "Số", "Tên", "Số tiêu chí"],
        [(r["source"], r["set"], r["name"], r["criteria"]) for r in rows],
    )
    return Answer(rows, table)


@app.command
def show(
    source: Annotated[str, Parameter(help="Nguồn: qd148 hoặc qd26.")],
    set_: Annotated[Number, Parameter("SET", help="Số của bộ, 1–26.")],
    /,
    *,
    case: Annotated[Number | None, Parameter(help="Trường hợp 1 hoặc 2 (bộ 26).")] = None,
) -> Answer:
    """Xem một bộ tiêu chí: các mức chọn, điểm và điều kiện sao."""
    from models.criteria import load_set
    from models.errors import InputError

    criteria = load_set(source, set_)
    if case is not None and case not in criteria.cases:
        known = ", ".join(map(str, criteria.cases))
        remedy = f"Chọn trường hợp: {known}." if known else "Bỏ --case."
        raise InputError(f"Bộ {set_} không có trường hợp {case}.", field="--case", remedy=remedy)
    rows = _criteria(criteria, case)
    data = {
        "source": criteria.source,
        "set": criteria.number,
        "name": criteria.name,
        "case": case,
        "cases": {str(number): name for number, name in criteria.cases.items()},
        "reachable": criteria.reachable(case),
        "known_faults": list(criteria.known_faults()),
        "eliminated_when": list(criteria.eliminated_when),
        "criteria": rows,
    }
    return Answer(data, lambda console: _draw_set(console, data))


def _criteria(criteria: CriteriaSet, case: int | None) -> list[dict[str, Any]]:
    return [
        {
            "code": c.code,
            "name": c.name,
            "part": part.code,
            "group": group.title,
            "max": c.max,
            "options": [
                {"points": o.points, "label": o.label, "gate": o.gate, "case": o.case} for o in c.options_in(case)
            ],
            "allowed_points": list(c.allowed_points(case)),
            "gates": {str(stars): points for stars, points in sorted(c.gates_in(case).items())},
            "elimination": list(c.elimination_notes),
        }
        for part in criteria.parts
        for group in part.groups
        for c in group.criteria
    ]


def _option(option: dict[str, Any], case: int | None) -> str:
    of = f"Trường hợp {option['case']}, " if option["case"] and case is None else ""
    return f"{of}{option['points']} điểm: {option['label']}"


def _draw_set(console: Console, data: dict[str, Any]) -> None:
    rows = []
    for criterion in data["criteria"]:
        gates = ", ".join(f"{stars}★ từ {points}" for stars, points in criterion["gates"].items())
        rows.append((criterion["code"], criterion["name"], f"0–{criterion['max']}", gates))
        rows.extend(("", f"   {_option(o, data['case'])}", "", "") for o in criterion["options"])
    case = f", trường hợp {data['case']}" if data["case"] else ""
    title = f"Bộ {data['set']} ({data['source']}{case}): {data['name']}"
    draw(title, ["Mã", "Tiêu chí và các mức", "Điểm", "Điều kiện sao"], rows)(console)
    for fault in data["known_faults"]:
        console.print(f"Lưu ý: {fault}")
