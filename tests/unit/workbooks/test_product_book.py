"""The register of products and the list of people as workbooks: round trip, completion, faults by cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import SYSTEM
from models.enums import OrganisationForm, Role
from models.errors import NotAllowedError
from models.offices.setup import give_role
from models.rounds.queries import product_by_name
from models.tables import AuditEntry, Capacity, Person, Producer
from models.workbooks.person_book import PEOPLE, import_people, write_person_book
from models.workbooks.product_book import import_products, write_product_book
from models.workbooks.product_sheets import REGISTER
from tests.factories import CAKE, HANDED_IN, coordinator, producer_of, someone
from tests.unit.workbooks.books import Change, changed, contents, put, refusals, sheet_of

TODAY = date(2024, 7, 8)
PRODUCTS, PERSONS = REGISTER.name, PEOPLE.name
KEYS = [column.key for column in REGISTER.columns]
PERSON_KEYS = [column.key for column in PEOPLE.columns]


@pytest.fixture
def register(session: Session, tmp_path: Path) -> Path:
    path = tmp_path / "sp.xlsx"
    assert write_product_book(session, path, HANDED_IN, TODAY, filled=True) == 14
    return path


@pytest.fixture
def persons(session: Session, tmp_path: Path) -> Path:
    producer_of(session, product_by_name(session, CAKE))
    path = tmp_path / "nguoi.xlsx"
    write_person_book(session, path, HANDED_IN, filled=True)
    return path


def row(sheet: str, number: int, keys: list[str], values: dict[str, Any]) -> Change:
    def change(book: Workbook) -> None:
        for key, value in values.items():
            sheet_of(book, sheet).cell(number, keys.index(key) + 1, value)

    return change


def audits(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


HONEY: dict[str, Any] = {
    "name": "Mật ong Xuân Phú",
    "commune": "xã Xuân Phú",
    "criteria_set": 4,
    "producer": "HTX ong Xuân Phú",
    "form": "Hợp tác xã",
    "phone": "0912 345 678",
    "registered_on": "05/08/2021",
    "representative_sex": "Nữ",
}


def test_export_and_import_of_products_change_nothing(session: Session, register: Path) -> None:
    before, acts = contents(session), audits(session)

    count = import_products(session, register, coordinator(session), HANDED_IN)

    assert (count.new, count.updated, count.same) == (0, 0, 14)
    assert (contents(session), audits(session)) == (before, acts)


def test_products_of_communes_that_have_ended_come_back_as_they_went(session: Session, tmp_path: Path) -> None:
    later, path = datetime(2025, 8, 1, 3, tzinfo=UTC), tmp_path / "sp.xlsx"
    write_product_book(session, path, later, later.date(), filled=True)
    before = contents(session)

    count = import_products(session, path, coordinator(session), later)

    assert (count.new, count.updated, count.same) == (0, 0, 14)
    assert contents(session) == before


def test_new_product_brings_its_producer_and_a_known_one_is_completed(session: Session, register: Path) -> None:
    changed(register, row(PRODUCTS, 19, KEYS, HONEY))
    changed(register, row(PRODUCTS, 5, KEYS, {"address": "Khu 3", "aliases": "Rượu Anh; Rượu Hoàng Anh"}))

    count = import_products(session, register, coordinator(session), HANDED_IN)

    made = product_by_name(session, "Mật ong Xuân Phú")
    facts = made.producer
    assert (count.new, count.updated, count.same) == (1, 1, 13)
    assert (made.criteria_set, made.place.title, facts.form) == (4, "xã Xuân Phú", OrganisationForm.COOPERATIVE)
    assert (facts.phone, facts.registered_on, facts.representative_sex) == ("0912 345 678", date(2021, 8, 5), "nữ")
    assert product_by_name(session, "Rượu Anh").producer.address == "Khu 3"
    assert audits(session)[-1] == "products.imported"
    assert import_products(session, register, coordinator(session), HANDED_IN).same == 15


FAULTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("nothing but a name", {"commune": None}, "D19", "để trống «Xã, thị trấn»"),
    ("unknown commune", {"commune": "xã X"}, "D19", "không có xã, thị trấn «xã X»"),
    ("unknown producer code", {"producer_code": "ct9"}, "F19", "không có chủ thể mã «ct9»"),
    (
        "code of another producer",
        {"producer_code": "ct0001"},
        "G19",
        "mã «ct0001» là của «Cơ sở sản xuất Rượu Hoàng Anh»",
    ),
    ("unknown form", {"form": "Công ty mẹ"}, "H19", "«Công ty mẹ» không có trong danh sách"),
    ("registered some day", {"registered_on": "2021"}, "Q19", "«2021» thiếu ngày, chỉ có tháng hoặc năm"),
    ("registered in days to come", {"registered_on": "01/01/2030"}, "Q19", "ngày 01/01/2030 chưa tới"),
    ("no address of mail", {"email": "khong-phai"}, "K19", "«khong-phai» không phải địa chỉ thư"),
    ("telephone as a number", {"phone": 912345678}, "J19", "«912345678» ghi dạng số, có thể mất số 0 ở đầu"),
    ("name without end", {"name": "x" * 301}, "A19", "dài 301 ký tự"),
    (
        "the same product twice",
        {"name": "Rượu Hoàng Anh", "producer": "Cơ sở sản xuất Rượu Hoàng Anh", "commune": "thị trấn Thọ Xuân"},
        "A19",
        "sản phẩm đã ghi ở Sheet «Sản phẩm», ô A5",
    ),
]


@pytest.mark.parametrize(("values", "cell", "problem"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_wrong_register_is_refused_by_cell(
    session: Session, register: Path, values: dict[str, Any], cell: str, problem: str
) -> None:
    changed(register, row(PRODUCTS, 19, KEYS, HONEY | values))

    found = refusals(lambda: import_products(session, register, coordinator(session), HANDED_IN))

    assert (f"Sheet «Sản phẩm», ô {cell}", problem) in [(where, what) for where, what, _ in found]


def test_two_rows_of_a_producer_must_agree(session: Session, register: Path) -> None:
    changed(register, row(PRODUCTS, 19, KEYS, HONEY))
    changed(register, row(PRODUCTS, 20, KEYS, HONEY | {"name": "Phấn hoa", "phone": "0999"}))

    ((cell, problem, _),) = refusals(lambda: import_products(session, register, coordinator(session), HANDED_IN))

    assert (cell, problem) == (
        "Sheet «Sản phẩm», ô J20",
        "khác với dòng khác của «HTX ong Xuân Phú»: 0912 345 678",
    )


def test_register_is_imported_by_the_coordinator_of_the_place(session: Session, register: Path) -> None:
    with pytest.raises(NotAllowedError):
        import_products(session, register, someone(session, "lanh-dao", Role.LEADER), HANDED_IN)

    other = replace(coordinator(session), office_id=1)
    found = refusals(lambda: import_products(session, register, other, HANDED_IN))
    assert len(found) == 14
    assert found[0][:2] == (
        "Sheet «Sản phẩm», ô D5",
        "địa bàn do «Văn phòng Điều phối Chương trình MTQG xây dựng nông thôn mới huyện Thọ Xuân» phụ trách",
    )


def test_text_that_looks_like_a_formula_stays_text(session: Session, tmp_path: Path) -> None:
    producer = session.scalars(select(Producer).order_by(Producer.id)).first()
    assert producer is not None
    producer.address = '=HYPERLINK("http://x.example","x")'
    path = tmp_path / "a.xlsx"
    write_product_book(session, path, HANDED_IN, TODAY, filled=True)

    cell = sheet_of(load_workbook(path), PRODUCTS).cell(5, KEYS.index("address") + 1)

    assert (cell.value, cell.data_type, cell.quotePrefix) == (producer.address, "s", True)
    assert import_products(session, path, coordinator(session), HANDED_IN).same == 14


def test_export_and_import_of_people_change_nothing(session: Session, persons: Path) -> None:
    before, acts = contents(session), audits(session)

    count = import_people(session, persons, SYSTEM, HANDED_IN)

    assert (count.new, count.updated, count.same) == (0, 0, len(before["capacities"]))
    assert (contents(session), audits(session)) == (before, acts)


def test_past_and_present_spans_of_one_role_stay_apart(session: Session, tmp_path: Path) -> None:
    person = session.scalars(select(Person).where(Person.code == "dieu-phoi")).one()
    (now_held,) = [c for c in person.capacities if c.role is Role.COORDINATOR]
    now_held.valid_to = date(2024, 3, 31)
    session.flush()
    give_role(session, person, Role.COORDINATOR, date(2024, 6, 1), office=now_held.office, title="Phó phòng")
    path = tmp_path / "n.xlsx"
    write_person_book(session, path, HANDED_IN, filled=True)
    before = contents(session)

    import_people(session, path, SYSTEM, HANDED_IN)

    assert contents(session) == before


def test_new_person_and_a_role_that_ends(session: Session, persons: Path) -> None:
    sheet = sheet_of(load_workbook(persons), PERSONS)
    last = sheet.max_row
    while sheet.cell(last, 1).value is None:
        last -= 1
    new = {"code": "dieu-phoi-2", "name": "Lê An", "role": "Cán bộ điều phối", "office": "vpdp", "email": "an@x.vn"}
    changed(persons, row(PERSONS, last + 1, PERSON_KEYS, new))
    changed(persons, row(PERSONS, 5, PERSON_KEYS, {"valid_to": date(2024, 12, 31)}))
    first = sheet.cell(5, 1).value

    count = import_people(session, persons, SYSTEM, HANDED_IN)

    made = session.scalars(select(Person).where(Person.code == "dieu-phoi-2")).one()
    ended = session.scalars(select(Capacity).join(Person).where(Person.code == first)).first()
    assert ended is not None
    assert (count.new, count.updated) == (1, 1)
    assert (made.name, made.email, made.capacities[0].valid_from) == ("Lê An", "an@x.vn", TODAY)
    assert ended.valid_to == date(2024, 12, 31)


PERSON_FAULTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("unknown role", {"role": "Vua"}, "C", "«Vua» không có trong danh sách"),
    ("role without office", {"office": None}, "C", "Vai trò «Cán bộ điều phối» gắn với một đơn vị: --office MÃ."),
    ("unknown office", {"office": "vp-x"}, "D", "Không có đơn vị «vp-x»."),
    ("name of another", {"code": "dieu-phoi"}, "B", "Mã «dieu-phoi» là của Lê Thị Hương."),
    ("no address", {"email": "an.x.vn"}, "G", "«an.x.vn» không phải địa chỉ thư"),
    ("ends too early", {"valid_from": "02/02/2024", "valid_to": "01/02/2024"}, "J", "trước ngày bắt đầu giữ vai trò"),
    ("space in the code", {"code": "le an"}, "A", "mã có khoảng trắng"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "column", "problem"), [f[1:] for f in PERSON_FAULTS], ids=[f[0] for f in PERSON_FAULTS]
)
def test_wrong_people_are_refused_by_cell(
    session: Session, tmp_path: Path, values: dict[str, Any], column: str, problem: str
) -> None:
    path = tmp_path / "mau.xlsx"
    write_person_book(session, path, HANDED_IN)
    new = {"code": "le-an", "name": "Lê An", "role": "Cán bộ điều phối", "office": "vpdp"}
    changed(path, row(PERSONS, 5, PERSON_KEYS, new | values))

    found = refusals(lambda: import_people(session, path, SYSTEM, HANDED_IN))

    assert [(where, what) for where, what, _ in found] == [(f"Sheet «Người dùng», ô {column}5", problem)]


def test_template_that_was_not_filled_in_changes_nothing(session: Session, tmp_path: Path) -> None:
    people, products = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write_person_book(session, people, HANDED_IN)
    write_product_book(session, products, HANDED_IN, TODAY)
    before = contents(session)

    assert import_people(session, people, SYSTEM, HANDED_IN).as_dict() == {"new": 0, "updated": 0, "same": 0}
    assert import_products(session, products, coordinator(session), HANDED_IN).changed is False
    assert contents(session) == before


def test_change_of_one_cell_is_one_update(session: Session, register: Path) -> None:
    changed(register, put(PRODUCTS, "I5", "Thôn 2"))

    assert import_products(session, register, coordinator(session), HANDED_IN).updated == 1
