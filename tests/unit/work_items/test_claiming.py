"""Claiming an item of a unit, giving it back, handing work over, the same act on many."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.acting import acting_on_item, acting_to_hand_over
from models.actors import Actor, oneself
from models.delegations.making import delegate
from models.enums import ItemStatus, OfficeKind, OutboxKind, Role
from models.errors import ConflictError, InputError, NotAllowedError, NotFoundError, WrongMomentError
from models.offices.setup import give_role
from models.process.kinds import StepKind
from models.steps.correcting import correct
from models.tables import AuditEntry, Capacity, ClockEntry, Office, OutboxMessage, Person, WorkItem
from models.work_items import cancel_open_items, complete, open_item
from models.work_items.bulk import BulkAct, apply, preview
from models.work_items.claiming import claim, release
from models.work_items.handing_over import HandOver, hand_over
from models.work_items.opening import Addressee
from models.work_items.queries import holders_of, item_detail, item_rows
from models.work_items.terms import Budget
from tests.at_once import check_two_claims
from tests.factories import (
    CALLED,
    CANDY,
    REPORTED,
    accepted,
    coordinator,
    opened,
    proposed,
    session_with,
)

DAY = REPORTED.date()


def officer(session: Session, item: WorkItem, code: str) -> Person:
    """One more officer of the commune that the item waits for."""
    person = Person(code=code, name=f"Cán bộ {code}")
    session.add(person)
    give_role(session, person, Role.COMMUNE_OFFICER, date(2024, 1, 1), office=item.office)
    session.flush()
    return person


def acting(person: Person, item: WorkItem) -> Actor:
    return Actor(person.id, item.role, item.office_id)


@pytest.fixture
def item(session: Session) -> WorkItem:
    """Waits for a commune."""
    return opened(session, accepted(session), StepKind.COMMUNE_ASSESSMENT, REPORTED)


@pytest.fixture
def two(session: Session, item: WorkItem) -> tuple[Person, Person]:
    """Two officers of that commune."""
    return officer(session, item, "cb-mot"), officer(session, item, "cb-hai")


Two = tuple[Person, Person]


def test_claimed_item_is_closed_by_its_claimer_only(session: Session, item: WorkItem, two: Two) -> None:
    one, other = two
    claim(session, item.id, acting(one, item), REPORTED)

    with pytest.raises(NotAllowedError, match="Cán bộ cb-mot đã nhận"):
        complete(session, item.id, proposed(), acting(other, item), REPORTED)
    complete(session, item.id, proposed(), acting(one, item), REPORTED)

    assert item.status is ItemStatus.DONE


def test_claim_is_shown_recorded_and_once(session: Session, item: WorkItem, two: Two) -> None:
    one, other = two
    version = item.version
    claim(session, item.id, acting(one, item), REPORTED)
    claim(session, item.id, acting(one, item), REPORTED)

    with pytest.raises(NotAllowedError):
        claim(session, item.id, acting(other, item), REPORTED)

    session.expire(item)
    assert item.version == version + 1
    assert item_detail(session, item.id, DAY).item.claimed_by == "Cán bộ cb-mot"
    entries = session.scalars(select(AuditEntry).where(AuditEntry.act == "item.claimed")).all()
    assert [(entry.actor_id, entry.data["item"]) for entry in entries] == [(one.id, item.id)]


def test_claimed_item_leaves_the_lists_of_the_others(session: Session, item: WorkItem, two: Two) -> None:
    claim(session, item.id, acting(two[0], item), REPORTED)

    listed = [[row.id for row in item_rows(session, DAY, mine=person.capacities)] for person in two]

    assert listed == [[item.id], []]
    assert [holder.person_id for holder in holders_of(session, item, DAY)] == [two[0].id]


def test_item_of_a_claimer_who_left_is_its_units_again_for_notices(session: Session, item: WorkItem, two: Two) -> None:
    claim(session, item.id, acting(two[0], item), REPORTED)
    two[0].active = False
    session.flush()

    assert two[1].id in [holder.person_id for holder in holders_of(session, item, DAY)]


def test_delegate_of_the_claimer_closes_and_claims_for_both(session: Session, item: WorkItem, two: Two) -> None:
    one, other = two
    stand_in = session.scalars(select(Person).where(Person.code == "tu-van-1")).one()
    who = oneself(session, one.id, DAY)
    delegate(session, one, stand_in, [], DAY, date(2024, 12, 31), "Ốm", who, REPORTED)
    claim(session, item.id, acting_on_item(session, stand_in, item, DAY), REPORTED)
    assert item.claimed_by_id == stand_in.id

    with pytest.raises(NotAllowedError):
        complete(session, item.id, proposed(), acting(other, item), REPORTED)
    outcome = complete(session, item.id, proposed(), acting_on_item(session, stand_in, item, DAY), REPORTED)

    assert (outcome.actor_id, outcome.on_behalf_of_id) == (stand_in.id, one.id)


def test_item_given_by_name_or_closed_is_not_claimed(session: Session, item: WorkItem, two: Two) -> None:
    item.assignee_id = two[0].id
    session.flush()
    with pytest.raises(WrongMomentError, match="đích danh"):
        claim(session, item.id, acting(two[0], item), REPORTED)

    item.assignee_id = None
    complete(session, item.id, proposed(), acting(two[0], item), REPORTED)
    with pytest.raises(WrongMomentError, match="đã đóng"):
        claim(session, item.id, acting(two[0], item), REPORTED)


def test_release_by_claimer_or_by_its_coordinator_with_a_reason(session: Session, item: WorkItem, two: Two) -> None:
    one, other = two
    claim(session, item.id, acting(one, item), REPORTED)
    with pytest.raises(NotAllowedError):
        release(session, item.id, "Tôi làm", acting(other, item), REPORTED)
    elsewhere = Actor(coordinator(session).person_id, Role.COORDINATOR, item.office_id)
    with pytest.raises(NotAllowedError):
        release(session, item.id, "Tôi làm", elsewhere, REPORTED)
    with pytest.raises(InputError):
        release(session, item.id, " ", coordinator(session), REPORTED)
    assert item.claimed_by_id == one.id

    release(session, item.id, "", acting(one, item), REPORTED)
    assert item.claimed_by_id is None
    claim(session, item.id, acting(other, item), REPORTED)
    release(session, item.id, "Nghỉ ốm", coordinator(session), REPORTED)

    entries = session.scalars(select(AuditEntry).where(AuditEntry.act == "item.released").order_by(AuditEntry.id)).all()
    assert [(entry.reason, entry.data["claimed_by"]) for entry in entries] == [("", one.id), ("Nghỉ ốm", other.id)]
    with pytest.raises(WrongMomentError):
        release(session, item.id, "Lần nữa", coordinator(session), REPORTED)


def test_item_opened_again_is_nobodys(session: Session, item: WorkItem, two: Two) -> None:
    claim(session, item.id, acting(two[0], item), REPORTED)
    cancel_open_items(session, item.subject, "Thử", coordinator(session), REPORTED)

    again = open_item(
        session,
        item.kind,
        item.subject,
        office=item.owner_office,
        to=Addressee(office_id=item.office_id),
        budget=Budget(5, "working", "Thử"),
        now=REPORTED,
        attempt_id=item.attempt_id,
        round_id=item.round_id,
    )

    assert (again.id, again.status, again.claimed_by_id) == (item.id, ItemStatus.OPEN, None)


def test_colleague_corrects_what_the_claimer_stated(session: Session, item: WorkItem, two: Two) -> None:
    claim(session, item.id, acting(two[0], item), REPORTED)
    complete(session, item.id, proposed(), acting(two[0], item), REPORTED)

    outcome = correct(session, item.id, {"report_number": "16/BC"}, "Gõ nhầm", acting(two[1], item), REPORTED)

    assert (outcome.version, outcome.actor_id) == (2, two[1].id)


def test_two_claims_at_once_are_one(url: str) -> None:
    check_two_claims(url)


# Handing over


def told(lines: list[HandOver]) -> dict[int, bool]:
    return {line.item: not line.why_not for line in lines}


def test_claimed_and_assigned_items_are_handed_over_and_sheets_stay(session: Session, item: WorkItem, two: Two) -> None:
    one, other = two
    claim(session, item.id, acting(one, item), REPORTED)
    sheets = _sheets_of(session, one)
    who = oneself(session, one.id, DAY)

    seen = hand_over(session, one, other, "Chuyển công tác", who, REPORTED, dry_run=True)
    assert item.claimed_by_id == one.id
    done = hand_over(session, one, other, "Chuyển công tác", who, REPORTED)

    assert done == seen
    assert told(done) == {item.id: True} | dict.fromkeys(sheets, False)
    assert item.claimed_by_id == other.id
    assert {line.why_not for line in done if line.why_not} == {"phiếu chấm là ý kiến riêng của thành viên hội đồng"}
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "item.handed_over")).one()
    assert (entry.reason, entry.data["from"], entry.data["to"]) == ("Chuyển công tác", "cb-mot", "cb-hai")


def _sheets_of(session: Session, person: Person) -> list[int]:
    """The person gets a member's open sheets."""
    sheet = WorkItem(
        key="sheet:1/score_sheet/1/m1",
        subject="sheet:1",
        kind=StepKind.SCORE_SHEET,
        owner_office_id=coordinator(session).office_id,
        round_id=session.scalars(select(WorkItem.round_id).limit(1)).one(),
        attempt_id=session.scalars(select(WorkItem.attempt_id).where(WorkItem.attempt_id.is_not(None)).limit(1)).one(),
        role=Role.COUNCIL_MEMBER,
        assignee_id=person.id,
        opened_at=REPORTED,
        due_on=DAY,
    )
    session.add(sheet)
    session.flush()
    return [sheet.id]


