"""The yearly plan as a workbook: the same model as from YAML, round trip, every fault by its cell."""

from __future__ import annotations

import shutil
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import OcopError, Problem
from models.rounds.plan_form import PlanFile
from models.rounds.plan_import import read_plan
from models.tables import AuditEntry, CyclePlan
from models.workbooks.plan_importing import import_plan_book
from models.workbooks.plan_reading import read_plan_book
from models.workbooks.plan_writing import plan_of, write_plan_book
from models.workbooks.reading import read_workbook
from tests.conftest import DEMO
from tests.factories import HANDED_IN, coordinator, open_round
from tests.unit.workbooks.books import Change, changed, contents, put, refusals, sheet_of

PLAN = DEMO / "plan-2024.yaml"
TODAY = date(2024, 7, 8)


@pytest.fixture
def written() -> PlanFile:
    """The plan of 2024 without what its workbook has no place for."""
    return read_plan(PLAN).model_copy(update={"known_results": []})


@pytest.fixture
def book(session: Session, tmp_path: Path, written: PlanFile) -> Path:
    """The plan of 2024 as a workbook."""
    path = tmp_path / "kế hoạch.xlsx"
    write_plan_book(session, path, HANDED_IN, TODAY, written)
    return path


def test_workbook_gives_the_same_plan_as_yaml(book: Path, written: PlanFile) -> None:
    assert read_plan_book(book).plan == written


def test_export_and_import_change_nothing(session: Session, tmp_path: Path) -> None:
    before, path = contents(session), tmp_path / "xuat.xlsx"
    plan = plan_of(session, session.scalars(select(CyclePlan)).one())
    write_plan_book(session, path, HANDED_IN, TODAY, plan)

    import_plan_book(session, path, coordinator(session), HANDED_IN)

    assert len(before["planned_products"]) == 14
    assert contents(session) == before
    assert session.scalars(select(AuditEntry.act)).all().count("plan.imported") == 1


def test_plan_that_changes_one_round_is_noted(session: Session, book: Path) -> None:
    changed(book, put(ROUNDS, "D7", "12/09/2024"))

    import_plan_book(session, book, coordinator(session), HANDED_IN)

    assert session.scalars(select(AuditEntry.act)).all().count("plan.imported") == 2
    assert session.scalars(select(CyclePlan.imported_at)).one() == HANDED_IN


