"""Importing the yearly plan: all of it or nothing, twice is once, faults named by field."""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.database import reading, transaction
from models.enums import Level, OfficeKind, OrganisationForm, Role, RoundStatus
from models.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from models.forms import read_form
from models.offices.places import predecessors
from models.offices.setup import give_role
from models.regimes.kinds import DossierKind
from models.rounds.listing import detail_of, plan_detail
from models.rounds.plan_form import PlanFile
from models.rounds.plan_import import import_plan, read_plan
from models.rounds.product_rows import ProductLine, product_row
from models.rounds.queries import product_by_name, round_by_code
from models.tables import (
    AuditEntry,
    CyclePlan,
    Office,
    Person,
    Place,
    PlannedProduct,
    Producer,
    Product,
    ProductAlias,
    Round,
)
from models.vietnamese import HOW_TO_TYPE
from models.yaml_files import read_yaml
from tests.conftest import DEMO
from tests.factories import HANDED_IN, coordinator, open_round, someone

PLAN = DEMO / "plan-2024.yaml"


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(PLAN)
    return loaded


@pytest.fixture
def facts(written: dict[str, Any]) -> dict[str, Any]:
    """The plan of 2024 as written, to be changed."""
    return copy.deepcopy(written)


def numbers(session: Session) -> list[int]:
    tables: tuple[type[Any], ...] = (CyclePlan, Round, PlannedProduct, Product, ProductAlias, Producer)
    return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def do_import(session: Session, facts: dict[str, Any], who: Actor | None = None) -> CyclePlan:
    return import_plan(session, read_form(PlanFile, facts), who or coordinator(session), HANDED_IN)