def test_secretarys_work_goes_to_one_who_holds_the_role_in_that_office_only(session: Session) -> None:
    meeting = session_with(session)
    secretary = meeting.council.secretary
    item = session.scalars(select(WorkItem).where(WorkItem.kind == StepKind.COUNCIL_SESSION)).one()
    offices = {office.kind: office for office in session.scalars(select(Office).order_by(Office.id.desc()))}
    own = session.scalars(select(Capacity).where(Capacity.person_id == secretary.id, Capacity.role == item.role)).one()
    at_home, elsewhere = (Person(code=code, name=code) for code in ("thu-ky-hai", "thu-ky-khac"))
    session.add_all([at_home, elsewhere])
    give_role(session, at_home, item.role, date(2024, 1, 1), office=own.office)
    give_role(session, elsewhere, item.role, date(2024, 1, 1), office=offices[OfficeKind.COMMUNE])
    session.flush()
    who = coordinator(session)

    kept = hand_over(session, secretary, elsewhere, "Nghỉ", who, CALLED)
    assert [line.why_not for line in kept if line.item == item.id] == [
        "thu-ky-khac không giữ vai trò «Thư ký hội đồng» ở đơn vị đó"
    ]
    given = hand_over(session, secretary, at_home, "Nghỉ", who, CALLED)

    assert told(given)[item.id]
    assert item.assignee_id == at_home.id
    assert acting_on_item(session, at_home, item, CALLED.date()).person_id == at_home.id
    told_of = f"notify:opened:{item.key}:{item.version}"
    query = select(OutboxMessage).where(OutboxMessage.kind == OutboxKind.NOTIFICATION, OutboxMessage.key == told_of)
    assert session.scalars(query).one().payload["item"] == item.id


