"""Entering the certificates of an old register: each row that is understood, by the same act as `certificate enter`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit
from models.actors import Actor
from models.certificates.codes import WRITTEN, odd_about
from models.certificates.entering import Paper, check_paper, enter_for
from models.clock import vn_date
from models.enums import Level, OrganisationForm, Role
from models.errors import InputError, NotAllowedError, OcopError, Problem
from models.rounds.product_rows import ProductLine, product_row, provisional_maker
from models.tables import Certificate, Place, Product
from models.workbooks.columns import MOST_LETTERS
from models.workbooks.days import NoDayError, day_of
from models.workbooks.ground import Ground
from models.workbooks.old_registers.finding import Line, Table, tables_in
from models.workbooks.old_registers.places import Known
from models.workbooks.old_registers.plain import plain
from models.workbooks.old_registers.report import Fate, RegisterReport, RowReport
from models.workbooks.old_registers.values import (
    CellNotUnderstoodError,
    DecisionWords,
    decision_in,
    form_in,
    level_in,
    set_in,
    stars_in,
)
from models.workbooks.reading import Cell

TITLES = {
    "product": "Sản phẩm",
    "producer": "Chủ thể",
    "commune": "Xã",
    "stars": "Hạng sao",
    "decision": "Quyết định",
    "issued": "Ngày cấp",
    "code": "Mã sản phẩm",
    "criteria_set": "Bộ tiêu chí",
    "form": "Loại chủ thể",
    "level": "Cấp công nhận",
}
CELLS_OF = {"decision_number": "decision", "product_code": "code", "certificate": "issued", "received": "issued"}
"""Fields of the domain's refusals, by the columns that they come from."""

DAY_REMEDY = "Ghi ngày dạng ngày/tháng/năm, ví dụ 05/08/2021."


def import_register(session: Session, path: Path, who: Actor, now: datetime) -> RegisterReport:
    """Enter what is understood of an old register, row by row; the report says what became of each.

    Nothing of a row that is refused is stored. The same file again enters only what was mended.

    Raises:
        NotAllowedError: not a coordinator.
        InputError: the workbook is refused, or has no table of products.
    """
    if who.role is not Role.COORDINATOR:
        raise NotAllowedError(
            "Chỉ cán bộ điều phối được nhập sổ giấy chứng nhận.", field="actor", remedy="Dùng vai trò điều phối."
        )
    tables, without = tables_in(path)
    if not tables:
        raise InputError(
            "không thấy bảng nào có cột tên sản phẩm",
            field=f"Tệp «{path.name}»",
            remedy="Ghi dòng tiêu đề có cột «Tên sản phẩm», «Chủ thể», «Xã», «Số sao», «Số quyết định», «Ngày cấp».",
        )
    report = RegisterReport(ignored=[_ignored(f"Sheet «{name}»", "không có bảng sản phẩm") for name in without])
    known = Known(Ground(session, vn_date(now)))
    for table in tables:
        report.ignored += [_ignored(cell.place, f"cột «{cell.text}» không dùng đến") for cell in table.unknown]
        report.ignored += [_ignored(cell.place, f"bỏ qua dòng «{cell.text}»") for cell in table.ignored]
        report.rows += [_Row(session, known, table, line, who, now).report() for line in table.lines]
    if report.count(Fate.ENTERED):
        facts = {"file": path.name, "rows": len(report.rows), "entered": report.count(Fate.ENTERED)}
        audit.record(session, who, "register.imported", "certificates:all", now, data=facts)
    return report


def _ignored(where: str, what: str) -> Problem:
    return Problem(where, what, "Nếu cần nội dung này, đổi tên cột hoặc ghi vào dòng sản phẩm.")


