"""Workbooks through the API: a trial of an uploaded file; storing it is an act."""

from __future__ import annotations

from models.workbooks.books import BookReport, book_named
from portal.api import api_router
from portal.api.reading import read
from portal.desk import Desk
from portal.pages.workbooks import BRING, tried

router = api_router()


@read(router, "/workbooks/{book}/files/{sha256}", BRING, BookReport, "Kiểm tra thử một tệp Excel", tag="Excel")
def workbook_trial(desk: Desk, book: str, sha256: str) -> BookReport:
    """Tệp đã tải lên (POST /files) có nhập được không, ô nào sai, ghi gì; không lưu gì."""
    return tried(desk, book_named(book), sha256)[0]