def problems(facts: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as refused:
        read_form(PlanFile, facts)
    return [(problem.field, problem.problem) for problem in refused.value.problems]


def test_plan_of_2024_has_three_rounds_and_fourteen_products(session: Session) -> None:
    plan = session.scalars(select(CyclePlan)).one()

    assert numbers(session) == [1, 3, 14, 14, 1, 14]
    assert [(r.code, r.title, len(r.planned_products), r.status) for r in plan.rounds] == [
        ("2024-1", "Đợt 1 năm 2024", 6, RoundStatus.PLANNED),
        ("2024-2", "Đợt 2 năm 2024", 4, RoundStatus.PLANNED),
        ("2024-3", "Đợt 3 năm 2024", 4, RoundStatus.PLANNED),
    ]
    assert (plan.targets, plan.office.code, plan.authority) == (
        {"four_star": 3, "three_star": 8},
        "vpdp",
        "UBND huyện Thọ Xuân",
    )
    assert plan.legal_bases[1]["no"] == "148/QĐ-TTg"
    assert plan.legal_bases[1]["date"] == "2023-02-24"


def test_line_of_the_plan_keeps_kind_and_stars(session: Session) -> None:
    product = product_by_name(session, "Bánh gai Lâm Thắm")

    line = session.scalars(select(PlannedProduct).where(PlannedProduct.product == product)).one()

    assert (product.name, product.place.title, product.criteria_set) == ("Bánh gai Lâm Thẩm", "xã Thọ Diên", 6)
    assert (line.kind, line.from_stars, line.target_stars, line.set_sure) == (DossierKind.UPGRADE, 3, 4, "high")


def test_importing_twice_is_once(session: Session) -> None:
    before = numbers(session)

    import_plan(session, read_plan(PLAN), coordinator(session), HANDED_IN)

    assert numbers(session) == before
    assert session.scalars(select(AuditEntry.act)).all().count("plan.imported") == 1


def test_second_import_adds_what_is_new_and_moves_rounds_not_open_yet(session: Session, facts: dict[str, Any]) -> None:
    facts["rounds"][1]["council_on"] = "2024-09-19"
    facts["rounds"][1]["products"].append(
        {"name": "Mật ong Xuân Phú", "commune": "Xuân Phú", "kind": "first", "target": 3, "set": 4}
    )

    do_import(session, facts)

    assert round_by_code(session, "2024-2").council_on == date(2024, 9, 19)
    assert product_by_name(session, "Mật ong Xuân Phú").criteria_set == 4
    assert numbers(session) == [1, 3, 15, 15, 1, 15]


def test_second_import_does_not_move_a_round_that_is_open(url: str, facts: dict[str, Any]) -> None:
    with transaction(url) as session:
        open_round(session)
    facts["rounds"][0]["council_on"] = "2024-06-06"
    facts["rounds"][1]["council_on"] = "2024-09-19"

    with pytest.raises(ConflictError, match="Đợt 2 năm 2024 đã mở") as refused, transaction(url) as session:
        do_import(session, facts)

    assert refused.value.problems[0].field == "rounds[1]"
    with reading(url) as session:
        assert round_by_code(session, "2024-1").council_on == date(2024, 5, 30)


def test_second_import_of_an_open_round_unchanged_is_accepted(session: Session, facts: dict[str, Any]) -> None:
    open_round(session)

    do_import(session, facts)

    assert round_by_code(session, "2024-2").status is RoundStatus.OPEN


def test_unknown_communes_are_all_listed_and_nothing_is_stored(url: str, facts: dict[str, Any]) -> None:
    facts["year"] = 2023
    for one in facts["rounds"]:
        for name in ("opens_on", "registration_closes_on", "council_on", "closes_on"):
            one[name] = one[name].replace("2024", "2023")
    facts["rounds"][0]["products"][1]["commune"] = "Xã Mây"
    facts["rounds"][2]["products"][0]["commune"] = "Thọ Dien"

    with pytest.raises(InputError) as refused, transaction(url) as session:
        do_import(session, facts)

    assert [problem.field for problem in refused.value.problems] == [
        "rounds[0].products[1].commune",
        "rounds[2].products[0].commune",
    ]
    with reading(url) as session:
        assert numbers(session) == [1, 3, 14, 14, 1, 14]


def test_commune_is_that_of_the_days_of_its_round(session: Session) -> None:
    """On 01/07/2025 the name Lam Sơn went over from a town to a commune."""
    line = {"commune": "Lam Sơn", "kind": "first", "target": 3, "set": 6}
    office = session.scalars(select(CyclePlan)).one().office.name
    plan = {"year": 2025, "office": office, "authority": "UBND", "regime": "qd148-2023", "targets": {}}
    rounds = [
        {"round": 1, "quarters": [1, 2], "products": [{**line, "name": "Nem"}]},
        {"round": 2, "quarters": [3, 4], "products": [{**line, "name": "Giò"}]},
    ]

    do_import(session, {**plan, "rounds": rounds})

    places = [product_by_name(session, name).place.title for name in ("Nem", "Giò")]
    assert places == ["thị trấn Lam Sơn", "xã Lam Sơn"]


def test_unknown_office_and_regime_are_named(session: Session, facts: dict[str, Any]) -> None:
    with pytest.raises(NotFoundError, match="Chưa khai báo văn phòng «Văn phòng khác»"):
        do_import(session, {**facts, "office": "Văn phòng khác"})
    with pytest.raises(InputError, match="Không có chế độ “qd999-2023”"):
        do_import(session, {**facts, "regime": "qd999-2023"})


def test_plan_is_imported_by_the_coordinator_only(session: Session) -> None:
    with pytest.raises(NotAllowedError, match="Chỉ cán bộ điều phối được nhập kế hoạch"):
        import_plan(session, read_plan(PLAN), someone(session, "lanh-dao", Role.LEADER), HANDED_IN)


def test_wrong_dates_are_all_named(facts: dict[str, Any]) -> None:
    facts["rounds"][0]["council_on"] = "2024-03-01"
    facts["rounds"][2]["opens_on"] = "2023-08-12"
    facts["rounds"][2]["closes_on"] = "2024-10-16"

    assert problems(facts) == [
        ("rounds[0].council_on", "ngày 01/03/2024 trước ngày hết hạn nhận hồ sơ (29/03/2024)"),
        ("rounds[2].closes_on", "ngày 16/10/2024 trước ngày họp hội đồng (17/10/2024)"),
        ("rounds[2].opens_on", "ngày 12/08/2023 không thuộc năm 2024"),
    ]


@pytest.mark.parametrize("day", ["2024-02-30", "2024-13-01", "29/03/2024", "cuối tháng ba"])
def test_day_that_does_not_exist_is_named_by_its_field(tmp_path: Path, day: str) -> None:
    text = PLAN.read_text(encoding="utf-8").replace("opens_on: 2024-02-26", f"opens_on: {day}")
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InputError) as refused:
        read_plan(path)

    assert [(p.field, p.problem, p.remedy) for p in refused.value.problems] == [
        ("rounds[0].opens_on", "không phải ngày hợp lệ", HOW_TO_TYPE)
    ]


