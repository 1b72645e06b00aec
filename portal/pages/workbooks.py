"""Excel: templates to fill in, files tried out before they are stored, and what goes out."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import Response

from models.errors import NotFoundError
from models.files.kinds import FileKind
from models.files.using import file_for
from models.rounds.seeing import visible_rounds
from models.settings import settings
from models.tables import StoredFile
from models.workbooks.books import BOOKS, Book, BookReport, book_named, try_book, written
from models.workbooks.outgoing import (
    OF_OFFICE,
    OF_ROUND,
    board_book,
    open_data_zip,
    public_tables_book,
    register_book,
    scores_book,
    steering_book,
)
from portal.access import SIGNED_IN, Access, of
from portal.acts.pages import form_page
from portal.acts.workbooks import HOME, IMPORTS
from portal.desk import Desk, working
from portal.figures import kept_steering
from portal.menu import MENU, REPORTS, Link
from portal.pages.reports import STEERERS
from portal.routing import page
from portal.stored import attached
from portal.view import View

router = APIRouter()

ROUND = of(*OF_ROUND)
OFFICE = of(*OF_OFFICE)
BRING = Access(frozenset(book.role for book in BOOKS.values()))
ANY = Access(ROUND.roles | BRING.roles)
MENU.append(Link("Excel", HOME, ANY, order=62, group=REPORTS))

XLSX, ZIP = FileKind.XLSX.value, "application/zip"


@page(router, HOME, ANY)
def index(view: View) -> Response:
    """What may come in and go out."""
    desk = view.desk
    books = [book for book in BOOKS.values() if book.role in desk.roles]
    rounds = visible_rounds(desk.session, desk.capacities) if ROUND.lets_in(desk.roles) else []
    return view.page(
        "workbooks/index.html.j2", title="Excel: nhập và xuất", books=books, rounds=rounds,
        of_office=OFFICE.lets_in(desk.roles),
    )  # fmt: skip


@page(router, HOME + "/{book}/template", BRING)
def template(view: View, book: str) -> Response:
    """The empty workbook to fill in."""
    found = book_named(book)
    return _book(view.desk, found, found.template, f"mau-{book}.xlsx")


@page(router, HOME + "/{book}/current", BRING)
def current(view: View, book: str) -> Response:
    """What is there now, in the same form."""
    found = book_named(book)
    return _book(view.desk, found, found.current, f"{book}.xlsx")


@page(router, HOME + "/{book}/files/{sha256}", BRING)
def trial(view: View, book: str, sha256: str) -> Response:
    """What would come of storing the file."""
    desk, found = view.desk, book_named(book)
    report, file = tried(desk, found, sha256)
    data = {"file_sha256": file.sha256, "file_name": file.first_name}
    form = form_page(IMPORTS[book], view, {}, data)
    title = f"{found.label}: {file.first_name}"
    return view.page("workbooks/trial.html.j2", title=title, page=form, report=report)


def tried(desk: Desk, book: Book, sha256: str) -> tuple[BookReport, StoredFile]:
    """The report of a trial, in a transaction of its own of which nothing is kept.

    Raises:
        NotFoundError: no such file for this person.
        NotAllowedError: the person does not bring such workbooks.
    """
    with working(desk.visitor) as own:
        file = file_for(own.session, sha256, own.held)
        who = own.acting(book.role)
        report = try_book(own.session, book, file, who, own.now, settings())
        own.session.expunge(file)
    return report, file


@page(router, "/exports/rounds/{code}/board", ROUND)
def board(view: View, code: str) -> Response:
    """The board of a round."""
    desk = view.desk
    return attached(board_book(desk.session, desk.capacities, code, desk.now), f"bang-theo-doi-{code}.xlsx", XLSX)


@page(router, "/exports/rounds/{code}/scores", ROUND)
def scores(view: View, code: str) -> Response:
    """The sheets of the round's meeting, once they are closed."""
    desk = view.desk
    return attached(scores_book(desk.session, desk.capacities, code, desk.now), f"phieu-diem-{code}.xlsx", XLSX)


@page(router, "/exports/register", OFFICE)
def register(view: View) -> Response:
    """The register of certificates."""
    return attached(
        register_book(view.desk.session, view.desk.capacities, view.desk.now), "so-giay-chung-nhan.xlsx", XLSX
    )


@page(router, "/exports/ptnt-ocop", OFFICE)
def public_tables(view: View) -> Response:
    """PTNT_OCOP and DanhGiaSanPhamOCOP."""
    desk = view.desk
    return attached(public_tables_book(desk.session, desk.capacities, desk.now), "PTNT_OCOP.xlsx", XLSX)


@page(router, "/exports/reports/{year}", STEERERS)
def steering_figures(view: View, year: int) -> Response:
    """The figures of the report page of a year."""
    found = kept_steering(view.desk, year)
    return attached(steering_book(found, view.desk.now), f"so-lieu-dieu-hanh-{year}.xlsx", XLSX)


@page(router, "/exports/open-data", SIGNED_IN)
def open_data(view: View) -> Response:
    """The open data: nothing of persons is in them."""
    return attached(open_data_zip(view.desk.session, view.desk.now), "du-lieu-mo-ocop.zip", ZIP)


def _book(desk: Desk, book: Book, write: Callable[..., object] | None, name: str) -> Response:
    who = desk.acting(book.role)
    if write is None:
        raise NotFoundError(f"«{book.label}» không có mẫu.", field="book", remedy="Chọn thẳng tệp đang có để kiểm tra.")
    return attached(written(lambda path: write(desk.session, path, desk.now, who)), name, XLSX)