@dataclass
class _Row:
    session: Session
    known: Known
    table: Table
    line: Line
    who: Actor
    now: datetime

    def __post_init__(self) -> None:
        self.out = RowReport(self.table.sheet, self.line.row)
        self.made: Product | None = None

    def report(self) -> RowReport:
        """Enter the row if all of it is understood."""
        self.out.understood = {TITLES[key]: cell.text for key, cell in self.line.cells.items() if not cell.empty}
        step = self.session.begin_nested()
        try:
            self._enter()
        except OcopError as error:
            for one in error.problems:
                self.wrong(CELLS_OF.get(one.field, one.field), one.problem, one.remedy)
        if self.out.problems:
            step.rollback()
            self.out.fate, self.out.certificate = Fate.REFUSED, None
        else:
            step.commit()
            if self.made is not None:
                self.known.add(self.made)
        return self.out

    def cell(self, key: str) -> Cell | None:
        found = self.line.cells.get(key)
        return None if found is None or found.empty else found

    def text(self, key: str) -> str:
        found = self.cell(key)
        return found.text if found is not None else ""

    def place_of(self, key: str) -> str:
        cell = self.line.cells.get(key) or self.line.cells.get("product")
        return cell.place if cell is not None else f"Sheet «{self.table.sheet}», dòng {self.line.row}"

    def wrong(self, key: str, problem: str, remedy: str) -> None:
        self.out.problems.append(Problem(self.place_of(key), problem, remedy))

    def note(self, key: str, problem: str, remedy: str = "Xem lại; nếu sai thì sửa trong tệp và nhập lại.") -> None:
        self.out.notes.append(Problem(self.place_of(key), problem, remedy))

    def _enter(self) -> None:
        name = self.text("product")
        for key, cell in self.line.cells.items():
            if len(cell.text) > MOST_LETTERS:
                self.wrong(key, f"dài {len(cell.text)} ký tự", f"Ghi ngắn lại, nhiều nhất {MOST_LETTERS} ký tự.")
        if not name:
            self.wrong("product", "để trống tên sản phẩm", "Ghi tên sản phẩm như trên giấy.")
        stars, decision, issued = self._stars(), self._decision(), None
        issued = self._issued(decision)
        if self.out.problems or stars is None or decision is None or issued is None:
            return
        paper = Paper(stars, decision.number, issued, self._level(), self._code())
        check_paper(paper, self.who, self.now)
        product = self._product(name, issued)
        if product is None:
            return
        before = set(self.session.scalars(select(Certificate.id).where(Certificate.product_id == product.id)))
        certificate = enter_for(self.session, product, paper, self.who, self.now)
        self.out.fate = Fate.KNOWN if certificate.id in before else Fate.ENTERED
        self.out.certificate = certificate.code
        if paper.code is not None:
            for odd in odd_about(self.session, paper.code, product, issued):
                self.note("code", odd, "Đối chiếu với giấy.")

    def _stars(self) -> int | None:
        cells = [cell for cell in (self.cell("stars"), *reversed(self.line.section)) if cell is not None]
        for cell in cells:
            try:
                return stars_in(cell)
            except CellNotUnderstoodError as error:
                if cell is self.cell("stars"):
                    self.wrong("stars", str(error), "Ghi 3, 4 hoặc 5.")
                    return None
        self.wrong("stars", "không có hạng sao", "Thêm cột «Số sao», ghi 3, 4 hoặc 5.")
        return None

    def _decision(self) -> DecisionWords | None:
        cell = self.cell("decision")
        if cell is None:
            self.wrong("decision", "không có số quyết định", "Ghi số quyết định công nhận như trên giấy.")
            return None
        try:
            found = decision_in(cell)
        except CellNotUnderstoodError as error:
            self.wrong("decision", str(error), "Ghi dạng 2942/QĐ-UBND.")
            return None
        if found.odd:
            self.note("decision", found.odd)
        return found

    def _issued(self, decision: DecisionWords | None) -> date | None:
        cell, with_number = self.cell("issued"), decision.day if decision is not None else None
        if cell is None:
            if with_number is None:
                self.wrong("issued", "không có ngày cấp", f"Thêm cột «Ngày cấp». {DAY_REMEDY}")
            return with_number
        try:
            found = day_of(cell.value)
        except NoDayError as error:
            if with_number is None:
                self.wrong("issued", str(error), DAY_REMEDY)
            else:
                self.note("issued", f"{error}; dùng ngày ghi ở số quyết định, {with_number:%d/%m/%Y}")
            return with_number
        if with_number is not None and with_number != found:
            self.note("issued", f"khác ngày ghi ở số quyết định ({with_number:%d/%m/%Y}); dùng ngày ở cột này")
        return found

    def _level(self) -> Level | None:
        text = self.text("level")
        found = level_in(text) if text else None
        if text and found is None:
            self.note("level", f"«{text}» không rõ là cấp nào; lấy cấp theo quy định của ngày cấp")
        return found

    def _code(self) -> str | None:
        text = self.text("code")
        if text and not WRITTEN.match(text):
            self.note("code", f"«{text}» không phải mã sản phẩm; không dùng")
            return None
        return text or None

    def _place(self, issued: date) -> Place | None:
        text = self.text("commune")
        if text:
            return self.known.place_in(text, issued)
        found = (self.known.place_in(cell.text, issued) for cell in reversed(self.line.section))
        return next((place for place in found if place is not None), None)

    def _product(self, name: str, issued: date) -> Product | None:
        place = self._place(issued)
        if place is None and self.text("commune"):
            self.wrong("commune", f"không có xã, thị trấn «{self.text('commune')}»", "Sửa theo danh mục địa bàn.")
            return None
        found = self.known.product_called(name, place)
        if len(found) > 1:
            makers = "; ".join(f"{one.producer.name}, {one.place.title}" for one in found)
            self.wrong("product", f"có {len(found)} sản phẩm tên này ({makers})", "Ghi thêm xã của chủ thể.")
            return None
        return self._same(found[0], name) if found else self._new(name, place)

    def _same(self, product: Product, name: str) -> Product | None:
        """The product that is there, unless the file gives it to another producer."""
        if name not in {product.name, *(alias.name for alias in product.aliases)}:
            self.note("product", f"hiểu là «{product.name}» đã có trong phần mềm")
        maker, known = self.text("producer"), product.producer.name
        if not maker or plain(maker) == plain(known):
            return product
        if known == provisional_maker(product.name):
            self.note("producer", f"phần mềm đang ghi chủ thể tạm là «{known}»", "Bổ sung bằng ocop product import.")
            return product
        self.wrong(
            "producer",
            f"«{product.name}» ở {product.place.title} đã có, của «{known}»",
            f"Đúng sản phẩm đó thì sửa chủ thể trong tệp thành «{known}»; là sản phẩm khác thì ghi tên khác.",
        )
        return None

    def _new(self, name: str, place: Place | None) -> Product | None:
        maker = self.text("producer")
        if place is None:
            self.wrong("commune", "sản phẩm chưa có trong phần mềm và không rõ xã", "Thêm cột «Xã».")
        if not maker:
            self.wrong("producer", "sản phẩm chưa có trong phần mềm và không rõ chủ thể", "Thêm cột «Chủ thể».")
        number = self._set()
        if place is None or not maker or number is None:
            return None
        product = product_row(self.session, ProductLine(name, maker, self._form(maker), number), place.id)
        self.made = product
        return product

    def _set(self) -> int | None:
        cell = self.cell("criteria_set")
        try:
            if cell is not None:
                return set_in(cell)
            why = "sản phẩm chưa có trong phần mềm và không rõ bộ tiêu chí"
        except CellNotUnderstoodError as error:
            why = str(error)
        self.wrong("criteria_set", why, "Thêm cột «Bộ tiêu chí», ghi số 1–26 (ocop criteria list).")
        return None

    def _form(self, maker: str) -> OrganisationForm:
        found = form_in(self.text("form")) or form_in(maker)
        if found is None:
            self.note("form", "không rõ loại chủ thể; ghi là hộ sản xuất", "Sửa bằng ocop product import.")
        return found or OrganisationForm.HOUSEHOLD
