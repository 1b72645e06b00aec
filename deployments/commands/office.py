"""`ocop office`: the offices, people and councils of an installation from one file."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from deployments.commands.call import Answer
from deployments.commands.data import writing_desk
from deployments.commands.files import path_of
from deployments.commands.options import Day
from deployments.commands.tables import draw
from models.actors import SYSTEM
from models.offices.migration import migrate as migrate_offices
from models.offices.setup import read_office_file, set_up_office

app = App(name="office", help="Danh mục đơn vị, hội đồng.")


@app.command(name="import")
def import_(file: Annotated[str, Parameter(help="Tệp danh mục (YAML).")], /) -> Answer:
    """Nhập đơn vị, người dùng, hội đồng từ một tệp; nhập lại thì cập nhật. (Người cài đặt, không cần --as)"""
    entries = read_office_file(path_of(file))
    with writing_desk() as desk:
        set_up_office(desk.session, entries, desk.now)
    counts = {"offices": len(entries.offices), "people": len(entries.people), "councils": len(entries.councils)}
    words = f"{counts['offices']} đơn vị, {counts['people']} người dùng, {counts['councils']} hội đồng"
    return Answer(counts, f"Đã nhập {words}.")


@app.command
def migrate(
    *,
    on: Annotated[Day, Parameter(help="Ngày đơn vị mới thay đơn vị cũ, ví dụ 2025-07-01.")],
    dry_run: Annotated[bool, Parameter(help="Chỉ liệt kê những gì sẽ chuyển.")] = False,
) -> Answer:
    """Chuyển hồ sơ, việc, người từ đơn vị đã kết thúc sang đơn vị kế tục. (Người cài đặt, không cần --as)"""
    with writing_desk() as desk:
        moves = migrate_offices(desk.session, on, SYSTEM, desk.now, dry_run=dry_run)
    title = f"{'Sẽ chuyển' if dry_run else 'Đã chuyển'} {len(moves)} mục vào ngày {on:%d/%m/%Y}"
    rows = [(m.subject, m.name, m.before, m.after) for m in moves]
    return Answer(moves, draw(title, ["Mục", "Tên", "Đơn vị cũ", "Đơn vị mới"], rows))
