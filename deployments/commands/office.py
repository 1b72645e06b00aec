"""`ocop office`: the offices, people and councils of an installation from one file."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from deployments.commands.call import Answer
from deployments.commands.data import writing_desk
from deployments.commands.files import path_of
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
