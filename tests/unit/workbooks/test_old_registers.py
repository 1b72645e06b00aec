"""Old registers as offices kept them: varying headings, merged cells, dates as text, names in free order."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Role
from models.errors import InputError, NotAllowedError
from models.tables import AuditEntry, Certificate, Product
from models.workbooks.days import NoDayError, day_of
from models.workbooks.old_registers.importing import import_register
from models.workbooks.old_registers.plain import key_of
from models.workbooks.old_registers.report import Fate, RegisterReport
from models.workbooks.old_registers.values import CellNotUnderstoodError, decision_in, set_in, stars_in
from models.workbooks.reading import Cell
from tests.factories import at, coordinator, someone
from tests.unit.workbooks.books import changed, refusals

NOW = at("2024-08-01")
Rows = list[list[Any]]


def saved(tmp_path: Path, rows: Rows, *, merged: tuple[str, ...] = (), name: str = "Sổ cũ") -> Path:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = name
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    path = tmp_path / "so-cu.xlsx"
    book.save(path)
    return path


def imported(session: Session, path: Path) -> RegisterReport:
    return import_register(session, path, coordinator(session), NOW)


def entered(session: Session) -> list[tuple[str, int, str, date]]:
    query = select(Certificate).join(Product).order_by(Certificate.issued_on, Product.name)
    return [(c.product.name, c.stars, c.decision_number, c.issued_on) for c in session.scalars(query)]


ONE_CELL = "QĐ số 1114/QĐ-UBND ngày 6.4.2021"
MESSY: Rows = [
    ["UBND HUYỆN THỌ XUÂN"],
    ["DANH SÁCH SẢN PHẨM OCOP ĐƯỢC CÔNG NHẬN GIAI ĐOẠN 2021 - 2023"],
    [],
    ["TT", "Kết quả xếp hạng", "Tên  sản phẩm", "Chủ thể SXKD", "Địa chỉ", "Quyết định", None, "Mã số", "Bộ SP", "Màu"],
    [None, None, None, None, None, "Số", "Ngày", None, None, None],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)"],
    ["I", "Xã Thọ Diên"],
    [1, "***", "BÁNH GAI LÂM THẮM", None, None, "2942/QĐ-UBND", "05/8/2021", None, None, "x"],
    [],
    [2, "Ba sao", "Bánh  gai Huân Hường", None, "Thôn 1, xã Thọ Diên, huyện Thọ Xuân", None, None],
    ["II", "Các xã khác"],
    [3, "3 sao", "Bột sắn dây Quảng Phú", "HTX Quảng Phú", "xa Quang Phu", ONE_CELL, None, "01/OCOP", 7],
    [4, "4*", "Nem nướng Vinh Lài", "Hộ Vinh Lài", "TT Thọ Xuân", "4711/QĐ-UBND", 45200, "38-395-15499-02-2023", 8],
    [5, "2 sao", "Kẹo lạc", "Hộ A", "Thọ Lâm", "12/QĐ", "tháng 8/2021", None, 7],
    [6, 3, "Rượu mới", None, "xã Không Đâu", "13/QĐ-UBND", "1/1/2022", None, None],
    ["Tổng cộng", 6],
    [None, None, None, None, "NGƯỜI LẬP BIỂU"],
]  # fmt: skip


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    merged = ("A1:E1", "A2:J2", "F4:G4", "A4:A5", "B4:B5", "C4:C5", "D4:D5", "E4:E5", "H4:H5", "F8:F10", "G8:G10")
    return saved(tmp_path, MESSY, merged=merged)


def test_messy_register_is_entered_as_far_as_it_is_understood(session: Session, messy: Path) -> None:
    report = imported(session, messy)

    assert entered(session) == [
        ("Bột sắn dây Quảng Phú", 3, "1114/QĐ-UBND", date(2021, 4, 6)),
        ("Bánh gai Huân Hường", 3, "2942/QĐ-UBND", date(2021, 8, 5)),
        ("Bánh gai Lâm Thẩm", 3, "2942/QĐ-UBND", date(2021, 8, 5)),
        ("Nem nướng Vinh Lài", 4, "4711/QĐ-UBND", date(2023, 10, 1)),
    ]
    assert [(row.row, row.fate) for row in report.rows] == [
        (8, Fate.ENTERED),
        (10, Fate.ENTERED),
        (12, Fate.ENTERED),
        (13, Fate.ENTERED),
        (14, Fate.REFUSED),
        (15, Fate.REFUSED),
    ]
    assert [(p.field, p.problem) for p in report.problems] == [
        ("Sheet «Sổ cũ», ô B14", "«2 sao» không phải hạng 3, 4 hoặc 5 sao"),
        ("Sheet «Sổ cũ», ô G14", "«tháng 8/2021» thiếu ngày, chỉ có tháng hoặc năm"),
        ("Sheet «Sổ cũ», ô E15", "không có xã, thị trấn «xã Không Đâu»"),
    ]
    assert [(p.field, p.problem) for p in report.notes] == [
        ("Sheet «Sổ cũ», ô C8", "hiểu là «Bánh gai Lâm Thẩm» đã có trong phần mềm"),
    ]
    assert [p.field for p in report.ignored] == [
        "Sheet «Sổ cũ», ô J4",
        "Sheet «Sổ cũ», ô A16",
        "Sheet «Sổ cũ», ô E17",
    ]
    assert [c.code for c in session.scalars(select(Certificate)) if c.product.name.startswith(("Bột", "Nem"))] == [
        "01/OCOP",
        "38-395-15499-02-2023",
    ]


def test_same_register_again_changes_nothing_and_enters_what_was_mended(
    session: Session, messy: Path, tmp_path: Path
) -> None:
    imported(session, messy)
    before = len(session.scalars(select(AuditEntry)).all())

    again = imported(session, messy)

    assert (again.count(Fate.KNOWN), again.count(Fate.ENTERED), len(entered(session))) == (4, 0, 4)
    assert len(session.scalars(select(AuditEntry)).all()) == before
    mended = [*MESSY[:13], [5, "3 sao", "Kẹo lạc", "Hộ A", "Thọ Lâm", "12/QĐ-UBND", "3/8/2021", None, 7]]
    report = imported(session, saved(tmp_path, mended, merged=("F4:G4", "F8:F10", "G8:G10")))
    assert (report.count(Fate.KNOWN), report.count(Fate.ENTERED)) == (4, 1)


HEAD = ["Sản phẩm", "Chủ thể", "Xã", "Sao", "Số QĐ", "Ngày cấp", "Bộ tiêu chí"]
GOOD: list[Any] = ["Chè lam", "HTX Chè lam", "xã Thọ Diên", 3, "5/QĐ-UBND", date(2022, 5, 6), 6]
NOT_YET = "Giấy chứng nhận cũ phải có số quyết định, hạng 3–5 sao và ngày cấp không sau hôm nay."
ROW_FAULTS: list[tuple[str, dict[int, Any], list[tuple[str, str]]]] = [
    ("no name", {0: None}, [("A2", "để trống tên sản phẩm")]),
    ("no decision", {4: None}, [("E2", "không có số quyết định")]),
    ("decision without number", {4: "Có"}, [("E2", "«Có» không có số quyết định")]),
    ("no day", {5: None}, [("F2", "không có ngày cấp")]),
    ("day to come", {5: "1/9/2024"}, [("F2", NOT_YET)]),
    ("before the programme", {5: "1/9/2017"}, [("F2", "Ngày 01/09/2017 trước khi có bộ tiêu chí OCOP đầu tiên")]),
    ("no producer of a new product", {1: None}, [("B2", "sản phẩm chưa có trong phần mềm và không rõ chủ thể")]),
    ("no set of a new product", {6: None}, [("G2", "sản phẩm chưa có trong phần mềm và không rõ bộ tiêu chí")]),
    ("unknown set", {6: "Nhóm X"}, [("G2", "«Nhóm X» chưa rõ là bộ tiêu chí nào")]),
    ("a known product of another", {0: "Bưởi Luận Văn", 1: "Hộ B", 2: "Thọ Xương"},
     [("B2", "«Bưởi Luận Văn» ở xã Thọ Xương đã có, của «HTX bưởi Luận Văn»")]),
]  # fmt: skip


@pytest.mark.parametrize(("values", "expected"), [f[1:] for f in ROW_FAULTS], ids=[f[0] for f in ROW_FAULTS])
def test_row_that_is_not_understood_is_told_by_cell(
    session: Session, tmp_path: Path, values: dict[int, Any], expected: list[tuple[str, str]]
) -> None:
    row = [values.get(at, value) for at, value in enumerate(GOOD)]

    report = imported(session, saved(tmp_path, [HEAD, [*row, "x"]]))

    assert [(p.field.removeprefix("Sheet «Sổ cũ», ô "), p.problem) for p in report.problems] == expected
    assert all(p.remedy for p in report.problems)
    assert entered(session) == []


def test_second_paper_of_one_row_is_refused_and_its_product_is_not_kept(session: Session, tmp_path: Path) -> None:
    twin = [*GOOD[:4], "6/QĐ-UBND", *GOOD[5:]]

    report = imported(session, saved(tmp_path, [HEAD, GOOD, twin]))

    assert [row.fate for row in report.rows] == [Fate.ENTERED, Fate.REFUSED]
    assert report.problems[0].field == "Sheet «Sổ cũ», ô E3"
    assert report.problems[0].problem.startswith("«Chè lam» đã có giấy 3 sao cấp ngày 06/05/2022")


def test_merged_area_of_a_whole_sheet_costs_nothing(session: Session, tmp_path: Path) -> None:
    path = saved(tmp_path, [HEAD, GOOD], merged=("J3:K4",))
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert parts[sheet].count(b"J3:K4") == 1
    parts[sheet] = parts[sheet].replace(b"J3:K4", b"A3:XFD1048576")
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)

    assert [row.fate for row in imported(session, path).rows] == [Fate.ENTERED]


def test_hidden_sheet_is_not_read(session: Session, tmp_path: Path) -> None:
    path = saved(tmp_path, [HEAD, GOOD])

    def hide(book: Workbook) -> None:
        book.create_sheet("Khác")
        book["Sổ cũ"].sheet_state = "hidden"
        book.active = 1

    assert refusals(lambda: imported(session, changed(path, hide)))[0][1] == "không thấy bảng nào có cột tên sản phẩm"


def test_register_without_a_table_is_refused(session: Session, tmp_path: Path) -> None:
    path = saved(tmp_path, [["Một bảng khác"], ["Họ tên", "Lương"], ["A", 5]])

    assert refusals(lambda: imported(session, path))[0][:2] == (
        "Tệp «so-cu.xlsx»",
        "không thấy bảng nào có cột tên sản phẩm",
    )


def test_register_is_imported_by_a_coordinator(session: Session, tmp_path: Path) -> None:
    with pytest.raises(NotAllowedError):
        import_register(session, saved(tmp_path, [HEAD, GOOD]), someone(session, "lanh-dao", Role.LEADER), NOW)


def test_producer_is_made_with_the_form_that_its_name_tells(session: Session, tmp_path: Path) -> None:
    imported(session, saved(tmp_path, [HEAD, GOOD, ["Chè kho", "Công ty TNHH B", *GOOD[2:]]]))

    forms = {p.name: p.producer.form.value for p in session.scalars(select(Product)) if p.name.startswith("Chè")}
    assert forms == {"Chè lam": "cooperative", "Chè kho": "enterprise"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (datetime(2021, 8, 5, 7, 30), "2021-08-05"),
        (date(2021, 8, 5), "2021-08-05"),
        (44413, "2021-08-05"),
        (44413.5, "2021-08-05"),
        ("44413", "2021-08-05"),
        ("05/08/2021", "2021-08-05"),
        ("5/8/21", "2021-08-05"),
        ("5-8-2021", "2021-08-05"),
        ("5.8.2021", "2021-08-05"),
        ("05 / 08 / 2021", "2021-08-05"),
        ("ngày 05 tháng 8 năm 2021", "2021-08-05"),
        ("Ngày 5 tháng 08 năm 2021", "2021-08-05"),
        ("Thọ Xuân, ngày 5 tháng 8 năm 2021", "2021-08-05"),
        ("5 tháng 8, 2021", "2021-08-05"),
        ("5/8 năm 2021", "2021-08-05"),
        ("2021-08-05", "2021-08-05"),
        ("2021-08-05 00:00:00", "2021-08-05"),
        ("QĐ 2942/QĐ-UBND ngày 05/8/2021", "2021-08-05"),
        ("05/8/2021 (lần 1)", "2021-08-05"),
    ],
)
def test_days_in_many_forms(written: object, meant: str) -> None:
    assert day_of(written) == date.fromisoformat(meant)


@pytest.mark.parametrize(
    "written", ["tháng 8/2021", "2021", 2021, "08/25/2021", "30/02/2021", "5/8/2021 và 6/8/2021", "", True]
)
def test_what_is_no_day_is_not_guessed(written: object) -> None:
    with pytest.raises(NoDayError):
        day_of(written)


def cell(value: object) -> Cell:
    return Cell("S", 1, 1, value)


@pytest.mark.parametrize(
    ("written", "stars"),
    [(3, 3), ("3 sao", 3), ("***", 3), ("★★★★", 4), ("Ba sao", 3), ("bốn sao", 4), ("Năm sao", 5), ("OCOP 4 sao", 4),
     ("Hạng 3", 3), ("4*", 4), (3.0, 3), ("Đạt 3 sao", 3), ("năm", 5)],
)  # fmt: skip
def test_stars_in_many_forms(written: object, stars: int) -> None:
    assert stars_in(cell(written)) == stars


@pytest.mark.parametrize("written", ["Đạt", "2 sao", "6", "3 hoặc 4 sao", "**", "9" * 5000, float("inf")])
def test_what_is_no_star_is_not_guessed(written: object) -> None:
    with pytest.raises(CellNotUnderstoodError):
        stars_in(cell(written))


@pytest.mark.parametrize(
    ("written", "number"),
    [("2942/QĐ-UBND", "2942/QĐ-UBND"), ("Số 2942/QĐ-UBND", "2942/QĐ-UBND"), ("2942 /QĐ-UBND", "2942/QĐ-UBND"),
     ("QĐ số 2942/QĐ-UBND ngày 05/8/2021", "2942/QĐ-UBND"), ("2942/QĐ-UBND, 5/8/2021", "2942/QĐ-UBND"), (2942, "2942"),
     ("Quyết định số 2942", "2942")],
)  # fmt: skip
def test_decisions_in_many_forms(written: object, number: str) -> None:
    assert decision_in(cell(written)).number == number


@pytest.mark.parametrize(("written", "number"), [(6, 6), ("6. Chế biến", 6), ("Bộ số 26", 26)])
def test_sets_by_number(written: object, number: int) -> None:
    assert set_in(cell(written)) == number


@pytest.mark.parametrize(
    ("heading", "key"),
    [("TÊN SẢN PHẨM (OCOP)", "product"), ("Sản  phẩm", "product"), ("Tên chủ thể/ Cơ sở SX", "producer"),
     ("Địa chỉ (xã, thị trấn)", "commune"), ("Số sao đạt được", "stars"), ("QĐ công nhận", "decision"),
     ("Số, ngày quyết định", "decision"), ("Ngày Quyết định", "issued"), ("Mã sản phẩm", "code"), ("Số TT", "skip"),
     ("Bộ tiêu chí áp dụng", "criteria_set"), ("Màu sắc", None), ("Mã số sản phẩm", "code")],
)  # fmt: skip
def test_headings_in_many_words(heading: str, key: str | None) -> None:
    assert key_of(heading) == key


TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=30)
KNOWN = st.sampled_from(
    [*HEAD, *(str(value) for value in GOOD), "3 sao", "I. Xã Thọ Diên", "Tổng cộng", "5/2021", "=1+1"]
)
DAYS = st.dates(date(1900, 3, 1), date(2100, 1, 1))
CELLS = st.one_of(
    st.none(), KNOWN, TEXTS, st.integers(-(10**9), 10**9), st.floats(allow_nan=False), DAYS, st.booleans()
)
GRIDS = st.lists(st.lists(CELLS, min_size=1, max_size=9), max_size=12)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    above=GRIDS,
    below=GRIDS,
    merged=st.lists(st.sampled_from(["A1:B2", "C3:C6", "D2:F2", "A5:A9"]), max_size=2, unique=True),
)
def test_whatever_a_register_holds_it_is_reported_and_never_crashes(
    session: Session, tmp_path: Path, above: Rows, below: Rows, merged: list[str]
) -> None:
    path = saved(tmp_path, [*above, HEAD, *below], merged=tuple(merged))
    step, why = session.begin_nested(), ""

    try:
        report = imported(session, path)
        assert all(row.certificate for row in report.rows if row.fate is not Fate.REFUSED)
        assert all(row.problems for row in report.rows if row.fate is Fate.REFUSED)
    except InputError as refused:
        why = refused.problems[0].problem
    finally:
        step.rollback()

    assert why in {"", "không thấy bảng nào có cột tên sản phẩm"}
