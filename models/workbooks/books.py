"""The workbooks that come in and go out, each with what writes and what reads it; trying one out changes nothing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from models.actors import Actor
from models.clock import vn_date
from models.enums import Role
from models.errors import InputError, NotFoundError, Problem
from models.files.kinds import FileKind
from models.files.store import path_of
from models.rounds.listing import plan_row
from models.settings import Settings
from models.tables import Office, StoredFile
from models.workbooks.old_registers.importing import import_register
from models.workbooks.old_registers.report import Fate
from models.workbooks.person_book import import_people, write_person_book
from models.workbooks.plan_importing import import_plan_book
from models.workbooks.plan_writing import plan_of, write_plan_book
from models.workbooks.product_book import import_products, write_product_book

Write = Callable[[Session, Path, datetime, Actor], object]
TEMPORARY = "tep.xlsx"


@dataclass(frozen=True)
class BookRow:
    """One row of an old register: where it is, what was understood, what becomes of it."""

    sheet: str
    row: int
    product: str
    certificate: str
    fate: str


@dataclass(frozen=True)
class BookReport:
    """What a workbook holds, in words; `problems` stand in the way (nothing, or these rows, are not stored)."""

    words: str
    ready: bool = True
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    ignored: list[Problem] = field(default_factory=list)
    rows: list[BookRow] = field(default_factory=list)


@dataclass(frozen=True)
class Book:
    """One kind of workbook: who brings it, its template, what is there now in the same form, and how it is stored."""

    code: str
    label: str
    explanation: str
    role: Role
    store: Callable[[Session, Path, Actor, datetime], BookReport]
    template: Write | None = None
    current: Write | None = None


def _plan(session: Session, path: Path, who: Actor, now: datetime) -> BookReport:
    plan, row = import_plan_book(session, path, who, now)
    same = "" if row.imported_at == now else ", giữ nguyên như đã có"
    rounds = "; ".join(f"đợt {one.round}: {len(one.products)} sản phẩm" for one in plan.rounds)
    return BookReport(f"kế hoạch năm {plan.year}, {len(plan.rounds)} đợt ({rounds}){same}")


def _products(session: Session, path: Path, who: Actor, now: datetime) -> BookReport:
    return BookReport(f"sản phẩm, chủ thể: {import_products(session, path, who, now).words}")


def _people(session: Session, path: Path, who: Actor, now: datetime) -> BookReport:
    return BookReport(f"người dùng, vai trò: {import_people(session, path, who, now).words}")


def _register(session: Session, path: Path, who: Actor, now: datetime) -> BookReport:
    found = import_register(session, path, who, now)
    rows = [
        BookRow(row.sheet, row.row, row.understood.get("Sản phẩm", ""), row.certificate or "", row.fate.label)
        for row in found.rows
    ]
    ready = found.count(Fate.ENTERED) > 0
    return BookReport(found.words, ready, found.problems, found.notes, found.ignored, rows)


def _current_products(session: Session, path: Path, now: datetime, who: Actor) -> None:
    write_product_book(session, path, now, vn_date(now), filled=True, office_id=who.office_id)


def _current_plan(session: Session, path: Path, now: datetime, who: Actor) -> None:
    office = session.get(Office, who.office_id) if who.office_id is not None else None
    plan = plan_of(session, plan_row(session, None, office.code if office else None))
    write_plan_book(session, path, now, vn_date(now), plan)


BOOKS: dict[str, Book] = {
    book.code: book
    for book in (
        Book(
            "plan",
            "Kế hoạch năm",
            "Các đợt, sản phẩm dự kiến, chỉ tiêu, tập huấn.",
            Role.COORDINATOR,
            _plan,
            lambda session, path, now, _who: write_plan_book(session, path, now, vn_date(now)),
            _current_plan,
        ),
        Book(
            "products",
            "Danh mục sản phẩm, chủ thể",
            "Sản phẩm và chủ thể của địa bàn.",
            Role.COORDINATOR,
            _products,
            lambda session, path, now, _who: write_product_book(session, path, now, vn_date(now)),
            _current_products,
        ),
        Book(
            "people",
            "Người dùng, vai trò",
            "Người của các đơn vị, chủ thể và vai trò của họ.",
            Role.ADMINISTRATOR,
            _people,
            lambda session, path, now, _who: write_person_book(session, path, now),
            lambda session, path, now, _who: write_person_book(session, path, now, filled=True),
        ),
        Book(
            "register",
            "Sổ giấy chứng nhận cũ",
            "Sổ văn phòng giữ trước khi dùng phần mềm, không cần theo mẫu: dòng hiểu được thì ghi, còn lại nêu từng ô.",
            Role.COORDINATOR,
            _register,
        ),
    )
}


def book_named(code: str) -> Book:
    """The kind of workbook of this name.

    Raises:
        NotFoundError: there is none.
    """
    if code not in BOOKS:
        raise NotFoundError("Không có loại tệp Excel này.", field="book", remedy=f"Các loại: {', '.join(BOOKS)}.")
    return BOOKS[code]


def store_book(
    session: Session, book: Book, file: StoredFile, who: Actor, now: datetime, found: Settings
) -> BookReport:
    """Store what an uploaded workbook holds: all of it or, of an old register, the rows that were understood.

    Raises:
        InputError: no workbook, or with every cell that is wrong.
    """
    if file.media_type is not FileKind.XLSX:
        raise InputError(
            f"«{file.first_name}» không phải tệp Excel (.xlsx)", field="file_sha256", remedy="Chọn tệp Excel .xlsx."
        )
    with tempfile.TemporaryDirectory(prefix="ocop-excel-") as folder:
        path = Path(folder) / TEMPORARY  # messages and readers go by the ending, which the store leaves off
        shutil.copyfile(path_of(found.files_dir, file.sha256), path)
        return book.store(session, path, who, now)


def try_book(session: Session, book: Book, file: StoredFile, who: Actor, now: datetime, found: Settings) -> BookReport:
    """The same with nothing stored; cells that are wrong are in the report."""
    step = session.begin_nested()
    try:
        return store_book(session, book, file, who, now, found)
    except InputError as error:
        return BookReport("chưa nhập được", ready=False, problems=error.problems)
    finally:
        step.rollback()


def written(write: Callable[[Path], object]) -> bytes:
    """What a writer of workbooks puts into a file."""
    with tempfile.TemporaryDirectory(prefix="ocop-excel-") as folder:
        path = Path(folder) / TEMPORARY
        write(path)
        return path.read_bytes()
