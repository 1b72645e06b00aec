"""What leaves: board, register, scores with live formulas, public tables, open data."""

from __future__ import annotations

import csv
import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import SYSTEM, Actor
from models.certificates.entering import Paper, enter_certificate
from models.certificates.listing import register
from models.errors import WrongMomentError
from models.offices.migration import migrate
from models.reports.seeing import steering
from models.rounds.board import board
from models.tables import Capacity, Certificate, CouncilSession
from models.workbooks.exports.certificates import Seen
from models.workbooks.exports.lists import (
    EVALUATIONS,
    PTNT,
    export_board,
    export_public_tables,
    export_register,
    public_rows,
)
from models.workbooks.exports.open_data import FIELDS, NAME, export_open_data, open_data_rows
from models.workbooks.exports.scores import export_scores
from models.workbooks.exports.sheet_names import sheet_names
from models.workbooks.exports.steering import export_steering
from models.workbooks.product_book import write_product_book
from tests.factories import (
    CAKE,
    HELD,
    LONGAN,
    MEMBERS,
    SECOND_SCORING,
    SIGNED,
    at,
    close_meeting,
    concluded,
    coordinator,
    decided,
    office_elsewhere,
    recuse,
    score,
    session_with,
    sheet_of,
)
from tests.unit.workbooks.books import sheet_of as page_of

ON = date(2024, 12, 1)
Table = list[dict[str, Any]]


