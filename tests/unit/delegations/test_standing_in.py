"""One person stands in for another: making the rule, finding the capacity, being let close the work."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import audit
from models.acting import acting_in, acting_on_item, capacities_by_delegation, choices_in, own_capacities
from models.actors import SYSTEM, Actor, Held, oneself
from models.database import reading
from models.delegations.making import delegate, delegation_rows, end_delegation
from models.dossiers.handing_in import submit as hand_in_dossier
from models.enums import OfficeKind, Role
from models.errors import ConflictError, InputError, NotAllowedError, NotFoundError, OcopError
from models.offices.setup import give_role
from models.process.kinds import StepKind
from models.rounds.queries import product_by_name
from models.steps.correcting import correct
from models.tables import AuditEntry, Capacity, Certificate, Delegation, Office, Outcome, Person, WorkItem
from models.work_items import bulk, check_may_close, complete, extend, suspend
from models.work_items.queries import item_rows
from tests.at_once import at_once
from tests.factories import (
    CAKE,
    CANDY,
    HANDED_IN,
    HELD,
    REPORTED,
    SIGNED,
    SIGNING,
    accepted,
    open_round,
    opened,
    producer_of,
    proposed,
    score,
    session_with,
    sheet_item,
    sheet_of,
    submission,
    submit,
)

DAY = HANDED_IN.date()
WEEK = timedelta(days=7)


def one(session: Session, code: str) -> Person:
    return session.scalars(select(Person).where(Person.code == code)).one()


def rule(session: Session, giver: str, taker: str, **changed: Any) -> Delegation:
    """A rule made by the person for a week, for all work unless told otherwise."""
    facts: dict[str, Any] = {"kinds": (), "valid_from": DAY, "valid_to": DAY + WEEK, "reason": "Nghỉ phép"} | changed
    who = facts.pop("who", None) or oneself(session, one(session, giver).id, DAY)
    return delegate(session, one(session, giver), one(session, taker), who=who, now=HANDED_IN, **facts)


def all_year(session: Session, giver: str, taker: str, *kinds: StepKind) -> Delegation:
    return rule(session, giver, taker, kinds=kinds, valid_to=date(2024, 12, 31))


def commune_officer(session: Session, item: WorkItem) -> Person:
    query = select(Person).join(Capacity).where(Capacity.office_id == item.office_id)
    return session.scalars(query.where(Capacity.role == Role.COMMUNE_OFFICER)).first() or pytest.fail("nobody there")


def commune_item(session: Session) -> WorkItem:
    return opened(session, accepted(session), StepKind.COMMUNE_ASSESSMENT, REPORTED)


# Making and ending


def test_one_rule_a_person_until_it_is_over(session: Session) -> None:
    first = rule(session, "lanh-dao", "chanh-vp")

    with pytest.raises(ConflictError, match="Trịnh Văn Sơn"):
        rule(session, "lanh-dao", "dieu-phoi")

    later = HANDED_IN + WEEK + timedelta(days=1)
    second = delegate(
        session,
        one(session, "lanh-dao"),
        one(session, "dieu-phoi"),
        [],
        later.date(),
        later.date(),
        "Họp",
        SYSTEM,
        later,
    )
    assert (first.ended_at, second.ended_at) == (later, None)


def test_two_rules_of_one_person_made_at_once_are_one(url: str) -> None:
    check_two_rules_at_once(url)


def check_two_rules_at_once(url: str) -> None:
    def making(taker: str) -> Any:
        return lambda session: rule(session, "lanh-dao", taker)

    assert sorted(at_once(url, making("chanh-vp"), making("dieu-phoi"))) == ["ConflictError", "ok"]
    with reading(url) as session:
        assert len(session.scalars(select(Delegation)).all()) == 1


def test_rule_is_made_by_the_person_or_an_administrator(session: Session) -> None:
    with pytest.raises(NotAllowedError):
        rule(session, "lanh-dao", "chanh-vp", who=oneself(session, one(session, "chanh-vp").id, DAY))
    person_id = one(session, "tu-van-1").id

    made = rule(session, "lanh-dao", "chanh-vp", who=Actor(person_id, Role.ADMINISTRATOR))

    assert made.created_by_id == person_id


def test_stand_in_makes_no_rule_for_whom_they_stand_in_for(session: Session) -> None:
    rule(session, "lanh-dao", "chanh-vp")
    stand_in = acting_in(session, one(session, "chanh-vp"), [Role.LEADER], DAY)
    end_delegation(session, one(session, "lanh-dao"), SYSTEM, HANDED_IN)

    with pytest.raises(NotAllowedError):
        rule(session, "lanh-dao", "dieu-phoi", who=stand_in)


@pytest.mark.parametrize(
    ("giver", "taker", "changed", "field"),
    [
        ("lanh-dao", "chanh-vp", {"reason": " "}, "reason"),
        ("lanh-dao", "chanh-vp", {"valid_to": DAY - timedelta(days=1)}, "valid_to"),
        ("lanh-dao", "chanh-vp", {"valid_from": DAY + WEEK, "valid_to": DAY}, "valid_to"),
        ("lanh-dao", "chanh-vp", {"kinds": [StepKind.SCORE_SHEET]}, "kinds"),
        ("lanh-dao", "lanh-dao", {}, "to"),
        ("hd-nnptnt", "chanh-vp", {}, "from"),
    ],
)
def test_rule_that_cannot_be_is_refused_at_its_field(
    session: Session, giver: str, taker: str, changed: dict[str, Any], field: str
) -> None:
    only_seat = session.scalars(select(Capacity).where(Capacity.person_id == one(session, "hd-nnptnt").id)).all()
    for capacity in only_seat:
        capacity.role = Role.COUNCIL_MEMBER
    with pytest.raises(InputError) as refused:
        rule(session, giver, taker, **changed)
    assert [problem.field for problem in refused.value.problems] == [field]


@pytest.mark.parametrize("role", [Role.PRODUCER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_is_no_staff_does_not_stand_in_for_staff(session: Session, role: Role) -> None:
    person = Person(code="ngoai", name="Người Ngoài")
    session.add(person)
    producer_id = product_by_name(session, CAKE).producer_id if role is Role.PRODUCER else None
    give_role(session, person, role, date(2024, 1, 1), producer_id=producer_id)
    session.flush()

    with pytest.raises(InputError) as refused:
        rule(session, "lanh-dao", "ngoai")
    assert [problem.field for problem in refused.value.problems] == ["to"]


def test_rule_ends_early_by_either_of_both_and_by_nobody_else(session: Session) -> None:
    made = rule(session, "lanh-dao", "chanh-vp")
    giver = one(session, "lanh-dao")

    with pytest.raises(NotAllowedError):
        end_delegation(session, giver, oneself(session, one(session, "dieu-phoi").id, DAY), HANDED_IN)
    assert [row.state for row in delegation_rows(session, DAY)] == ["đang có hiệu lực"]
    end_delegation(session, giver, oneself(session, one(session, "chanh-vp").id, DAY), HANDED_IN)

    assert made.ended_at == HANDED_IN
    assert delegation_rows(session, DAY) == []
    assert [row.state for row in delegation_rows(session, DAY, ended=True)] == ["đã kết thúc"]
    with pytest.raises(NotFoundError):
        end_delegation(session, giver, SYSTEM, HANDED_IN)


# Finding the capacity


def test_capacities_by_delegation_hold_within_the_days_only(session: Session) -> None:
    rule(session, "lanh-dao", "chanh-vp")
    taker = one(session, "chanh-vp")
    days = [DAY + timedelta(days=n) for n in (-1, 0, 7, 8)]

    found = [[held.capacity.role for held in capacities_by_delegation(session, taker, day)] for day in days]

    assert found == [[], [Role.LEADER], [Role.LEADER], []]


def test_rules_do_not_chain(session: Session) -> None:
    rule(session, "lanh-dao", "chanh-vp")
    rule(session, "chanh-vp", "tu-van-1")

    found = capacities_by_delegation(session, one(session, "tu-van-1"), DAY)

    assert {held.capacity.role for held in found} == {Role.COORDINATOR}


def test_council_seat_is_not_among_what_is_delegated(session: Session) -> None:
    seat = one(session, "hd-nnptnt")
    roles = {held.capacity.role for held in own_capacities(session, seat, DAY)}
    assert Role.COUNCIL_MEMBER in roles
    office = session.scalars(select(Office).where(Office.code == "phong-nnptnt")).one()
    give_role(session, seat, Role.TECHNICAL_OFFICER, date(2024, 1, 1), office=office)
    session.flush()
    rule(session, "hd-nnptnt", "chanh-vp")

    found = capacities_by_delegation(session, one(session, "chanh-vp"), DAY)

    assert {held.capacity.role for held in found} == (roles | {Role.TECHNICAL_OFFICER}) - {Role.COUNCIL_MEMBER}


def test_own_capacity_comes_before_one_of_another(session: Session) -> None:
    rule(session, "dieu-phoi", "chanh-vp")
    person = one(session, "chanh-vp")

    own = acting_in(session, person, [Role.COORDINATOR], DAY)
    chosen = acting_in(session, person, [Role.COORDINATOR], DAY, on_behalf_of=one(session, "dieu-phoi").id)

    assert (own.on_behalf_of, chosen.on_behalf_of) == (None, one(session, "dieu-phoi").id)


def test_rule_for_some_work_is_for_no_other_act(session: Session) -> None:
    rule(session, "dieu-phoi", "tu-van-1", kinds=[StepKind.REGISTRATION_CHECK])

    assert choices_in(session, one(session, "tu-van-1"), [Role.COORDINATOR], DAY) == []
    with pytest.raises(NotAllowedError, match="Cán bộ điều phối"):
        acting_in(session, one(session, "tu-van-1"), [Role.COORDINATOR], DAY)


def test_several_roles_ask_for_a_choice(session: Session) -> None:
    rule(session, "lanh-dao", "tu-van-1")
    end_delegation(session, one(session, "lanh-dao"), SYSTEM, HANDED_IN)
    office = session.scalars(select(Office).where(Office.kind == OfficeKind.AUTHORITY)).first()
    give_role(session, one(session, "dieu-phoi"), Role.LEADER, date(2024, 1, 1), office=office)
    session.flush()
    both = [Role.COORDINATOR, Role.LEADER]

    with pytest.raises(InputError) as asked:
        acting_in(session, one(session, "dieu-phoi"), both, DAY)
    assert asked.value.problems[0].field == "role"
    assert acting_in(session, one(session, "dieu-phoi"), both, DAY, role=Role.LEADER).role is Role.LEADER


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_act_that_is_no_work_item_asks_for_the_rule_again(session: Session, role: Role) -> None:
    """A page left open over the last day, or an actor made up: the audit trail takes neither."""
    rule(session, "dieu-phoi", "tu-van-1")
    giver, taker = one(session, "dieu-phoi"), one(session, "tu-van-1")
    who = Actor(taker.id, role, on_behalf_of=giver.id)
    if role is Role.COORDINATOR:
        audit.record(session, who, "round.opened", "round:1", HANDED_IN)
        end_delegation(session, giver, SYSTEM, HANDED_IN)

    with pytest.raises(NotAllowedError, match=f"Không có ủy quyền của {giver.name}"):
        audit.record(session, who, "round.opened", "round:1", HANDED_IN)


def test_bulk_act_is_done_as_whom_the_person_chose(session: Session) -> None:
    item = opened(session, submit(session), StepKind.REGISTRATION_CHECK, HANDED_IN)
    for giver in ("dieu-phoi", "chanh-vp"):
        all_year(session, giver, "tu-van-1", StepKind.REGISTRATION_CHECK)
    taker, chosen = one(session, "tu-van-1"), one(session, "chanh-vp")
    act = bulk.BulkAct("claim", on_behalf_of=chosen.id)

    seen = bulk.preview(session, act, [item.id], taker, HANDED_IN)
    bulk.apply(session, act, [item.id], taker, HANDED_IN, fingerprint=seen.fingerprint)

    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "item.claimed")).all()
    assert (entry.actor_id, entry.on_behalf_of_id, item.claimed_by_id) == (taker.id, chosen.id, taker.id)


# Closing work


def test_delegate_closes_the_item_and_both_are_kept(session: Session) -> None:
    item = commune_item(session)
    officer = commune_officer(session, item)
    all_year(session, officer.code, "dieu-phoi", StepKind.COMMUNE_ASSESSMENT)
    person = one(session, "dieu-phoi")

    who = acting_on_item(session, person, item, REPORTED.date())
    outcome = complete(session, item.id, proposed(), who, REPORTED)

    assert (outcome.actor_id, outcome.on_behalf_of_id) == (person.id, officer.id)
    query = select(AuditEntry).where(AuditEntry.act == "item.completed", AuditEntry.subject == item.subject)
    entries = [e for e in session.scalars(query) if e.data["item"] == item.id]
    assert [(e.actor_id, e.on_behalf_of_id, e.capacity) for e in entries] == [
        (person.id, officer.id, Role.COMMUNE_OFFICER)
    ]


@pytest.mark.parametrize("end", ["ended", "another_kind", "over", "nobody"])
def test_stale_or_foreign_stand_in_is_refused_by_the_domain(session: Session, end: str) -> None:
    item = commune_item(session)
    officer, person = commune_officer(session, item), one(session, "dieu-phoi")
    kind = StepKind.RENEWAL_COMMUNE if end == "another_kind" else StepKind.COMMUNE_ASSESSMENT
    last = REPORTED.date() - timedelta(days=1) if end == "over" else REPORTED.date()
    if end != "nobody":
        rule(session, officer.code, "dieu-phoi", kinds=[kind], valid_to=last)
    if end == "ended":
        end_delegation(session, officer, SYSTEM, HANDED_IN)
    stale = Actor(person.id, Role.COMMUNE_OFFICER, item.office_id, on_behalf_of=officer.id)

    with pytest.raises(NotAllowedError, match="không có ủy quyền"):
        complete(session, item.id, proposed(), stale, REPORTED)


def test_score_sheet_is_never_handed_in_for_another(session: Session) -> None:
    meeting = session_with(session)
    product = meeting.products[0]
    member, person = one(session, "hd-pho"), one(session, "chanh-vp")
    session.add(
        Delegation(  # as a row made by hand would be
            from_person_id=member.id,
            to_person_id=person.id,
            kinds=[],
            valid_from=DAY,
            valid_to=date(2024, 12, 31),
            reason="Ốm",
            created_at=HANDED_IN,
        )
    )
    session.flush()
    item = sheet_item(session, product, "hd-pho")
    seat = next(h.capacity for h in own_capacities(session, member, HELD.date()) if h.capacity.role is item.role)
    stand_in = Held(person.id, seat, session.scalars(select(Delegation)).one()).actor
    form = {"outcome": "scored", "choices": sheet_of(60)}

    with pytest.raises(NotAllowedError, match="không ai chấm thay được"):
        complete(session, item.id, form, stand_in, HELD)
    with pytest.raises(NotAllowedError):
        acting_on_item(session, person, item, HELD.date())
    assert product.sheets == []


def test_stand_in_of_the_secretary_closes_the_meeting_and_of_the_leader_signs(session: Session) -> None:
    meeting = session_with(session)
    score(session, meeting.products[0], 60)
    secretary = meeting.council.secretary
    all_year(session, secretary.code, "dieu-phoi")
    all_year(session, "lanh-dao", "chanh-vp", StepKind.DECISION_SIGNING)
    item = opened(session, meeting.round, StepKind.COUNCIL_SESSION, HELD)
    who = acting_on_item(session, one(session, "dieu-phoi"), item, HELD.date())
    complete(session, item.id, {"outcome": "concluded", "minutes_number": "05/BB-HĐ"}, who, HELD)
    for kind in (StepKind.COUNCIL_EVALUATION, StepKind.DECISION):
        opened(session, meeting.products[0].attempt, kind, HELD)
    signing = opened(session, meeting.round, StepKind.DECISION_SIGNING, HELD)

    who = acting_on_item(session, one(session, "chanh-vp"), signing, SIGNED.date())
    complete(session, signing.id, SIGNING, who, SIGNED)

    stated = session.scalars(select(Outcome).where(Outcome.on_behalf_of_id.is_not(None)).order_by(Outcome.id)).all()
    assert {
        (o.item.kind, o.actor.code if o.actor else "", o.on_behalf_of.code if o.on_behalf_of else "") for o in stated
    } == {
        (StepKind.COUNCIL_EVALUATION, "dieu-phoi", secretary.code),
        (StepKind.COUNCIL_SESSION, "dieu-phoi", secretary.code),
        (StepKind.DECISION, "chanh-vp", "lanh-dao"),
        (StepKind.DECISION_SIGNING, "chanh-vp", "lanh-dao"),
    }
    assert session.scalars(select(Certificate)).one().stars == 3


def test_stand_in_hands_in_extends_suspends_and_corrects_as_the_person_would(session: Session) -> None:
    open_round(session)
    product = product_by_name(session, CAKE)
    owner = producer_of(session, product)
    owner_code = session.get_one(Person, owner.person_id).code
    all_year(session, owner_code, "tu-van-1")
    helper = acting_in(session, one(session, "tu-van-1"), [Role.PRODUCER], DAY)
    attempt = hand_in_dossier(session, submission(), helper, HANDED_IN)
    assert attempt.submitted_by_id == one(session, "tu-van-1").id

    all_year(session, "dieu-phoi", "hd-nnptnt")
    person = one(session, "hd-nnptnt")
    item = opened(session, attempt, StepKind.REGISTRATION_CHECK, HANDED_IN)
    who = acting_in(session, person, [Role.COORDINATOR], DAY)
    due = item.due_on
    extend(session, item.id, 3, "Chờ giấy", who, HANDED_IN, office=item.owner_office)
    assert item.due_on > due
    suspend(session, item.id, "Chờ chủ thể", who, HANDED_IN)
    complete(session, item.id, {"outcome": "accepted", "note": "Đủ"}, who, HANDED_IN)
    correct(session, item.id, {"note": "Đủ cả"}, "Gõ thiếu", who, HANDED_IN)

    entries = session.scalars(select(AuditEntry).where(AuditEntry.actor_id == person.id).order_by(AuditEntry.id)).all()
    assert {entry.act for entry in entries} >= {"item.extended", "item.suspended", "item.completed", "item.corrected"}
    assert {entry.on_behalf_of_id for entry in entries} == {one(session, "dieu-phoi").id}


def test_list_of_a_stand_in_is_what_the_domain_lets_close(session: Session) -> None:
    commune_work = opened(session, accepted(session, CANDY), StepKind.COMMUNE_ASSESSMENT, REPORTED)
    meeting = session_with(session)
    all_year(session, commune_officer(session, commune_work).code, "tu-van-1")
    all_year(session, meeting.council.secretary.code, "tu-van-1", StepKind.COUNCIL_CONVENING)
    on = HELD.date()
    held = capacities_by_delegation(session, one(session, "tu-van-1"), on)
    items = session.scalars(select(WorkItem).where(WorkItem.status == "open")).all()

    listed = [{row.id for row in item_rows(session, on, mine=[each])} for each in held]

    assert listed == [{item.id for item in items if _lets(session, item, each, on)} for each in held]
    assert commune_work.id in set().union(*listed)


def _lets(session: Session, item: WorkItem, held: Held, on: date) -> bool:
    try:
        check_may_close(session, item, held.actor, on)
    except OcopError:
        return False
    return True


def test_second_rule_is_refused_by_the_database_too(session: Session) -> None:
    rule(session, "lanh-dao", "chanh-vp")
    facts = {"kinds": [], "valid_from": DAY, "valid_to": DAY, "reason": "Họp", "created_at": HANDED_IN}
    people = {"from_person_id": one(session, "lanh-dao").id, "to_person_id": one(session, "dieu-phoi").id}
    session.add(Delegation(**people, **facts))

    with pytest.raises(IntegrityError):
        session.flush()
