"""`ocop task list --mine` offers exactly the items that the domain lets the person close."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.errors import NotAllowedError
from models.process.kinds import StepKind
from models.tables import Capacity, WorkItem
from models.work_items import check_may_close
from models.work_items.queries import holders_of, item_rows
from tests.factories import (
    CAKE,
    CANDY,
    HANDED_IN,
    LONGAN,
    NOT_READY,
    VISITED,
    close,
    in_consulting,
    opened,
    session_with,
    submit,
)


def _everything_open(session: Session) -> list[WorkItem]:
    """Open items for an office, a producer, one member of the council and its secretary."""
    supplementing = in_consulting(session, CANDY)
    close(session, supplementing, StepKind.CONSULTING, NOT_READY, VISITED)
    opened(session, supplementing, StepKind.SUPPLEMENT, VISITED)
    session_with(session, CAKE)
    return list(session.scalars(select(WorkItem)))


def _may_close(session: Session, capacity: Capacity, item: WorkItem) -> bool:
    who = Actor(capacity.person_id, capacity.role, capacity.office_id, capacity.producer_id)
    try:
        check_may_close(session, item, who, HANDED_IN.date())
    except NotAllowedError:
        return False
    return True


def test_mine_is_what_the_domain_allows(session: Session) -> None:
    submit_other = submit(session, LONGAN)
    opened(session, submit_other, StepKind.REGISTRATION_CHECK, HANDED_IN)
    items = [item for item in _everything_open(session) if item.status == "open"]
    capacities = session.scalars(select(Capacity)).all()

    listed = {c.id: {row.id for row in item_rows(session, HANDED_IN.date(), mine=[c])} for c in capacities}

    assert listed == {c.id: {i.id for i in items if _may_close(session, c, i)} for c in capacities}
    assert {item.role.value for item in items if any(item.id in found for found in listed.values())} == {
        "coordinator",
        "producer",
        "council_member",
        "council_secretary",
    }


def test_holders_are_those_whom_the_domain_lets_close(session: Session) -> None:
    items = _everything_open(session)
    capacities = session.scalars(select(Capacity)).all()

    for item in items:
        holders = {capacity.id for capacity in holders_of(session, item, HANDED_IN.date())}
        assert holders == {capacity.id for capacity in capacities if _may_close(session, capacity, item)}


def test_nobody_without_a_capacity_has_items(session: Session) -> None:
    _everything_open(session)

    assert item_rows(session, HANDED_IN.date(), mine=[]) == []