def test_hand_over_is_asked_by_the_person_a_coordinator_or_an_administrator(
    session: Session, item: WorkItem, two: Two
) -> None:
    one, other = two
    claim(session, item.id, acting(one, item), REPORTED)

    with pytest.raises(NotAllowedError):
        hand_over(session, one, other, "Lấy việc", acting(other, item), REPORTED)
    with pytest.raises(InputError):
        hand_over(session, one, other, " ", coordinator(session), REPORTED)
    with pytest.raises(InputError):
        hand_over(session, one, one, "Thử", coordinator(session), REPORTED)
    elsewhere = Actor(coordinator(session).person_id, Role.COORDINATOR, item.office_id)
    refused = hand_over(session, one, other, "Thử", elsewhere, REPORTED)
    assert [line.why_not for line in refused] == ["việc thuộc văn phòng khác phụ trách"]
    assert item.claimed_by_id == one.id


# Many at once


@pytest.fixture
def items(session: Session, item: WorkItem) -> list[WorkItem]:
    """Items of two communes."""
    attempt = accepted(session, CANDY)
    return [item, opened(session, attempt, StepKind.COMMUNE_ASSESSMENT, REPORTED)]


def chief(session: Session) -> Person:
    return session.scalars(select(Person).where(Person.code == "dieu-phoi")).one()


def state(session: Session) -> tuple[Any, ...]:
    """What a trial must not leave behind."""
    tables = (ClockEntry, AuditEntry, OutboxMessage)
    counts = [session.scalar(select(func.count()).select_from(table)) for table in tables]
    rows = session.execute(select(WorkItem.id, WorkItem.version, WorkItem.due_on, WorkItem.claimed_by_id)).all()
    return (*counts, sorted(tuple(row) for row in rows))