def table(path: Path, name: str) -> Table:
    """The rows below the headings of a sheet, by heading, with the values that Excel would show at first."""
    rows = list(load_workbook(path, data_only=True)[name].iter_rows(min_row=4, values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def test_board_is_the_board(session: Session, tmp_path: Path) -> None:
    meeting = concluded(session, 60)
    path = tmp_path / "bang.xlsx"

    count = export_board(session, meeting.round, path, HELD)

    expected = board(session, meeting.round, HELD.date())
    rows = table(path, "Bảng theo dõi")
    assert (count, len(rows)) == (len(expected.rows), len(expected.rows))
    assert [row["Sản phẩm"] for row in rows] == [row.product for row in expected.rows]
    assert [row["Đang chờ"] for row in rows] == [row.waiting_for for row in expected.rows]
    days = [row["Hạn"].date() if row["Hạn"] else None for row in rows]
    assert days == [row.due_on for row in expected.rows]


def test_register_is_the_register(session: Session, tmp_path: Path) -> None:
    decided(session, 60)
    path = tmp_path / "so.xlsx"

    count = export_register(session, path, SIGNED, ON)

    (expected,) = register(session, ON)
    (row,) = table(path, "Sổ giấy chứng nhận")
    assert count == 1
    assert (row["Mã"], row["Sản phẩm"], row["Hạng sao"]) == (expected.code, CAKE, 3)
    assert row["Hiệu lực đến"].date() == expected.valid_until
    sheet = page_of(load_workbook(path), "Sổ giấy chứng nhận")
    assert (sheet.freeze_panes, sheet.page_setup.orientation, sheet.print_title_rows) == ("B5", "landscape", "$4:$4")


def scored(session: Session) -> CouncilSession:
    """Two products: one with second scoring, one that a member does not score."""
    meeting = session_with(session, CAKE, LONGAN)
    first, second = meeting.products
    score(session, first, [60, 60, 60, 60, 60, 60, 75])
    recuse(session, second, MEMBERS[0])
    score(session, second, [70, 71, 70, 70, 70, 72], members=MEMBERS[1:], gates=4)
    close_meeting(session, meeting, **SECOND_SCORING)
    score(session, first, [64, 65, 64, 64, 65, 64, 64], scoring=2)
    close_meeting(session, meeting, turn=2)
    return meeting


def test_scores_leave_with_the_values_of_the_engine(session: Session, tmp_path: Path) -> None:
    meeting = scored(session)
    path = tmp_path / "diem.xlsx"

    assert export_scores(meeting, path, HELD) == 2

    found = load_workbook(path, data_only=True)
    assert found.sheetnames == ["Tổng hợp", f"1. {CAKE}", f"2. {LONGAN}"]
    rows = table(path, "Tổng hợp")
    results = [product.result for product in meeting.products]
    assert [row["Điểm trung bình"] for row in rows] == [float(r.mean_cut or 0) for r in results if r]
    assert [row["Chênh lệch"] for row in rows] == [1, 2]
    names = [member.person.name for member in meeting.council.members]
    assert [rows[0][name] for name in names] == [64, 65, 64, 64, 65, 64, 64]
    assert [rows[1][name] for name in names] == [None, 70, 71, 70, 70, 70, 72]
    assert [row["Hạng sao"] for row in rows] == ["3 sao", "4 sao"]
    sheet = page_of(found, f"2. {LONGAN}")
    (absent,) = [row[4] for row in sheet.iter_rows(values_only=True) if row[1] == "Vắng mặt hoặc từ chối chấm"]
    assert absent == names[0]


def test_formulas_add_up_points_groups_and_parts(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "diem.xlsx"
    export_scores(scored(session), path, HELD)

    formulas, values = (
        [row[:5] for row in load_workbook(path, data_only=shown)[f"1. {CAKE}"].iter_rows(min_row=5, values_only=True)]
        for shown in (False, True)
    )

    parts = [(row[0], row[4]) for row in formulas if str(row[0]).startswith("Phần")]
    assert [code for code, _ in parts] == ["Phần A", "Phần B", "Phần C"]
    total = next(row for row in formulas if row[1] == "TỔNG ĐIỂM")
    at = {str(row[0]): number for number, row in enumerate(formulas, start=5)}
    assert total[4] == f"=SUM(E{at['Phần A']},E{at['Phần B']},E{at['Phần C']})"
    points = [row[4] for row in formulas if isinstance(row[4], int)]
    shown = {row[1]: row[4] for row in values}
    assert (sum(points), shown["TỔNG ĐIỂM"]) == (64, 64)


@pytest.mark.slow
def test_formulas_give_the_engines_values_when_a_spreadsheet_computes_them(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "diem.xlsx"
    meeting = scored(session)
    export_scores(meeting, path, HELD)
    changed = load_workbook(path)  # saved without the values that the export left: all must be computed
    sheet = page_of(changed, f"2. {LONGAN}")
    column, code = 5, next(iter(sheet_of(70, number=6)))
    row = next(cells[0].row for cells in sheet.iter_rows(min_row=5) if cells[0].value == code)
    before = sheet.cell(row, column).value
    assert isinstance(before, int)
    sheet.cell(row, column).value = 0
    changed.save(path)

    out = tmp_path / "tinh"
    call = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/lo", "--convert-to", "xlsx"]
    subprocess.run([*call, "--outdir", str(out), str(path)], check=True, capture_output=True, timeout=180)

    first, second = table(out / "diem.xlsx", "Tổng hợp")
    results = [product.result for product in meeting.products]
    assert results[0] is not None
    assert first["Điểm trung bình"] == float(results[0].mean_cut or 0)
    total = 70 + 71 + 70 + 70 + 70 + 72 - before
    assert before > 0
    assert second["Điểm trung bình"] == (total * 100 // 6) / 100
    page = load_workbook(out / "diem.xlsx", data_only=True)[f"2. {LONGAN}"]
    said = [cells[4] for cells in page.iter_rows(values_only=True) if str(cells[1]).startswith("So với phần mềm")]
    assert said == ["khác: điểm đã bị sửa trong tệp này"]


def test_scores_stay_secret_until_the_scoring_is_closed(session: Session, tmp_path: Path) -> None:
    meeting = session_with(session)
    score(session, meeting.products[0], 60)
    path = tmp_path / "diem.xlsx"

    with pytest.raises(WrongMomentError, match="chưa kết luận"):
        export_scores(meeting, path, HELD)

    assert not path.exists()


PUBLIC = [
    "MA_OCOP",
    "Ma_DonViHanhChinh",
    "Ma_ThoiGian",
    "Ma_SanPham",
    "TenSanPham",
    "XepHang",
    "ChuTheSXKD",
    "DoanhThuNam",
    "TrangThai",
]


def test_public_tables_have_the_public_names(session: Session, tmp_path: Path) -> None:
    attempt = decided(session, 60)
    enter_certificate(session, LONGAN, Paper(3, "9/QĐ-UBND", date(2022, 5, 6)), coordinator(session), SIGNED)
    path = tmp_path / "ptnt.xlsx"

    assert export_public_tables(session, path, SIGNED, ON) == 2

    rows, evaluated = table(path, "PTNT_OCOP"), table(path, "DanhGiaSanPhamOCOP")
    assert (list(rows[0]), list(evaluated[0])) == (PUBLIC, [c.key for c in EVALUATIONS])
    assert [column.key for column in PTNT] == PUBLIC
    cake = next(row for row in rows if row["TenSanPham"] == CAKE)
    paper = session.scalars(select(Certificate).where(Certificate.attempt_id == attempt.id)).one()
    assert (cake["MA_OCOP"], cake["Ma_DonViHanhChinh"], cake["Ma_ThoiGian"]) == (paper.code, "15538", "2024")
    assert (cake["XepHang"], cake["DoanhThuNam"], cake["TrangThai"]) == (3, None, "Còn hiệu lực")
    assert [(e["TenSanPham"], e["DiemTrungBinh"], e["SoQuyetDinh"]) for e in evaluated] == [
        (CAKE, "60.00", "2105/QĐ-UBND")
    ]


def test_open_data_is_csv_json_and_schema(session: Session, tmp_path: Path) -> None:
    attempt = decided(session, 60)
    attempt.dossier.product.producer.name = '=cmd|" /C calc"!A0'
    attempt.dossier.product.producer.phone = "0912345678"
    session.flush()

    export_open_data(session, tmp_path / "mở", ON)

    raw = (tmp_path / "mở" / f"{NAME}.csv").read_bytes()
    data = json.loads((tmp_path / "mở" / f"{NAME}.json").read_text(encoding="utf-8"))
    about = json.loads((tmp_path / "mở" / f"{NAME}.schema.json").read_text(encoding="utf-8"))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert (raw.count(b"\r\n"), raw.count(b"\n")) == (2, 2)
    (line,) = csv.DictReader(raw.decode("utf-8-sig").splitlines())
    (entry,) = data["certificates"]
    assert list(line) == [field.name for field in FIELDS] == list(entry) == [f["name"] for f in about["fields"]]
    assert (line["producer"], entry["producer"]) == ('\'=cmd|" /C calc"!A0', '=cmd|" /C calc"!A0')
    assert (entry["stars"], entry["valid_until"], data["as_of"]) == (3, "2027-09-20", "2024-12-01")
    assert "0912345678" not in raw.decode("utf-8-sig") + json.dumps(data)


def test_communes_are_those_of_the_day_of_the_data(session: Session) -> None:
    decided(session, 60)
    migrate(session, date(2025, 7, 1), SYSTEM, at("2025-07-01"))

    for rows in (open_data_rows, public_rows):
        then, later = next(iter(rows(session, ON))), next(iter(rows(session, date(2025, 7, 2))))
        field = "commune_code" if "commune_code" in then else "Ma_DonViHanhChinh"
        assert (then[field], later[field]) == ("15538", "15520")


def test_product_of_two_papers_is_once_in_the_public_table(session: Session) -> None:
    for day, stars in ((date(2022, 5, 6), 3), (date(2024, 3, 4), 4)):
        enter_certificate(session, CAKE, Paper(stars, f"{day.year}/QĐ-UBND", day), coordinator(session), SIGNED)

    assert [(row["XepHang"], row["Ma_ThoiGian"]) for row in public_rows(session, ON)] == [(4, "2024")]
    assert [(row["XepHang"], row["Ma_ThoiGian"]) for row in public_rows(session, date(2023, 12, 31))] == [(3, "2023")]
    assert len(open_data_rows(session, ON)) == 2


def test_names_of_sheets_are_short_plain_and_different() -> None:
    long = "Bánh gai truyền thống Lâm Thẩm hộp 10 chiếc"

    assert sheet_names(["A/B: [C]?", "Tổng hợp", long, long]) == [
        "1. A B C",
        "2. Tổng hợp",
        "3. Bánh gai truyền thống Lâm Th",
        "4. Bánh gai truyền thống Lâm Th",
    ]


def test_mean_is_cut_as_the_engine_cuts_it(session: Session, tmp_path: Path) -> None:
    meeting = concluded(session, [70, 70, 70, 70, 71, 71, 71], gates=4)
    path = tmp_path / "diem.xlsx"
    export_scores(meeting, path, HELD)

    (row,) = table(path, "Tổng hợp")
    result = meeting.products[0].result
    assert result is not None
    assert (row["Điểm trung bình"], result.mean_cut) == (70.42, "70.42")


def test_office_takes_out_what_is_its_own(session: Session, tmp_path: Path) -> None:
    mine = Seen.by(session, capacities_of_actor(session, coordinator(session)))
    decided(session, 60)
    who, product = office_elsewhere(session)
    theirs = Seen.by(session, capacities_of_actor(session, who))
    path = tmp_path / "a.xlsx"

    for seen, name, evaluated in ((mine, CAKE, 1), (theirs, product.name, 0)):
        assert export_register(session, path, SIGNED, ON, seen) == 1
        assert [row["Sản phẩm"] for row in table(path, "Sổ giấy chứng nhận")] == [name]
        assert export_public_tables(session, path, SIGNED, ON, seen) == 1
        assert [row["TenSanPham"] for row in table(path, "PTNT_OCOP")] == [name]
        assert len(table(path, "DanhGiaSanPhamOCOP")) == evaluated
    assert export_register(session, path, SIGNED, ON) == 2


def test_register_of_products_is_that_of_the_office(session: Session, tmp_path: Path) -> None:
    who, product = office_elsewhere(session)
    path = tmp_path / "a.xlsx"

    own = write_product_book(session, path, SIGNED, ON, filled=True, office_id=coordinator(session).office_id)
    texts = {cell for row in load_workbook(path)["Sản phẩm"].iter_rows(values_only=True) for cell in row}
    assert own > 1
    assert {product.name, product.producer.phone}.isdisjoint(texts)

    assert write_product_book(session, path, SIGNED, ON, filled=True, office_id=who.office_id) == 1


def test_steering_figures_leave_as_numbers(session: Session, tmp_path: Path) -> None:
    round_ = decided(session, 72, gates=3).round
    office_elsewhere(session)
    session.flush()
    found = steering(session, [round_], [2024], ON)
    path = tmp_path / "a.xlsx"

    export_steering(found, path, SIGNED)

    times = table(path, "Thời gian từng bước")
    assert [(row["Bước"], row["9/10 xong trong (ngày)"], row["Tỷ lệ trễ"]) for row in times] == [
        (line.label, line.p90, line.late_share) for line in found.times
    ]
    assert {row["Đơn vị, người"] for row in table(path, "Theo đơn vị")} == {line.unit for line in found.unit_times}
    assert len(table(path, "Điều kiện sao thiếu")) == len(found.gates) > 0
    assert [row["Tổng"] for row in table(path, "Sao theo năm")] == [1]


def capacities_of_actor(session: Session, who: Actor) -> list[Capacity]:
    """In what the actor acts."""
    query = select(Capacity).where(Capacity.person_id == who.person_id, Capacity.role == who.role)
    return list(session.scalars(query))
