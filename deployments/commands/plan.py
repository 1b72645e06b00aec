"""`ocop plan`: importing and showing the yearly plan."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from deployments.commands.acting import acting
from deployments.commands.call import Answer
from deployments.commands.data import Desk, reading_desk, trying_desk
from deployments.commands.files import is_workbook, path_of, path_to_write
from deployments.commands.options import Number
from deployments.commands.rounds import PRODUCT_COLUMNS, product_cells
from deployments.commands.tables import draw
from models.certificates.planned_papers import how_to_enter, not_in_register
from models.enums import Role
from models.offices.owning import whose_plan
from models.rounds.listing import PlanDetail, detail_of, plan_detail, plan_row
from models.rounds.plan_form import PlanFile
from models.rounds.plan_import import import_plan, read_plan
from models.tables import CyclePlan

if TYPE_CHECKING:
    from rich.console import Console

app = App(name="plan", help="Kế hoạch năm.")


@app.command(name="import")
def import_(
    file: Annotated[str, Parameter(help="Tệp kế hoạch: Excel theo mẫu (.xlsx) hoặc YAML.")],
    /,
    *,
    dry_run: Annotated[bool, Parameter(help="Chỉ kiểm tra, nêu chỗ sai, không ghi gì.")] = False,
) -> Answer:
    """Nhập kế hoạch năm: các đợt và sản phẩm. Nhập lại thì bổ sung cái mới. (Cán bộ điều phối của văn phòng đó)"""
    path = path_of(file)
    with trying_desk(dry_run) as desk:
        plan, row = _imported(desk, path)
        changed = row.imported_at == desk.now
        desk.session.expire_all()
        detail = detail_of(desk.session, row)
        missing = [how_to_enter(desk.session, line) for line in not_in_register(desk.session, plan.due_for_renewal)]
    rounds = "; ".join(f"{r.round.code}: {r.round.planned} sản phẩm" for r in detail.rounds)
    words = f"{_done(dry_run, changed)} năm {detail.year}: {len(detail.rounds)} đợt ({rounds})."
    if missing:
        words += f"\n{len(missing)} giấy chứng nhận đến hạn đánh giá lại chưa có trong sổ, ghi bằng:\n  "
        words += "\n  ".join(missing)
    tried = {"dry_run": True} if dry_run else {}
    return Answer({**asdict(detail), "not_in_register": missing, **tried}, words)


def _done(dry_run: bool, changed: bool) -> str:
    if not changed:
        return "Tệp không có gì mới, giữ nguyên kế hoạch"
    return "Tệp nhập được, chưa ghi gì: kế hoạch" if dry_run else "Đã nhập kế hoạch"


def _imported(desk: Desk, path: Path) -> tuple[PlanFile, CyclePlan]:
    if is_workbook(path):
        from models.workbooks.plan_importing import import_plan_book

        return import_plan_book(desk.session, path, acting(desk, Role.COORDINATOR), desk.now)
    plan = read_plan(path)
    return plan, import_plan(desk.session, plan, acting(desk, Role.COORDINATOR), desk.now)


@app.command
def template(file: Annotated[str, Parameter(help="Tệp mẫu sẽ tạo (.xlsx).")], /) -> Answer:
    """Tạo tệp Excel mẫu để lập kế hoạch năm: có danh sách chọn, kiểm tra và hướng dẫn."""
    from models.workbooks.plan_writing import write_plan_book

    path = path_to_write(file)
    with reading_desk() as desk:
        write_plan_book(desk.session, path, desk.now, desk.today)
    return Answer({"file": str(path)}, f"Đã tạo mẫu kế hoạch năm: {path}")


@app.command
def export(
    year: Annotated[Number | None, Parameter(help="Năm (mặc định: kế hoạch mới nhất).")] = None,
    /,
    *,
    out: Annotated[str, Parameter(help="Tệp Excel sẽ tạo (.xlsx).")],
    office: Annotated[str | None, Parameter(help="Mã văn phòng, khi năm đó có nhiều kế hoạch.")] = None,
) -> Answer:
    """Xuất kế hoạch đang có ra tệp Excel theo mẫu; sửa rồi nhập lại được."""
    from models.workbooks.plan_writing import plan_of, write_plan_book

    path = path_to_write(out)
    with reading_desk() as desk:
        plan = plan_of(desk.session, plan_row(desk.session, year, office))
        write_plan_book(desk.session, path, desk.now, desk.today, plan)
    return Answer({"file": str(path), "year": plan.year}, f"Đã xuất kế hoạch năm {plan.year}: {path}")


@app.command
def show(
    year: Annotated[Number | None, Parameter(help="Năm (mặc định: kế hoạch mới nhất).")] = None,
    /,
    *,
    office: Annotated[str | None, Parameter(help="Mã văn phòng, khi năm đó có nhiều kế hoạch.")] = None,
) -> Answer:
    """Xem kế hoạch năm: chỉ tiêu, các đợt, sản phẩm."""
    with reading_desk() as desk:
        detail = plan_detail(desk.session, year, office)
    return Answer(detail, lambda console: _draw(console, detail))


def _draw(console: Console, plan: PlanDetail) -> None:
    console.print(f"Kế hoạch năm {plan.year} của {whose_plan(plan.office, plan.made_by)}")
    for stars, name in (("four_star", "4 sao"), ("three_star", "3 sao")):
        if stars in plan.targets:
            guided = f", phấn đấu {plan.guided[stars]}" if stars in plan.guided else ""
            console.print(f"Chỉ tiêu {name}: ít nhất {plan.targets[stars]}{guided}")
    for detail in plan.rounds:
        row = detail.round
        title = f"{row.title} ({row.code}) · {row.status_label} · {row.opens_on:%d/%m/%Y}–{row.closes_on:%d/%m/%Y}"
        draw(title, PRODUCT_COLUMNS, [product_cells(product) for product in detail.products])(console)
