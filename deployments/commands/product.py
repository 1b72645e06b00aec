"""`ocop product`: the register of products and producers, from and to a workbook."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from deployments.commands.acting import acting
from deployments.commands.call import Answer
from deployments.commands.data import reading_desk, trying_desk
from deployments.commands.files import path_of, path_to_write
from models.enums import Role
from models.workbooks.product_book import import_products, write_product_book

app = App(name="product", help="Danh mục sản phẩm, chủ thể.")


@app.command
def template(file: Annotated[str, Parameter(help="Tệp mẫu sẽ tạo (.xlsx).")], /) -> Answer:
    """Tạo tệp Excel mẫu để nhập danh mục sản phẩm và chủ thể."""
    path = path_to_write(file)
    with reading_desk() as desk:
        write_product_book(desk.session, path, desk.now, desk.today)
    return Answer({"file": str(path)}, f"Đã tạo mẫu danh mục sản phẩm: {path}")


@app.command
def export(*, out: Annotated[str, Parameter(help="Tệp Excel sẽ tạo (.xlsx).")]) -> Answer:
    """Xuất danh mục sản phẩm và chủ thể đang có ra tệp Excel theo mẫu; sửa rồi nhập lại được."""
    path = path_to_write(out)
    with reading_desk() as desk:
        rows = write_product_book(desk.session, path, desk.now, desk.today, filled=True)
    return Answer({"file": str(path), "rows": rows}, f"Đã xuất {rows} sản phẩm: {path}")


@app.command(name="import")
def import_(
    file: Annotated[str, Parameter(help="Tệp Excel theo mẫu (.xlsx).")],
    /,
    *,
    dry_run: Annotated[bool, Parameter(help="Chỉ kiểm tra, nêu chỗ sai, không ghi gì.")] = False,
) -> Answer:
    """Nhập danh mục sản phẩm, chủ thể: tất cả hoặc không gì cả. (Cán bộ điều phối phụ trách địa bàn)"""
    path = path_of(file)
    with trying_desk(dry_run) as desk:
        count = import_products(desk.session, path, acting(desk, Role.COORDINATOR), desk.now)
    done = "Tệp nhập được, chưa ghi gì" if dry_run else "Đã nhập danh mục sản phẩm"
    return Answer({**count.as_dict(), "dry_run": dry_run}, f"{done}: {count.words}.")
