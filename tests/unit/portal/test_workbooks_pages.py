"""Excel in the portal: templates, a trial that names cells and stores nothing, storing, and what goes out."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from models.database import transaction
from models.enums import Role, TokenScope
from models.office_clock import set_stored_now
from models.offices.setup import give_role
from models.tables import Person, Producer, Product
from tests.factories import CAKE, concluded, decided, hand_in, session_with, sheet_of
from tests.portal_client import Browser, sign_in, token_for
from tests.signing_people import NOW
from tests.unit.portal.test_papers_pages import send_file

CURRENT = "/workbooks/products/current"


@pytest.fixture
def now(url: str) -> datetime:
    """A day late in the year."""
    with transaction(url) as session:
        set_stored_now(session, NOW)
    return NOW


@pytest.fixture
def browser(client: TestClient, url: str) -> Browser:
    """The coordinator's browser."""
    return sign_in(client, url, "dieu-phoi", NOW)


def administrator(url: str) -> str:
    """The code of somebody who keeps accounts and does no case work."""
    with transaction(url) as session:
        person = Person(code="quan-tri", name="Phạm Văn Quản Trị")
        session.add(person)
        session.flush()
        give_role(session, person, Role.ADMINISTRATOR, date(2024, 1, 1))
        return person.code


def book(content: bytes) -> openpyxl.Workbook:
    """A workbook that came down."""
    return openpyxl.load_workbook(io.BytesIO(content))


def bytes_of(found: openpyxl.Workbook) -> bytes:
    """A workbook as it is sent."""
    out = io.BytesIO()
    found.save(out)
    return out.getvalue()


def column(found: openpyxl.Workbook, sheet: str, heading: str) -> tuple[int, int]:
    """Row of the headings, and the column of one that begins so."""
    for row in found[sheet].iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith(heading):
                return cell.row, cell.column
    raise LookupError(heading)


def renamed(content: bytes, heading: str, value: str) -> bytes:
    """The products' workbook with another value in the first row under a heading."""
    found = book(content)
    row, place = column(found, "Sản phẩm", heading)
    found["Sản phẩm"].cell(row + 1, place, value)
    return bytes_of(found)


def tried(browser: Browser, content: bytes, kind: str = "products", name: str = "san-pham.xlsx") -> str:
    """The page of the trial of a file."""
    browser.get(f"/workbooks/{kind}/check")
    return str(send_file(browser, f"/workbooks/{kind}/check", "file", content, name).text)


def count(url: str, table: type[Product] | type[Producer] = Product) -> int:
    """How many rows there are."""
    with transaction(url) as session:
        return session.scalars(select(func.count()).select_from(table)).one()


@pytest.mark.parametrize("kind", ["plan", "products"])
def test_template_comes_down_as_a_workbook(browser: Browser, kind: str) -> None:
    answer = browser.get(f"/workbooks/{kind}/template")

    assert answer.headers["content-disposition"] == f'attachment; filename="mau-{kind}.xlsx"'
    assert "Hướng dẫn" in book(answer.content).sheetnames


def test_what_came_down_changes_nothing_when_it_comes_back(browser: Browser, url: str) -> None:
    before = count(url)

    shown = tried(browser, browser.get(CURRENT).content)

    assert f"chưa ghi gì: sản phẩm, chủ thể: 0 mới, 0 bổ sung, {before} giữ nguyên" in shown


def test_wrong_cells_are_named_and_nothing_can_be_stored(browser: Browser, url: str) -> None:
    before = count(url)

    shown = tried(browser, renamed(browser.get(CURRENT).content, "Xã", "xã Không Có"))

    assert re.search(r"Sheet «Sản phẩm», ô [A-Z]+\d+", shown)
    assert "Ghi vào dữ liệu" not in shown
    assert count(url) == before


