"""Who is told: the person or unit concerned, nobody else, and never nobody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import SYSTEM
from models.certificates.issuing import register_old
from models.clock import vn_date
from models.delegations.making import delegate
from models.enums import Level, OfficeKind, Role, RoundStatus
from models.notifications.digest import open_work
from models.notifications.matters import matter_of
from models.notifications.recipients import heads_of, recipients_of
from models.offices.migration import migrate
from models.offices.setup import give_role
from models.process.kinds import StepKind
from models.rounds.queries import product_by_name
from models.tables import Capacity, Certificate, CyclePlan, DossierAttempt, Office, Person, WorkItem
from tests.factories import (
    CAKE,
    CALLED,
    CANDY,
    CHECKED,
    MEMBERS,
    REPORTED,
    accepted,
    at,
    in_consulting,
    opened,
    producer_of,
    session_with,
)

ON = date(2024, 7, 24)


def told(session: Session, payload: dict[str, Any], on: date = ON) -> list[str]:
    """The codes of those who are told."""
    found = recipients_of(session, {"what": "rung", **payload}, matter_of(session, payload, on), on)
    return sorted(person.code for person in found.people)


def at_rung(session: Session, item: WorkItem, rung: str, on: date = ON) -> list[str]:
    return told(session, {"item": item.id, "rung": rung, "due_on": item.due_on.isoformat()}, on)


def commune_item(session: Session) -> WorkItem:
    """The commune of the rice cake (Thọ Diên) has to assess it."""
    return opened(session, accepted(session), StepKind.COMMUNE_ASSESSMENT, CHECKED)


def person(session: Session, code: str) -> Person:
    return session.scalars(select(Person).where(Person.code == code)).one()


def office(session: Session, code: str) -> Office:
    return session.scalars(select(Office).where(Office.code == code)).one()


@pytest.mark.parametrize(
    ("rung", "who"),
    [
        ("due_soon", ["cb-xa-tho-dien"]),
        ("overdue", ["cb-xa-tho-dien"]),
        ("escalated_head", ["ct-xa-tho-dien"]),
        ("escalated_coordinator", ["chanh-vp", "dieu-phoi"]),
        ("escalated_leader", ["lanh-dao"]),
    ],
)
def test_late_commune_step_is_told_up_the_ladder(session: Session, rung: str, who: list[str]) -> None:
    assert at_rung(session, commune_item(session), rung) == who


def test_rung_beside_a_higher_one_leaves_out_whom_that_one_tells(session: Session) -> None:
    item = commune_item(session)
    leader = {"item": item.id, "rung": "overdue", "beside": "escalated_leader"}
    assert told(session, leader) == ["cb-xa-tho-dien"]

    person(session, "ct-xa-tho-dien").capacities[0].role = Role.COMMUNE_OFFICER  # the head does the work too
    assert told(session, {"item": item.id, "rung": "overdue"}) == ["cb-xa-tho-dien", "ct-xa-tho-dien"]
    assert told(session, leader | {"beside": "escalated_head"}) == ["cb-xa-tho-dien"]


def test_every_holder_of_the_role_in_the_office_is_told(session: Session) -> None:
    item = commune_item(session)
    second = Person(code="cb-2", name="Công chức thứ hai")
    session.add(second)
    give_role(session, second, Role.COMMUNE_OFFICER, date(2024, 7, 1), office=item.office)

    assert at_rung(session, item, "overdue") == ["cb-2", "cb-xa-tho-dien"]


def test_who_has_left_by_that_day_is_not_told(session: Session) -> None:
    item = commune_item(session)
    for capacity in session.scalars(select(Capacity).where(Capacity.office_id == item.office_id)):
        capacity.valid_to = date(2024, 7, 23)

    assert at_rung(session, item, "overdue", date(2024, 7, 23)) == ["cb-xa-tho-dien"]
    assert at_rung(session, item, "overdue", date(2024, 7, 24)) == ["chanh-vp", "dieu-phoi"]


def test_coordinators_are_told_instead_and_of_whom(session: Session) -> None:
    item = commune_item(session)
    person(session, "ct-xa-tho-dien").active = False
    payload = {"what": "rung", "item": item.id, "rung": "escalated_head"}

    found = recipients_of(session, payload, matter_of(session, payload, ON), ON)

    assert sorted(p.code for p in found.people) == ["chanh-vp", "dieu-phoi"]
    assert found.instead_of == "thủ trưởng của UBND xã Thọ Diên"


def test_nobody_at_all_gives_nobody(session: Session) -> None:
    item = commune_item(session)
    for one in session.scalars(select(Person)):
        one.active = False

    assert at_rung(session, item, "overdue") == []


def test_person_assigned_is_told_alone(session: Session) -> None:
    item = commune_item(session)
    for code in ("cb-2", "cb-3"):
        one = Person(code=code, name=code)
        session.add(one)
        give_role(session, one, Role.COMMUNE_OFFICER, date(2024, 7, 1), office=item.office)
    item.assignee = person(session, "cb-3")

    assert at_rung(session, item, "overdue") == ["cb-3"]


def test_producer_is_told_of_the_own_supplement_at_the_lower_rungs(session: Session) -> None:
    attempt = in_consulting(session)
    producer_of(session, product_by_name(session, CANDY))  # another producer's account, which must stay out of it
    item = opened(session, attempt, StepKind.SUPPLEMENT, REPORTED)
    own = [f"chu-the-{attempt.dossier.product.producer_id}"]

    assert [at_rung(session, item, rung) for rung in ("due_soon", "escalated_head")] == [own, own]


@pytest.mark.parametrize("kind", [StepKind.COMMUNE_ASSESSMENT, StepKind.CONSULTING, StepKind.REGISTRATION_CHECK])
def test_people_of_other_units_and_roles_are_not_told(session: Session, kind: StepKind) -> None:
    attempt = in_consulting(session)
    in_consulting(session, CANDY)  # the same steps elsewhere, whose people could be told by mistake
    item = opened(session, attempt, kind, REPORTED)

    for code in at_rung(session, item, "overdue"):
        held = session.scalars(select(Capacity).join(Person).where(Person.code == code)).all()
        assert any((c.role, c.office_id) == (item.role, item.office_id) for c in held)
    assert at_rung(session, item, "overdue")


def test_head_named_by_the_office_goes_before_posts(session: Session) -> None:
    unit = office(session, "vpdp")

    assert [c.person.code for c in heads_of(session, unit, ON)] == ["chanh-vp"]
    unit.settings = {**unit.settings, "head": "dieu-phoi"}
    assert {c.person.code for c in heads_of(session, unit, ON)} == {"dieu-phoi"}


def test_council_and_secretary_are_invited(session: Session) -> None:
    meeting = session_with(session)
    payload = {"what": "council-convened", "round": meeting.round_id, "meeting": meeting.id}

    found = recipients_of(session, payload, matter_of(session, payload, vn_date(CALLED)), vn_date(CALLED))

    assert sorted(p.code for p in found.people) == sorted([*MEMBERS, "thu-ky"])


def old_certificate(session: Session) -> Certificate:
    return register_old(
        session,
        product_by_name(session, CAKE),
        stars=3,
        decision_number="2101/QĐ-UBND",
        issued_on=date(2022, 7, 15),
        level=Level.PROVINCE,
    )


def test_milestone_of_a_certificate_is_told_to_producer_commune_and_coordinators(session: Session) -> None:
    certificate = old_certificate(session)
    producer_of(session, product_by_name(session, CANDY))
    own = producer_of(session, certificate.product)

    found = told(session, {"what": "window-open", "certificate": certificate.id})

    assert found == ["cb-xa-tho-dien", "chanh-vp", session.get_one(Person, own.person_id).code, "dieu-phoi"]


def test_roles_that_the_row_names_are_told(session: Session) -> None:
    attempt: DossierAttempt = in_consulting(session)
    payload = {"what": "dossier-carried", "attempt": attempt.id, "text": "…", "to": ["commune_officer", "leader"]}

    assert told(session, payload) == ["cb-xa-tho-dien", "lanh-dao"]


def test_row_without_roles_is_told_to_the_coordinators(session: Session) -> None:
    attempt = in_consulting(session)

    assert told(session, {"what": "run-failed", "attempt": attempt.id, "text": "…"}) == ["chanh-vp", "dieu-phoi"]


def test_escalation_leaves_out_the_person_who_is_late_but_not_the_unit_head(session: Session) -> None:
    item = commune_item(session)
    late = at_rung(session, item, "overdue")

    above = {code for rung in ("escalated_head", "escalated_leader") for code in at_rung(session, item, rung)}

    assert above == {"ct-xa-tho-dien", "lanh-dao"}
    assert not above & set(late)


def test_day_counts_for_everybody(session: Session) -> None:
    item = commune_item(session)

    assert at_rung(session, item, "escalated_leader", vn_date(at("2023-12-01"))) == []


def test_after_an_office_ended_its_successor_is_told(session: Session) -> None:
    attempt = in_consulting(session)
    facts = {"stars": 3, "decision_number": "7/QĐ", "issued_on": date(2024, 1, 10), "level": Level.DISTRICT}
    certificate = register_old(session, product_by_name(session, CANDY), **facts)  # type: ignore[arg-type]
    moved = date(2025, 7, 1)
    offices = {"general": {}, "certificate": {"certificate": certificate.id}, "attempt": {"attempt": attempt.id}}

    before = {name: matter_of(session, payload, ON).office.code for name, payload in offices.items()}
    migrate(session, moved, SYSTEM, at("2025-07-01"))
    after = {name: matter_of(session, payload, moved).office.code for name, payload in offices.items()}

    assert (set(before.values()), set(after.values())) == ({"vpdp"}, {"vpdp-tinh"})
    payload = {"what": "run-failed", "to": ["coordinator"]}
    assert told(session, payload, moved) == ["chanh-vp", "dieu-phoi"]


def test_plan_that_stayed_with_an_office_that_ended_does_not_make_it_the_coordinators_office(session: Session) -> None:
    plan = session.scalars(select(CyclePlan)).one()
    for round_ in plan.rounds:
        round_.status = RoundStatus.CLOSED  # the plan is history: it does not move
    migrate(session, date(2025, 7, 1), SYSTEM, at("2025-07-01"))

    assert plan.office.code == "vpdp"
    assert matter_of(session, {}, date(2025, 7, 1)).office.code == "vpdp-tinh"
    assert matter_of(session, {"plan": plan.id}, date(2025, 7, 1)).office.code == "vpdp-tinh"


def test_office_without_a_plan_is_told_itself(session: Session) -> None:
    other = Office(code="vpdp-0", name="VPĐP huyện khác", kind=OfficeKind.COORDINATION, level=Level.DISTRICT)
    session.add(other)
    session.flush()

    assert matter_of(session, {"what": "round-without-plan", "office": other.id}, ON).office is other


def test_who_stands_in_hears_of_that_kind_of_work(session: Session) -> None:
    item = commune_item(session)
    last = date(2024, 12, 31)
    officer = person(session, "cb-xa-tho-dien")
    delegate(session, officer, person(session, "tu-van-1"), [item.kind], ON, last, "Ốm", SYSTEM, CHECKED)
    leader = person(session, "lanh-dao")
    other = [StepKind.DECISION_SIGNING]
    delegate(session, leader, person(session, "chanh-vp"), other, ON, last, "Họp", SYSTEM, CHECKED)

    assert at_rung(session, item, "due_soon") == ["cb-xa-tho-dien", "tu-van-1"]
    assert at_rung(session, item, "due_soon", date(2024, 7, 23)) == ["cb-xa-tho-dien"]
    assert at_rung(session, item, "escalated_leader") == ["lanh-dao"]
    assert item.id in [row.id for row in open_work(session, person(session, "tu-van-1"), ON)]