def test_faults_of_products_and_rounds_are_named(facts: dict[str, Any]) -> None:
    first, second, third = (one["products"] for one in facts["rounds"])
    first.append(dict(first[0]))
    second[0]["target"] = 6
    second[1]["set"] = 27
    second[2]["kind"] = "second"
    third[0]["from"] = 4
    del third[1]["from"]
    third[2]["colour"] = "vàng"

    assert problems(facts) == [
        ("rounds[0].products[6].name", "sản phẩm ghi hai lần trong một đợt: Rượu Hoàng Anh"),
        ("rounds[1].products[0].target", "lớn hơn mức cho phép"),
        ("rounds[1].products[1].set", "lớn hơn mức cho phép"),
        ("rounds[1].products[2].kind", "giá trị không nằm trong các lựa chọn"),
        ("rounds[2].products[0].from", "nâng hạng phải từ số sao thấp hơn số sao đăng ký"),
        ("rounds[2].products[1].from", "nâng hạng phải ghi số sao đang có"),
        ("rounds[2].products[2].colour", "không có mục này trong biểu mẫu"),
    ]


def test_numbers_and_quarters_of_rounds_are_checked(facts: dict[str, Any]) -> None:
    facts["rounds"][1]["round"] = 1
    assert problems(facts) == [("rounds", "số thứ tự các đợt phải tăng dần, không trùng")]

    facts["rounds"][1] = {"round": 2, "quarters": [3, 5]}
    assert problems(facts) == [("rounds[1].quarters", "quý phải từ 1 đến 4")]


def test_dates_not_given_follow_from_the_quarters(facts: dict[str, Any]) -> None:
    facts["rounds"] = [{"round": 1, "quarters": [2, 3]}]

    days = read_form(PlanFile, facts).rounds[0].dates(2024)

    assert (days["opens_on"], days["closes_on"]) == (date(2024, 4, 1), date(2024, 9, 30))
    assert days["opens_on"] < days["registration_closes_on"] < days["council_on"] < days["closes_on"]


