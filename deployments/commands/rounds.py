"""`ocop round`: opening, listing and showing rounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from deployments.commands.acting import acting
from deployments.commands.call import Answer
from deployments.commands.data import reading_desk, writing_desk
from deployments.commands.tables import draw
from models.enums import Role
from models.rounds.listing import PlannedRow, RoundDetail, round_detail, round_rows
from models.rounds.opening import open_round

if TYPE_CHECKING:
    from rich.console import Console

app = App(name="round", help="Đợt đánh giá.")

Code = Annotated[str, Parameter(help="Mã đợt, ví dụ 2024-1.")]

PRODUCT_COLUMNS = ["Sản phẩm", "Xã", "Loại", "Đăng ký", "Bộ", "Chủ thể", "Hồ sơ"]


def product_cells(row: PlannedRow) -> tuple[Any, ...]:
    """One line of a plan as a table shows it."""
    aim = f"{row.from_stars}★ → {row.target_stars}★" if row.from_stars else f"{row.target_stars}★"
    dossier = f"{row.dossier} ({row.dossier_status})" if row.dossier else row.dossier_status or ""
    return (
        row.product,
        row.commune,
        row.kind_label,
        aim,
        row.criteria_set,
        f"{row.producer} ({row.producer_code})",
        dossier,
    )


@app.command(name="open")
def open_(code: Code, /) -> Answer:
    """Mở đợt để nhận hồ sơ; đợt đã mở thì giữ nguyên. (Cán bộ điều phối)"""
    with writing_desk() as desk:
        open_round(desk.session, code, acting(desk, Role.COORDINATOR), desk.now)
        detail = round_detail(desk.session, code)
    row = detail.round
    days = f"từ {row.opens_on:%d/%m/%Y} đến {row.registration_closes_on:%d/%m/%Y}"
    return Answer(detail, f"{row.title} đang mở; nhận hồ sơ {days}.")


@app.command(name="list")
def list_() -> Answer:
    """Liệt kê các đợt."""
    with reading_desk() as desk:
        rows = round_rows(desk.session)
    cells = [
        (
            r.code,
            r.title,
            r.status_label,
            r.opens_on,
            r.registration_closes_on,
            r.council_on,
            r.closes_on,
            f"{r.handed_in}/{r.planned}",
        )
        for r in rows
    ]
    columns = ["Mã", "Đợt", "Trạng thái", "Mở", "Hết nhận hồ sơ", "Hội đồng", "Kết thúc", "Hồ sơ/kế hoạch"]
    return Answer(rows, draw("Các đợt", columns, cells))


@app.command
def show(code: Code, /) -> Answer:
    """Xem một đợt: các mốc ngày và sản phẩm trong kế hoạch."""
    with reading_desk() as desk:
        detail = round_detail(desk.session, code)
    return Answer(detail, lambda console: _draw(console, detail))


def _draw(console: Console, detail: RoundDetail) -> None:
    row = detail.round
    console.print(f"{row.title} ({row.code}) · {row.status_label}")
    console.print(f"Nhận hồ sơ: {row.opens_on:%d/%m/%Y} – {row.registration_closes_on:%d/%m/%Y}")
    console.print(f"Hội đồng: {row.council_on:%d/%m/%Y}; kết thúc: {row.closes_on:%d/%m/%Y}")
    draw("Sản phẩm theo kế hoạch", PRODUCT_COLUMNS, [product_cells(p) for p in detail.products])(console)
