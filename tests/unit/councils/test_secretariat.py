"""The secretary of a council hands the work over: whoever takes it writes for the council from then on."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import may_see_who_submitted
from models.acting import acting_on_item
from models.enums import ItemStatus, Role
from models.offices.people import person_of_code
from models.offices.setup import give_role
from models.process.kinds import StepKind
from models.steps.council_scoring import close_scoring
from models.tables import AuditEntry, Capacity, Person, WorkItem
from models.work_items.handing_over import hand_over, hand_over_one
from tests.factories import CAKE, HELD, LONGAN, coordinator, score, session_with


def new_secretary(session: Session) -> Person:
    taker, giver = person_of_code(session, "chanh-vp"), person_of_code(session, "thu-ky")
    office = next(one.office for one in giver.capacities if one.role is Role.COUNCIL_SECRETARY)
    give_role(session, taker, Role.COUNCIL_SECRETARY, date(2024, 1, 1), office=office)
    session.flush()
    session.expire(taker)
    return taker


def seats_of(person: Person) -> list[Capacity]:
    return [one for one in person.capacities if one.role is Role.COUNCIL_SECRETARY]


def items_of(session: Session, person: Person) -> list[WorkItem]:
    query = select(WorkItem).where(WorkItem.assignee_id == person.id, WorkItem.status == ItemStatus.OPEN)
    return list(session.scalars(query.order_by(WorkItem.id)))


def test_secretary_who_takes_over_acts_for_the_council(session: Session) -> None:
    meeting = session_with(session, CAKE)
    giver, taker = person_of_code(session, "thu-ky"), new_secretary(session)

    told = hand_over(session, giver, taker, "Chuyển công tác", coordinator(session), HELD)

    assert [(line.why_not, line.item) for line in told] == [("", item.id) for item in items_of(session, taker)]
    assert meeting.council.secretary_id == taker.id
    assert [may_see_who_submitted(session, seats_of(one), meeting) for one in (giver, taker)] == [False, True]
    score(session, meeting.products[0], 60)
    item = next(one for one in items_of(session, taker) if one.kind is StepKind.COUNCIL_SESSION)
    close_scoring(session, item.id, [], acting_on_item(session, taker, item, HELD.date()), HELD)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "council.secretary-changed")).one()
    assert (entry.subject, entry.data) == (f"council:{meeting.council.id}", {"from": "thu-ky", "to": "chanh-vp"})


def test_secretary_stays_while_work_is_left(session: Session) -> None:
    meeting = session_with(session, CAKE, LONGAN)
    giver, taker = person_of_code(session, "thu-ky"), new_secretary(session)
    first, *others = items_of(session, giver)
    assert others

    hand_over_one(session, first.id, taker, "Đỡ một việc", coordinator(session), HELD)

    assert meeting.council.secretary_id == giver.id
