"""Workbooks from the command line: templates, dry runs, imports, exports."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from models.database import transaction
from tests.factories import CAKE, decided, session_with
from tests.unit.cli.conftest import Ocop, set_day
from tests.unit.workbooks.books import changed, contents, put

AS = ("--as", "dieu-phoi")


def stored(url: str) -> dict[str, list[tuple[object, ...]]]:
    with transaction(url) as session:
        return contents(session)


@pytest.mark.parametrize("what", ["plan", "product", "person"])
def test_template_is_written_and_refused_while_it_is_empty_or_changes_nothing(
    ocop: Ocop, office: str, tmp_path: Path, what: str
) -> None:
    path = str(tmp_path / "mau.xlsx")
    before = stored(office)

    made = ocop(what, "template", path, "--json")
    run = ocop(what, "import", path, *AS, "--json")

    assert (made.status, made.json["file"], load_workbook(path).sheetnames[0]) == (0, path, "Hướng dẫn")
    assert run.status == (2 if what == "plan" else 0)
    assert stored(office) == before


@pytest.mark.parametrize("what", ["product", "person"])
def test_export_then_import_changes_nothing(ocop: Ocop, office: str, tmp_path: Path, what: str) -> None:
    path = str(tmp_path / "ra.xlsx")
    rows = ocop(what, "export", "--out", path, "--json").json["rows"]
    before = stored(office)

    run = ocop(what, "import", path, *AS, "--json")

    assert run.json == {"new": 0, "updated": 0, "same": rows, "dry_run": False}
    assert (rows > 0, stored(office)) == (True, before)


def test_dry_run_of_a_plan_stores_nothing_and_the_import_does(ocop: Ocop, office: str, tmp_path: Path) -> None:
    path = tmp_path / "kh.xlsx"
    ocop("plan", "export", "2024", "--out", str(path))
    for cell, value in {
        "A19": 2,
        "B19": "Mật ong Xuân Phú",
        "F19": "Xuân Phú",
        "G19": "lần đầu",
        "I19": 3,
        "J19": 4,
    }.items():
        changed(path, put("Sản phẩm", cell, value))
    before = stored(office)

    tried = ocop("plan", "import", str(path), "--dry-run", *AS)
    assert stored(office) == before
    done = ocop("plan", "import", str(path), *AS, "--json")

    assert (tried.status, tried.out.startswith("Tệp nhập được, chưa ghi gì: kế hoạch năm 2024: 3 đợt")) == (0, True)
    assert ("dry_run" in done.json, len(stored(office)["planned_products"])) == (False, 15)


def test_faults_are_told_by_cell(ocop: Ocop, office: str, tmp_path: Path) -> None:
    path = tmp_path / "sp.xlsx"
    ocop("product", "export", "--out", str(path))
    changed(path, put("Sản phẩm", "H5", "Công ty mẹ"))

    run = ocop("product", "import", str(path), "--dry-run", *AS)

    assert run.status == 2
    assert "Trường:     Sheet «Sản phẩm», ô H5\nVấn đề:     «Công ty mẹ» không có trong danh sách" in run.err


def test_file_that_cannot_be_written_is_named(ocop: Ocop, office: str, tmp_path: Path) -> None:
    assert (
        ocop("product", "template", str(tmp_path / "a.xls"), "--json").problems[0][1] == "Tên tệp phải có đuôi .xlsx."
    )
    nowhere = str(tmp_path / "không có" / "a.xlsx")
    assert ocop("product", "template", nowhere, "--json").problems[0][1] == "Không có thư mục này."
    folder = tmp_path / "b.xlsx"
    folder.mkdir()
    assert ocop("product", "template", str(folder), "--json").problems == [("Tệp «b.xlsx»", "không ghi được tệp này")]


def test_old_register_is_reported_and_entered(ocop: Ocop, office: str, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(["Sản phẩm", "Sao", "QĐ", "Ngày cấp"])
    sheet.append([CAKE, "***", "2942/QĐ-UBND", "ngày 5 tháng 8 năm 2021"])
    sheet.append([CAKE, "hai sao", "5/QĐ-UBND", "2022"])
    path = tmp_path / "so.xlsx"
    book.save(path)

    tried = ocop("certificate", "import", str(path), "--dry-run", *AS)
    assert ocop("certificate", "list", "--json").json == []
    done = ocop("certificate", "import", str(path), *AS, "--json").json

    assert (tried.status, "ô B3" in tried.out, "ô D3" in tried.out) == (0, True, True)
    assert (done["entered"], done["known"], done["refused"]) == (1, 0, 1)
    (row,) = ocop("certificate", "list", "--json").json
    assert (row["product"], row["issued_on"]) == (CAKE, "2021-08-05")
    sheet.delete_rows(2)
    book.save(path)
    assert ocop("certificate", "import", str(path), *AS).status == 2


def test_enter_takes_the_code_of_the_paper_and_tells_what_is_odd(ocop: Ocop, office: str) -> None:
    paper = ("--stars", "3", "--decision", "1/QĐ-UBND", "--issued", "2023-06-15", *AS, "--json")

    run = ocop("certificate", "enter", CAKE, "--product-code", "38-395-15538-07-2022", *paper)

    assert (run.json["certificate"], run.json["warnings"]) == (
        "38-395-15538-07-2022",
        ["Năm trong mã là 2022, giấy cấp năm 2023."],
    )


def test_exports_write_their_files(ocop: Ocop, office: str, tmp_path: Path) -> None:
    with transaction(office) as session:
        decided(session, 60)
    set_day(office, 2024, 12, 1)
    for what in (
        ("board", "2024-2"),
        ("register",),
        ("scores", "2024-2"),
        ("scores", "2024-2", "--session", "1"),
        ("ptnt",),
    ):
        path = tmp_path / f"{'-'.join(what)}.xlsx"
        run = ocop("export", *what, "--out", str(path), "--json")
        assert (run.status, run.json["file"], len(load_workbook(path).sheetnames) > 0) == (0, str(path), True)
    data = ocop("export", "open-data", "--out", str(tmp_path / "mo"), "--json").json
    assert [Path(file).suffix for file in data["files"]] == [".csv", ".json", ".json"]
    missing = ocop("export", "scores", "2024-2", "--session", "2", "--out", str(tmp_path / "a.xlsx"), "--json")
    assert missing.problems == [("session", "Đợt không có phiên họp 2.")]


def test_scores_do_not_leave_before_the_scoring_is_closed(ocop: Ocop, office: str, tmp_path: Path) -> None:
    with transaction(office) as session:
        session_with(session)
    path = tmp_path / "diem.xlsx"

    run = ocop("export", "scores", "2024-2", "--out", str(path), "--json")

    assert (run.status, run.problems[0][0], path.exists()) == (2, "round", False)
