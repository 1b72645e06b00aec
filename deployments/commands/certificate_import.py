"""`ocop certificate import`: an office's old register, with a report of what was understood."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from deployments.commands.acting import acting
from deployments.commands.call import Answer
from deployments.commands.data import trying_desk
from deployments.commands.files import path_of
from deployments.commands.problems import PERSON
from deployments.commands.tables import draw
from models.enums import Role
from models.errors import Problem
from models.workbooks.old_registers.importing import import_register
from models.workbooks.old_registers.report import Fate, RegisterReport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console


def import_(
    file: Annotated[str, Parameter(help="Sổ giấy chứng nhận cũ của văn phòng (.xlsx), cột đặt thế nào cũng được.")],
    /,
    *,
    dry_run: Annotated[bool, Parameter(help="Chỉ đọc và báo cáo, không ghi gì.")] = False,
) -> Answer:
    """Ghi giấy chứng nhận từ sổ cũ: dòng hiểu được thì ghi, dòng chưa hiểu thì nêu từng ô. (Cán bộ điều phối)"""
    path = path_of(file)
    with trying_desk(dry_run) as desk:
        report = import_register(desk.session, path, acting(desk, Role.COORDINATOR), desk.now)
    refused = report.count(Fate.REFUSED)
    data = {**asdict(report), **{fate.value: report.count(fate) for fate in Fate}, "dry_run": dry_run}
    return Answer(data, lambda console: _draw(console, report, dry_run), status=_status(report, refused))


def _status(report: RegisterReport, refused: int) -> int:
    return PERSON if report.rows and refused == len(report.rows) else 0


def _draw(console: Console, report: RegisterReport, dry_run: bool) -> None:
    console.print(f"{'Đọc thử, chưa ghi gì' if dry_run else 'Đã đọc sổ cũ'}: {report.words}.")
    rows = [(r.sheet, r.row, r.understood.get("Sản phẩm", ""), r.certificate, r.fate.label) for r in report.rows]
    draw("Từng dòng", ["Sheet", "Dòng", "Sản phẩm", "Mã", "Kết quả"], rows)(console)
    for title, problems in (
        ("Chưa hiểu, dòng không được ghi", report.problems),
        ("Đã hiểu, cần xem lại", report.notes),
        ("Bỏ qua", report.ignored),
    ):
        if problems:
            draw(title, ["Ô", "Vấn đề", "Cách xử lý"], _cells(problems))(console)


def _cells(problems: Sequence[Problem]) -> list[tuple[Any, ...]]:
    return [(problem.field, problem.problem, problem.remedy) for problem in problems]
