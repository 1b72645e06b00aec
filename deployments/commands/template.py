"""`ocop template`: an office's own Word templates."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from deployments.commands.call import Answer
from deployments.commands.files import path_of
from models.documents.checking import check_template, kind_of_file
from models.documents.kinds import kind_named
from models.errors import InputError

app = App(name="template", help="Mẫu Word của văn phòng.")


@app.command
def check(
    file: Annotated[str, Parameter(help="Tệp mẫu (.docx), đặt tên theo loại giấy tờ.")],
    /,
    *,
    kind: Annotated[str | None, Parameter(help="Loại giấy tờ, khi tên tệp không nói.")] = None,
) -> Answer:
    """Kiểm tra một mẫu: mục nào mẫu dùng mà loại giấy tờ đó không có."""
    path = path_of(file)
    chosen = kind_of_file(path) if kind is None else kind
    label = kind_named(chosen).label
    problems = check_template(path, chosen)
    if problems:
        raise InputError.of(problems)
    return Answer({"kind": chosen, "problems": []}, f"Mẫu {path.name} ({label}) dùng được.")