def test_preview_tells_of_each_and_leaves_nothing(session: Session, items: list[WorkItem]) -> None:
    before = state(session)
    done = session.scalars(select(WorkItem).where(WorkItem.status == ItemStatus.DONE)).all()[0]
    ids = [done.id, *(item.id for item in items)]

    seen = preview(session, BulkAct("extend", "Chờ kiểm nghiệm", days=3), ids, chief(session), REPORTED)

    assert state(session) == before
    assert [(line.item, line.why_not) for line in seen.lines] == [
        (number, "Việc này đã đóng nên không gia hạn được." if number == done.id else "") for number in sorted(ids)
    ]
    assert all(line.due_after > line.due_on for line in seen.lines if not line.why_not)
    assert not seen.possible


def test_apply_does_what_was_previewed_to_all(session: Session, items: list[WorkItem]) -> None:
    act, ids = BulkAct("extend", "Chờ kiểm nghiệm", days=3), [item.id for item in items]
    seen = preview(session, act, ids, chief(session), REPORTED)

    apply(session, act, ids, chief(session), REPORTED, fingerprint=seen.fingerprint)

    assert [item.due_on for item in items] == [line.due_after for line in seen.lines]


def test_apply_is_refused_when_something_changed_meanwhile(session: Session, items: list[WorkItem]) -> None:
    act, ids = BulkAct("extend", "Chờ kiểm nghiệm", days=3), [item.id for item in items]
    seen = preview(session, act, ids, chief(session), REPORTED)
    claim(session, items[1].id, acting(officer(session, items[1], "cb-ba"), items[1]), REPORTED)
    before = state(session)

    with pytest.raises(ConflictError):
        apply(session, act, ids, chief(session), REPORTED, fingerprint=seen.fingerprint)
    longer = BulkAct("extend", "Chờ kiểm nghiệm", days=30)
    with pytest.raises(ConflictError):
        apply(session, longer, ids, chief(session), REPORTED, fingerprint=seen.fingerprint)

    assert state(session) == before


def test_apply_touches_none_when_one_refuses(session: Session, item: WorkItem, two: Two) -> None:
    done = session.scalars(select(WorkItem).where(WorkItem.status == ItemStatus.DONE)).all()[0]
    act, ids = BulkAct("claim"), [item.id, done.id]
    seen = preview(session, act, ids, two[0], REPORTED)
    before = state(session)

    with pytest.raises(InputError) as refused:
        apply(session, act, ids, two[0], REPORTED, fingerprint=seen.fingerprint)

    assert [problem.field for problem in refused.value.problems] == [f"item:{done.id}"]
    assert state(session) == before


def test_claim_hand_over_and_release_of_many(session: Session, item: WorkItem, two: Two) -> None:
    one, other = two
    for act, person, holder in (
        (BulkAct("claim"), one, one.id),
        (BulkAct("hand_over", "Nghỉ phép", to=other.code), chief(session), other.id),
        (BulkAct("release", "Nghỉ ốm"), chief(session), None),
    ):
        seen = preview(session, act, [item.id], person, REPORTED)
        assert [line.why_not for line in seen.lines] == [""]
        apply(session, act, [item.id], person, REPORTED, fingerprint=seen.fingerprint)
        assert item.claimed_by_id == holder


def test_nobody_passes_round_authority_by_doing_many_at_once(session: Session, items: list[WorkItem]) -> None:
    outsider = session.scalars(select(Person).where(Person.code == "tu-van-1")).one()
    reader = Person(code="kiem-toan", name="Người đọc mọi việc")
    session.add(reader)
    give_role(session, reader, Role.AUDITOR, date(2024, 1, 1))
    ids = [item.id for item in items]
    for act in (BulkAct("extend", "Thử", days=1), BulkAct("claim"), BulkAct("hand_over", "Thử", to="tu-van-1")):
        assert all(line.why_not for line in preview(session, act, ids, reader, REPORTED).lines)
        with pytest.raises(NotFoundError, match=f"Không có việc số {min(ids)}"):
            preview(session, act, ids, outsider, REPORTED)
    assert acting_to_hand_over(session, outsider, DAY).role is Role.CONSULTANT


@pytest.mark.parametrize("ids", [[], list(range(1, 502))])
def test_no_item_or_too_many_are_refused(session: Session, ids: list[int]) -> None:
    with pytest.raises(InputError):
        preview(session, BulkAct("claim"), ids, chief(session), REPORTED)
