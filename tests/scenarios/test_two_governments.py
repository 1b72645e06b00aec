"""01/07/2025: districts end, communes merge, codes are reused; what is open follows, what is past stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.actors import SYSTEM
from models.certificates.issuing import register_old
from models.certificates.listing import register
from models.dossiers.listing import dossier_rows
from models.dossiers.queries import dossier_detail
from models.enums import Level, OfficeKind, Role
from models.errors import NotAllowedError, WrongMomentError
from models.offices.ending import has_ended, in_force
from models.offices.history import place_as_of
from models.offices.migration import migrate
from models.offices.owning import whose_plan
from models.process.kinds import StepKind
from models.reports.year import year_report
from models.rounds.board import board
from models.rounds.following import rounds_of_office
from models.rounds.listing import plan_detail, round_detail
from models.rounds.plan_import import import_plan, read_plan
from models.rounds.queries import product_by_name
from models.tables import Capacity, CyclePlan, Office, Place, Producer, Product, UnitTransfer
from models.workbooks.plan_importing import import_plan_book
from models.workbooks.plan_writing import plan_of, write_plan_book
from tests.conftest import DEMO
from tests.factories import CAKE, CANDY, CHECKED, LONGAN, accepted, at, coordinator, decided, opened, someone

DAY = date(2025, 7, 1)
NOW = at("2025-07-01")


def test_open_dossier_with_its_item_people_and_product_follows(session: Session) -> None:
    attempt = accepted(session, CAKE)
    item = opened(session, attempt, StepKind.COMMUNE_ASSESSMENT, CHECKED)
    product, before = attempt.dossier.product, item.office_id

    migrate(session, DAY, SYSTEM, NOW)

    office = session.get_one(Office, item.office_id)
    assert (office.name, office.code, office.kind) == ("UBND xã Xuân Hòa", "xa-15520-2025", OfficeKind.COMMUNE)
    assert (product.place.title, product.producer.place.title) == ("xã Xuân Hòa", "xã Xuân Hòa")
    assert session.get_one(Office, attempt.dossier.office_id).level is Level.PROVINCE
    assert attempt.round.plan.office.code == "vpdp-tinh"
    held = session.scalars(select(Capacity).where(Capacity.role == Role.COMMUNE_OFFICER)).all()
    assert {c.office_id for c in held if c.holds_on(date(2025, 6, 30))} >= {before}
    assert office.id in {c.office_id for c in held if c.holds_on(DAY)}
    assert before not in {c.office_id for c in held if c.holds_on(DAY)}
    assert attempt.regime == "qd148-2023"


def test_reports_of_past_years_show_the_old_names(session: Session) -> None:
    product = product_by_name(session, LONGAN)
    facts = {"stars": 3, "decision_number": "1/QĐ", "issued_on": date(2024, 1, 10), "level": Level.DISTRICT}
    certificate = register_old(session, product, **facts)  # type: ignore[arg-type]
    code = certificate.code

    migrate(session, DAY, SYSTEM, NOW)

    assert place_as_of(session, product, date(2025, 6, 30)).title == "thị trấn Lam Sơn"
    assert place_as_of(session, product, DAY).title == "xã Lam Sơn"
    assert [row.commune for row in register(session, date(2024, 12, 31))] == ["thị trấn Lam Sơn"]
    assert (certificate.code, certificate.regime, certificate.level) == (code, "qd148-2023", Level.DISTRICT)


def test_ended_dossiers_plans_and_rounds_show_the_places_of_their_day(session: Session) -> None:
    going_on = accepted(session, LONGAN)
    ended = decided(session, 60)
    before = plan_detail(session, 2024)

    migrate(session, DAY, SYSTEM, NOW)

    places = {row.code: row.commune for row in dossier_rows(session)}
    assert places == {ended.dossier.code: "xã Thọ Diên", going_on.dossier.code: "xã Lam Sơn"}
    assert dossier_detail(session, ended.dossier.code, DAY).dossier.commune == "xã Thọ Diên"
    assert plan_detail(session, 2024).office == before.office
    assert session.get_one(CyclePlan, ended.round.plan_id).office.name != before.office
    for shown in (round_detail(session, ended.round.code), plan_detail(session, 2024).rounds[1]):
        lines = {line.product: line.commune for line in shown.products}
        assert (lines[CAKE], lines[LONGAN]) == ("xã Thọ Diên", "xã Lam Sơn")
    earlier = round_detail(session, "2024-1")
    assert [p.commune for p in earlier.products] == [p.commune for p in before.rounds[0].products]
    on_board = {row.product: row.commune for row in board(session, ended.round, DAY).rows if row.commune}
    assert (on_board[CAKE], on_board[LONGAN], on_board[CANDY]) == ("xã Thọ Diên", "xã Lam Sơn", "xã Thọ Lâm")


def test_reused_code_15544_names_two_places(session: Session) -> None:
    old = session.scalars(select(Place).where(Place.code == "15544", Place.valid_to.is_not(None))).one()
    product = product_by_name(session, CAKE)
    product.place = old

    migrate(session, DAY, SYSTEM, NOW)

    assert (old.title, product.place.title, product.place.code) == ("xã Thọ Xương", "xã Lam Sơn", "15544")
    assert place_as_of(session, product, date(2024, 1, 1)) is old


def test_twice_is_once_and_a_dry_run_touches_nothing(session: Session) -> None:
    accepted(session, CAKE)

    planned = migrate(session, DAY, SYSTEM, at("2025-06-01"), dry_run=True)

    assert product_by_name(session, CAKE).place.title == "xã Thọ Diên"
    assert session.scalar(select(func.count()).select_from(UnitTransfer)) == 0
    done = migrate(session, DAY, SYSTEM, NOW)
    assert done == planned
    assert migrate(session, DAY, SYSTEM, NOW) == []
    producers = session.scalar(select(func.count()).select_from(Producer))
    assert sum(move.subject.startswith("producer:") for move in done) == producers


def test_only_the_administrator_migrates_and_not_ahead_of_the_day(session: Session) -> None:
    with pytest.raises(NotAllowedError):
        migrate(session, DAY, coordinator(session), NOW)
    with pytest.raises(WrongMomentError):
        migrate(session, DAY, SYSTEM, at("2025-06-30"))


def test_an_office_that_has_ended_takes_no_plan_and_names_who_goes_on(session: Session) -> None:
    who, plan = coordinator(session), read_plan(DEMO / "plan-2024.yaml").model_copy(update={"year": 2026})
    migrate(session, DAY, SYSTEM, NOW)

    with pytest.raises(WrongMomentError, match=r"đã kết thúc hoạt động.*nông thôn mới tỉnh") as refused:
        import_plan(session, plan, who, at("2025-11-03"))

    assert refused.value.problems[0].field == "office"
    assert session.scalars(select(CyclePlan).where(CyclePlan.year == 2026)).all() == []


def test_office_ends_with_its_place_once_its_people_have_moved(session: Session) -> None:
    office = session.scalars(select(Office).where(Office.code == "vpdp")).one()
    consultant = session.scalars(select(Office).where(Office.code == "tu-van")).one()
    before = has_ended(session, office, DAY)

    migrate(session, DAY, SYSTEM, NOW)

    heir = in_force(session, office, DAY)
    assert heir is not None
    assert (before, has_ended(session, office, DAY), heir.code) == (False, True, "vpdp-tinh")
    assert not has_ended(session, office, date(2025, 6, 30))
    assert not has_ended(session, heir, DAY)
    assert not has_ended(session, consultant, DAY)


def test_successor_with_a_plan_of_that_year_takes_over_the_plans_of_two_districts(session: Session) -> None:
    attempt, second, own = (
        accepted(session, CAKE),
        other_plan(session, Level.DISTRICT),
        other_plan(session, Level.PROVINCE),
    )
    first = attempt.round.plan

    moves = migrate(session, DAY, SYSTEM, NOW)

    assert {m.subject for m in moves if m.subject.startswith("plan:")} == {f"plan:{first.id}", f"plan:{second.id}"}
    assert [p.office.code for p in (first, second, own)] == ["vpdp-province"] * 3
    assert [p.home.code for p in (first, second, own)] == ["vpdp", "vpdp-district", "vpdp-province"]
    assert {r.plan for r in rounds_of_office(session, attempt.round)} == {first, second, own}
    assert plan_detail(session, 2024, "vpdp").rounds[1].round.code == "2024-2"
    assert plan_detail(session, 2024, "vpdp-district").rounds[0].round.code == "2024-1-vpdp-district"
    assert migrate(session, DAY, SYSTEM, NOW) == []

    for plan in (first, second):
        plan.year = 2025  # the year in which they moved: both are of one office at its end
    report, detail = year_report(session, first, NOW.date()), plan_detail(session, 2025, "vpdp-district")
    assert [whose_plan(report.office, report.made_by), whose_plan(detail.office, detail.made_by)] == [
        f"VPĐP province (do {plan.home.name} lập)" for plan in (first, second)
    ]


def test_plan_that_was_taken_over_is_imported_again_under_the_successor(session: Session) -> None:
    accepted(session, CAKE)
    plan = session.scalars(select(CyclePlan)).one()
    migrate(session, DAY, SYSTEM, NOW)
    who = someone(session, "dieu-phoi", Role.COORDINATOR, NOW)
    file = read_plan(DEMO / "plan-2024.yaml").model_copy(update={"office": plan.office.name, "authority": "UBND tỉnh"})

    products = session.scalar(select(func.count()).select_from(Product))

    again = import_plan(session, file, who, at("2025-07-02"))

    assert again is plan
    assert session.scalar(select(func.count()).select_from(Product)) == products
    assert (plan.authority, plan.home.code, plan.office.code) == ("UBND tỉnh", "vpdp", "vpdp-tinh")


def test_plan_that_was_taken_over_goes_out_and_in_unchanged(session: Session, tmp_path: Path) -> None:
    accepted(session, CAKE)
    migrate(session, DAY, SYSTEM, NOW)
    who, path = someone(session, "dieu-phoi", Role.COORDINATOR, NOW), tmp_path / "kh.xlsx"
    plan = session.scalars(select(CyclePlan)).one()
    before = plan_of(session, plan), session.scalar(select(func.count()).select_from(Product))
    write_plan_book(session, path, NOW, DAY, before[0])

    import_plan_book(session, path, who, NOW)

    session.expire_all()
    assert (plan_of(session, plan), session.scalar(select(func.count()).select_from(Product))) == before


def other_plan(session: Session, level: Level) -> CyclePlan:
    """The plan of another coordination office of that level for 2024, its one round still to be closed in 2025."""
    place = session.scalars(select(Place).where(Place.level == level)).one()
    code = f"vpdp-{level}"
    office = Office(code=code, name=f"VPĐP {level}", kind=OfficeKind.COORDINATION, level=level, place_id=place.id)
    session.add(office)
    session.flush()
    file = read_plan(DEMO / "plan-2024.yaml").model_copy(update={"office": office.name})
    who = replace(coordinator(session), office_id=office.id)
    plan = import_plan(session, file, who, at("2024-02-23"))
    plan.rounds[-1].closes_on = date(2025, 12, 31)
    session.flush()
    return plan