def test_trial_stores_nothing_and_the_import_all_of_it(browser: Browser, url: str) -> None:
    before = count(url)
    content = renamed(browser.get(CURRENT).content, "Tên sản phẩm", "Mật ong rừng Thọ Xuân")

    shown = tried(browser, content)
    assert "1 mới" in shown
    assert count(url) == before
    sent = dict(re.findall(r'name="(file_sha256|file_name)" value="([^"]*)"', shown))
    done = browser.send("/workbooks/products/import", sent)

    assert "Đã nhập sản phẩm, chủ thể: 1 mới" in done.text
    assert count(url) == before + 1


def test_file_that_is_no_workbook_is_refused(browser: Browser) -> None:
    from tests.signing_people import pdf

    assert "không phải tệp Excel" in tried(browser, pdf(), name="a.pdf")


def test_file_of_somebody_else_is_not_tried(client: TestClient, url: str, browser: Browser) -> None:
    tried(browser, browser.get(CURRENT).content)
    place = str(browser.last.url.path)

    other = sign_in(client, url, administrator(url), NOW)

    assert other.get(place.replace("products", "people")).status_code == 404


def test_people_are_the_administrators_and_products_the_coordinators(client: TestClient, url: str) -> None:
    coordinator = sign_in(client, url, "dieu-phoi", NOW)
    assert [coordinator.get(f"/workbooks/people/{p}").status_code for p in ("template", "check")] == [403, 403]

    admin = sign_in(client, url, administrator(url), NOW)
    assert [admin.get(f"/workbooks/{k}/check").status_code for k in ("people", "products")] == [200, 403]
    assert admin.get("/workbooks/products/current").status_code == 403


SCORES = "/exports/rounds/2024-2/scores"


def test_scores_stay_inside_while_members_score(client: TestClient, url: str) -> None:
    with transaction(url) as session:
        meeting = session_with(session, CAKE)
        hand_in(session, meeting.products[0], "hd-chu-tich", sheet_of(66))

    assert sign_in(client, url, "thu-ky", NOW).get(SCORES).status_code == 409


def test_scores_go_out_once_the_scoring_is_closed(client: TestClient, url: str) -> None:
    with transaction(url) as session:
        concluded(session, 66)

    answer = sign_in(client, url, "thu-ky", NOW).get(SCORES)

    assert answer.status_code == 200
    assert len(book(answer.content).sheetnames) > 1
    assert sign_in(client, url, "cb-xa-tho-dien", NOW).get(SCORES).status_code == 403


def test_exports_of_the_office_hold_the_certificates(browser: Browser, url: str) -> None:
    with transaction(url) as session:
        decided(session, 66)

    register = book(browser.get("/exports/register").content)
    tables = book(browser.get("/exports/ptnt-ocop").content)
    with zipfile.ZipFile(io.BytesIO(browser.get("/exports/open-data").content)) as opened:
        names = sorted(opened.namelist())

    assert register.sheetnames == ["Sổ giấy chứng nhận"]
    assert tables.sheetnames == ["PTNT_OCOP", "DanhGiaSanPhamOCOP"]
    assert [name.partition(".")[2] for name in names] == ["csv", "json", "schema.json"]
    assert book(browser.get("/exports/rounds/2024-2/board").content).sheetnames == ["Bảng theo dõi"]


def test_program_tries_a_workbook_and_stores_it(client: TestClient, url: str, browser: Browser) -> None:
    content = renamed(browser.get(CURRENT).content, "Tên sản phẩm", "Mật ong rừng Thọ Xuân")
    header = token_for(url, "dieu-phoi", NOW, TokenScope.READ, TokenScope.ACT)
    sha = client.post("/api/v1/files?name=a.xlsx", content=content, headers=header).json()["sha256"]

    report = client.get(f"/api/v1/workbooks/products/files/{sha}", headers=header).json()
    body, key = {"file_sha256": sha}, header | {"Idempotency-Key": "k"}
    done = client.post("/api/v1/workbooks/products/import", json=body, headers=key).json()

    assert (report["ready"], report["problems"]) == (True, [])
    assert done["data"]["words"] == report["words"]
