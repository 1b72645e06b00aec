"""`ocop plan`: importing and showing the yearly plan."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from deployments.commands.acting import acting
from deployments.commands.call import Answer
from deployments.commands.data import reading_desk, writing_desk
from deployments.commands.files import path_of
from deployments.commands.options import Number
from deployments.commands.rounds import PRODUCT_COLUMNS, product_cells
from deployments.commands.tables import draw
from models.certificates.planned_papers import how_to_enter, not_in_register
from models.enums import Role
from models.offices.owning import whose_plan
from models.rounds.listing import PlanDetail, detail_of, plan_detail
from models.rounds.plan_import import import_plan, read_plan

if TYPE_CHECKING:
    from rich.console import Console

app = App(name="plan", help="Kế hoạch năm.")


@app.command(name="import")
def import_(file: Annotated[str, Parameter(help="Tệp kế hoạch (YAML).")], /) -> Answer:
    """Nhập kế hoạch năm: các đợt và sản phẩm. Nhập lại thì bổ sung cái mới. (Cán bộ điều phối)"""
    plan = read_plan(path_of(file))
    with writing_desk() as desk:
        row = import_plan(desk.session, plan, acting(desk, Role.COORDINATOR), desk.now)
        desk.session.expire_all()
        detail = detail_of(desk.session, row)
        missing = [how_to_enter(desk.session, line) for line in not_in_register(desk.session, plan.due_for_renewal)]
    rounds = "; ".join(f"{r.round.code}: {r.round.planned} sản phẩm" for r in detail.rounds)
    words = f"Đã nhập kế hoạch năm {detail.year}: {len(detail.rounds)} đợt ({rounds})."
    if missing:
        words += f"\n{len(missing)} giấy chứng nhận đến hạn đánh giá lại chưa có trong sổ, ghi bằng:\n  "
        words += "\n  ".join(missing)
    return Answer({**asdict(detail), "not_in_register": missing}, words)


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