def test_template_has_drop_downs_checks_and_a_guide(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "mau.xlsx"
    write_plan_book(session, path, HANDED_IN, TODAY)

    found = load_workbook(path)
    assert found.sheetnames == [
        "Hướng dẫn", "Kế hoạch", "Căn cứ", "Đợt", "Sản phẩm", "Giấy đến hạn", "Phân công", "Danh mục",
    ]  # fmt: skip
    sheet = sheet_of(found, "Sản phẩm")
    lists = [check for check in sheet.data_validations.dataValidation if check.type == "list"]
    assert sorted(str(check.sqref).rstrip("0123456789").split(":")[0] for check in lists) == [
        "E5", "F5", "G5", "H5", "I5", "J5", "K5",
    ]  # fmt: skip
    communes = next(check for check in lists if str(check.sqref).startswith("F5"))
    first, last = str(communes.formula1).removeprefix("'Danh mục'!").replace("$", "").split(":")
    offered = [row[0].value for row in sheet_of(found, "Danh mục")[first:last]]
    assert (len(offered), "xã Thọ Diên" in offered) == (30, True)
    assert (sheet.freeze_panes, sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == (
        "B5",
        "landscape",
        "9",
    )


def rename(sheet: str) -> Change:
    def change(book: Workbook) -> None:
        book[sheet].title = "Khác"

    return change


def empty_from(sheet: str, row: int) -> Change:
    def change(book: Workbook) -> None:
        sheet_of(book, sheet).delete_rows(row, 100)

    return change


def copy_row(sheet: str, row: int, to: int) -> Change:
    def change(book: Workbook) -> None:
        page = sheet_of(book, sheet)
        for column, (value,) in enumerate(page.iter_cols(min_row=row, max_row=row, values_only=True), start=1):
            page.cell(to, column).value = value

    return change


PRODUCTS, ROUNDS, FACTS = "Sản phẩm", "Đợt", "Kế hoạch"
FAULTS: list[tuple[str, Change, tuple[str, str]]] = [
    ("empty name", put(PRODUCTS, "B6", None), ("Sheet «Sản phẩm», ô B6", "để trống «Tên sản phẩm»")),
    ("unknown kind", put(PRODUCTS, "G5", "lần hai"), ("Sheet «Sản phẩm», ô G5", "«lần hai» không có trong danh sách")),
    ("six stars", put(PRODUCTS, "I5", "6 sao"), ("Sheet «Sản phẩm», ô I5", "«6 sao» không có trong danh sách")),
    ("set 27", put(PRODUCTS, "J5", 27), ("Sheet «Sản phẩm», ô J5", "«27» không có trong danh sách")),
    (
        "commune not there",
        put(PRODUCTS, "F7", "xã Không Đâu"),
        ("Sheet «Sản phẩm», ô F7", "không có xã, thị trấn «xã Không Đâu» vào thời điểm của đợt"),
    ),
    ("round not there", put(PRODUCTS, "A5", 9), ("Sheet «Sản phẩm», ô A5", "không có đợt 9 ở sheet «Đợt»")),
    ("round is a word", put(PRODUCTS, "A5", "một"), ("Sheet «Sản phẩm», ô A5", "«một» không phải số nguyên")),
    ("half a round", put(PRODUCTS, "A5", 1.5), ("Sheet «Sản phẩm», ô A5", "«1.5» không phải số nguyên")),
    (
        "product twice",
        copy_row(PRODUCTS, 5, 19),
        ("Sheet «Sản phẩm», ô B19", "sản phẩm ghi hai lần trong một đợt: Rượu Hoàng Anh"),
    ),
    (
        "upgrade to fewer stars",
        put(PRODUCTS, "H15", "5 sao"),
        ("Sheet «Sản phẩm», ô H15", "nâng hạng phải từ số sao thấp hơn số sao đăng ký"),
    ),
    (
        "day that is none",
        put(ROUNDS, "C5", "31/02/2024"),
        ("Sheet «Đợt», ô C5", "«31/02/2024»: không có ngày này trong lịch"),
    ),
    (
        "only a month",
        put(ROUNDS, "C5", "tháng 2/2024"),
        ("Sheet «Đợt», ô C5", "«tháng 2/2024» thiếu ngày, chỉ có tháng hoặc năm"),
    ),
    (
        "month before day",
        put(ROUNDS, "D5", "03/29/2024"),
        ("Sheet «Đợt», ô D5", "«03/29/2024»: có lẽ ghi tháng trước ngày"),
    ),
    (
        "council before the list closes",
        put(ROUNDS, "E5", date(2024, 3, 1)),
        ("Sheet «Đợt», ô E5", "ngày 01/03/2024 trước ngày hết hạn nhận hồ sơ (29/03/2024)"),
    ),
    (
        "round twice",
        copy_row(ROUNDS, 5, 8),
        ("Sheet «Đợt», ô A8", "đợt 1 đã ghi ở Sheet «Đợt», ô A5"),
    ),
    ("fifth quarter", put(ROUNDS, "B5", "1, 5"), ("Sheet «Đợt», ô B5", "«1, 5» không phải các quý")),
    ("year without digits", put(FACTS, "B5", "năm nay"), ("Sheet «Kế hoạch», ô B5", "«năm nay» không phải số nguyên")),
    ("year of long ago", put(FACTS, "B5", 1999), ("Sheet «Kế hoạch», ô B5", "1999 ngoài khoảng 2019–2100")),
    (
        "unknown office",
        put(FACTS, "B6", "Văn phòng X"),
        ("Sheet «Kế hoạch», ô B6", "Chưa khai báo văn phòng «Văn phòng X»."),
    ),
    ("unknown regime", put(FACTS, "B8", "QĐ 999"), ("Sheet «Kế hoạch», ô B8", "«QĐ 999» không có trong danh sách")),
    ("formula never computed", put(PRODUCTS, "B5", "=A1"), ("Sheet «Sản phẩm», ô B5", "công thức chưa có kết quả")),
    ("formula that failed", put(PRODUCTS, "B5", "#REF!"), ("Sheet «Sản phẩm», ô B5", "công thức báo lỗi #REF!")),
    ("unknown column", put(PRODUCTS, "L4", "Ghi chú"), ("Sheet «Sản phẩm», ô L4", "không có cột «Ghi chú» trong mẫu")),
    ("column twice", put(PRODUCTS, "L4", "Chủ thể"), ("Sheet «Sản phẩm», ô L4", "cột «Chủ thể» có hai lần")),
    ("column taken away", put(PRODUCTS, "B4", None), ("Sheet «Sản phẩm», dòng 4", "thiếu cột «Tên sản phẩm»")),
    ("outside the table", put(PRODUCTS, "N6", "x"), ("Sheet «Sản phẩm», ô N6", "nằm ngoài các cột của bảng")),
    ("line taken away", put(FACTS, "A5", None), ("Sheet «Kế hoạch»", "thiếu dòng «Năm»")),
    ("sheet taken away", rename(ROUNDS), ("Tệp «kế hoạch.xlsx»", "thiếu sheet «Đợt»")),
    ("heading taken away", empty_from(PRODUCTS, 4), ("Sheet «Sản phẩm»", "không thấy dòng tiêu đề")),
]


@pytest.mark.parametrize(("change", "expected"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_wrong_workbook_is_refused_by_cell(
    session: Session, book: Path, change: Change, expected: tuple[str, str]
) -> None:
    before = contents(session)
    step = session.begin_nested()

    found = refusals(lambda: import_plan_book(session, changed(book, change), coordinator(session), HANDED_IN))

    step.rollback()
    assert expected in [(cell, problem) for cell, problem, _ in found]
    assert all(remedy for *_, remedy in found)
    assert contents(session) == before


def test_all_faults_are_named_at_once(session: Session, book: Path) -> None:
    for change in (put(PRODUCTS, "B6", None), put(PRODUCTS, "G5", "x"), put(ROUNDS, "B5", "7")):
        changed(book, change)

    found = refusals(lambda: read_plan_book(book))

    assert [cell for cell, *_ in found] == ["Sheet «Đợt», ô B5", "Sheet «Sản phẩm», ô G5", "Sheet «Sản phẩm», ô B6"]


def test_round_that_is_open_keeps_its_days_and_the_cell_is_named(session: Session, book: Path) -> None:
    open_round(session)
    changed(book, put(ROUNDS, "E6", date(2024, 9, 19)))

    ((cell, problem, _),) = refusals(lambda: import_plan_book(session, book, coordinator(session), HANDED_IN))

    assert cell == "Sheet «Đợt», ô A6"
    assert "ngày họp hội đồng: 12/09/2024 → 19/09/2024" in problem


def test_value_that_excel_left_counts_and_no_formula_is_evaluated(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Số")
        sheet.write_formula("A1", "=1+1", None, 3)
        sheet.write_formula("B1", "=1+1", None, "")

    (line,) = read_workbook(path).sheets["Số"]

    assert [(cell.value, cell.formula, cell.empty) for cell in line] == [(3, True, False), (None, True, True)]


VALUES = st.one_of(
    st.none(),
    st.integers(-(10**9), 10**9),
    st.floats(),
    st.dates(date(1900, 3, 1), date(2100, 1, 1)),
    st.sampled_from(["²", "3 sao", "Đợt", "Tên sản phẩm", "1, 2", "=1+1", "#N/A", "9" * 400, "Tập huấn: x"]),
)
PLACES = st.tuples(
    st.sampled_from([FACTS, "Căn cứ", ROUNDS, PRODUCTS, "Phân công"]), st.integers(1, 9), st.integers(4, 22)
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(PLACES, VALUES), min_size=1, max_size=3))
def test_whatever_a_cell_holds_it_is_taken_or_refused_by_place(
    session: Session, book: Path, changes: list[tuple[tuple[str, int, int], object]]
) -> None:
    path = book.with_name("khac.xlsx")
    shutil.copy(book, path)
    for (sheet, column, row), value in changes:
        changed(path, put(sheet, f"{get_column_letter(column)}{row}", value))
    step, problems = session.begin_nested(), list[Problem]()

    try:
        import_plan_book(session, path, coordinator(session), HANDED_IN)
    except OcopError as refused:
        problems = refused.problems
    finally:
        step.rollback()

    assert all(p.field.startswith(("Sheet «", "Tệp «")) and p.problem and p.remedy for p in problems)


class TestGuard:
    """What is no plain workbook is refused before it is unpacked."""

    def refused(self, path: Path) -> str:
        ((file, problem, remedy),) = refusals(lambda: read_plan_book(path))
        assert (file, bool(remedy)) == (f"Tệp «{path.name}»", True)
        return problem

    def test_macros(self, book: Path) -> None:
        with zipfile.ZipFile(book, "a") as parts:
            parts.writestr("xl/vbaProject.bin", b"x")
        assert self.refused(book) == "tệp có macro"

    def test_macro_ending(self, book: Path) -> None:
        path = book.with_suffix(".xlsm")
        shutil.copy(book, path)
        assert self.refused(path) == "tệp có macro"

    def test_old_format_or_password(self, tmp_path: Path) -> None:
        path = tmp_path / "cu.xls"
        path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
        assert self.refused(path) == "tệp kiểu Excel 97–2003 hoặc có mật khẩu"

    def test_no_workbook(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        path.write_text("năm: 2024", encoding="utf-8")
        assert self.refused(path) == "không phải tệp Excel (.xlsx)"

    def test_other_zip(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        with zipfile.ZipFile(path, "w") as parts:
            parts.writestr("word/document.xml", "<x/>")
        assert self.refused(path) == "không phải tệp Excel (.xlsx)"

    def test_bomb(self, book: Path) -> None:
        with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as parts:
            parts.writestr("xl/worksheets/sheet99.xml", b"0" * (61 * 1024 * 1024))
        assert book.stat().st_size < 1024 * 1024
        assert self.refused(book) == "tệp nén chứa quá nhiều dữ liệu, không an toàn để mở"

    def test_too_large(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        with path.open("wb") as file:
            file.truncate(11 * 1024 * 1024)
        assert self.refused(path) == "tệp lớn hơn 10 MB"

    def test_damaged(self, book: Path) -> None:
        with zipfile.ZipFile(book) as old:
            parts = {name: old.read(name) for name in old.namelist()}
        parts["xl/workbook.xml"] = b"<workbook"
        with zipfile.ZipFile(book, "w") as new:
            for name, data in parts.items():
                new.writestr(name, data)
        assert self.refused(book).startswith("tệp hỏng, không đọc được")

    def test_too_many_rows(self, book: Path) -> None:
        changed(book, put("Phân công", "A5500", "x"))
        found = refusals(lambda: read_plan_book(book))
        assert found == [
            ("Sheet «Phân công»", "nhiều hơn 5000 dòng", "Chia thành nhiều tệp; xóa các dòng thừa ở cuối.")
        ]