def test_key_given_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text("year: 2024\nyear: 2025\n", encoding="utf-8")

    with pytest.raises(InputError, match=r"Không đọc được tệp plan\.yaml: dòng 2, cột 1: mục «year» ghi hai lần\."):
        read_plan(path)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"rounds: [1, 2\nyear: 2024\n", "dòng 2, cột 5: sai cú pháp YAML"),
        (b"year:\n\t- 1\n", "dòng 2, cột 1: thụt dòng bằng dấu tab"),
        ("kế hoạch".encode("utf-16"), "không phải văn bản mã UTF-8"),
        (None, "không có tệp này"),
    ],
)
def test_file_that_cannot_be_read_says_why_in_vietnamese(content: bytes | None, why: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(InputError) as refused:
        read_plan(path)

    assert refused.value.problems[0].problem == f"Không đọc được tệp plan.yaml: {why}."


def test_plan_that_names_the_successor_commune_means_the_product_that_is_there(session: Session) -> None:
    merged = session.scalars(select(Place).where(Place.name == "Xuân Hòa", Place.valid_from == date(2025, 7, 1))).one()
    old = session.scalars(select(Place).where(Place.name == "Thọ Diên", Place.level == Level.COMMUNE)).one()

    assert old.id in predecessors(session, merged.id)
    line = ProductLine("Bánh gai Huân Hường", None, OrganisationForm.HOUSEHOLD, 6)
    assert product_row(session, line, merged.id).place_id == old.id


def second_office(session: Session, facts: dict[str, Any]) -> CyclePlan:
    """Another office with a plan of the same year and the same rounds."""
    office = Office(code="vpdp-b", name="VPĐP huyện B", kind=OfficeKind.COORDINATION, level=Level.DISTRICT)
    person = Person(code="dieu-phoi-b", name="Lê Thị Bích")
    session.add_all([office, person])
    session.flush()
    give_role(session, person, Role.COORDINATOR, date(2024, 1, 1), office=office)
    return do_import(session, facts | {"office": office.name}, of_second_office(session))


def of_second_office(session: Session) -> Actor:
    return someone(session, "dieu-phoi-b", Role.COORDINATOR)


def test_coordinator_imports_the_plan_of_her_own_office_only(session: Session, facts: dict[str, Any]) -> None:
    second = second_office(session, facts)
    before = numbers(session)

    with pytest.raises(NotAllowedError, match="Chỉ cán bộ điều phối của VPĐP huyện B") as refused:
        do_import(session, facts | {"office": second.office.name})
    with pytest.raises(NotAllowedError, match="Bạn là điều phối của VPĐP huyện B"):
        do_import(session, facts, of_second_office(session))

    assert refused.value.problems[0].field == "office"
    assert numbers(session) == before


def test_rounds_of_a_second_office_carry_its_code(session: Session, facts: dict[str, Any]) -> None:
    first = session.scalars(select(CyclePlan)).one()

    second = second_office(session, facts)
    again = do_import(session, facts | {"office": second.office.name}, of_second_office(session))

    assert again is second
    assert [r.code for r in first.rounds] == ["2024-1", "2024-2", "2024-3"]
    assert [r.code for r in second.rounds] == ["2024-1-vpdp-b", "2024-2-vpdp-b", "2024-3-vpdp-b"]
    assert round_by_code(session, "2024-1-vpdp-b").plan is second


def test_plan_is_shown_by_its_office_where_a_year_has_several(session: Session, facts: dict[str, Any]) -> None:
    second = second_office(session, facts | {"authority": "UBND huyện B"})

    with pytest.raises(InputError, match="Năm 2024 có 2 kế hoạch") as refused:
        plan_detail(session, 2024)

    assert "vpdp-b (VPĐP huyện B)" in refused.value.problems[0].remedy
    assert plan_detail(session, 2024, "vpdp-b") == detail_of(session, second)
    assert plan_detail(session, 2024, "vpdp").authority == "UBND huyện Thọ Xuân"
    with pytest.raises(NotFoundError, match="Chưa có kế hoạch năm 2024 của đơn vị «vpdp-c»"):
        plan_detail(session, 2024, "vpdp-c")


def test_code_that_two_offices_have_from_before_needs_the_office(session: Session, facts: dict[str, Any]) -> None:
    second = second_office(session, facts)
    second.rounds[0].code = "2024-1"
    session.flush()

    with pytest.raises(InputError, match="Có 2 đợt mã «2024-1»") as refused:
        round_by_code(session, "2024-1")

    assert "2024-1-vpdp của Văn phòng Điều phối" in refused.value.problems[0].remedy
    assert "2024-1-vpdp-b của VPĐP huyện B" in refused.value.problems[0].remedy
    assert round_by_code(session, "2024-1-vpdp-b") is second.rounds[0]
    assert round_by_code(session, "2024-1-vpdp").plan.office.code == "vpdp"
