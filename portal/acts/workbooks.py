"""Workbooks that come in: a file is taken to be tried out, then stored as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import Field

from models.files.using import file_for
from models.settings import settings
from models.workbooks.books import BOOKS, Book, store_book
from portal.access import of
from portal.acts.base import Act, ActForm, Done, Ids
from portal.desk import Desk
from portal.view import View

HOME = "/workbooks"
TAG = "Excel"


class WorkbookForm(ActForm):
    """A workbook that was uploaded."""

    file_sha256: str = Field(min_length=64, max_length=64, title="Tệp Excel (.xlsx)")
    file_name: str = Field(default="", title="Tên tệp")


def trial_page(book: Book, sha256: str) -> str:
    """Where the report of a trial is."""
    return f"{HOME}/{book.code}/files/{sha256}"


def _take(book: Book) -> Callable[[Desk, Ids, WorkbookForm], Done]:
    def run(desk: Desk, _ids: Ids, form: WorkbookForm) -> Done:
        file = file_for(desk.session, form.file_sha256, desk.held)
        return Done("", trial_page(book, file.sha256), {"file_sha256": file.sha256})

    return run


def _store(book: Book) -> Callable[[Desk, Ids, WorkbookForm], Done]:
    def run(desk: Desk, _ids: Ids, form: WorkbookForm) -> Done:
        file = file_for(desk.session, form.file_sha256, desk.held)
        report = store_book(desk.session, book, file, desk.acting(book.role), desk.now, settings())
        return Done(f"Đã nhập {report.words}.", HOME, report)

    return run


def _act(book: Book, name: str, title: str, run: Callable[..., Done], **more: Any) -> Act:
    return Act(
        name=f"workbook.{book.code}.{name}", title=f"{title}: {book.label}", path=f"{HOME}/{book.code}/{name}",
        access=of(book.role), form=WorkbookForm, run=run, tag=TAG, back=lambda _ids: HOME, **more,
    )  # fmt: skip


def _no_report(view: View, _ids: Ids) -> Mapping[str, Any]:  # noqa: ARG001
    return {"report": None}


CHECKS = {
    code: _act(
        book, "check", "Nhập từ Excel", _take(book), takes_files=True, button="Kiểm tra tệp (chưa ghi gì)",
        explanation=book.explanation, template="workbooks/import.html.j2",
    )
    for code, book in BOOKS.items()
}  # fmt: skip
IMPORTS = {
    code: _act(
        book, "import", "Ghi vào dữ liệu", _store(book), own_page=False, button="Ghi vào dữ liệu",
        explanation="Ghi tất cả, hoặc không ghi gì nếu còn ô sai; sổ cũ thì ghi các dòng đã hiểu.",
        template="workbooks/trial.html.j2", context=_no_report,
    )
    for code, book in BOOKS.items()
}  # fmt: skip

ACTS: list[Act] = [*CHECKS.values(), *IMPORTS.values()]
