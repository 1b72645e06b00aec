"""A person's calendar (iCalendar): deadlines of the own work, council meetings; found by a private token."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from secrets import token_urlsafe

import icalendar
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.acting import capacities_of
from models.clock import vn_date
from models.instance import instance_id
from models.notifications.composing import item_title
from models.notifications.invitations import PRODUCER_ID, meeting_event, sequence_of
from models.notifications.links import link_to
from models.notifications.matters import Matter, matter_of
from models.process import step_definition
from models.tables import CalendarToken, Council, CouncilMember, CouncilSession, Person, WorkItem
from models.work_items.queries import item_by_id, item_rows


def calendar_of(session: Session, person: Person, now: datetime) -> str:
    """All open deadlines of the person's work and the meetings of the person's councils, as one iCalendar file.

    The same entry keeps its UID; its SEQUENCE grows when its day moves, so that programs that subscribe move it too.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCER_ID)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"OCOP – {person.name}")
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for item in _open_work(session, person, vn_date(now)):
        calendar.add_component(_deadline(session, item, now))
    for meeting in _meetings(session, person, vn_date(now)):
        link = link_to(session, Matter(meeting.round.plan.office, round=meeting.round, meeting=meeting))
        calendar.add_component(meeting_event(session, meeting, sequence_of(session, meeting), link, now))
    text: str = calendar.to_ical().decode()
    return text


def calendar_token(session: Session, person: Person, *, renew: bool = False) -> str:
    """The secret part of the address of the person's calendar, made on first use; `renew` makes the old one useless."""
    row = session.get(CalendarToken, person.id)
    if row is None:
        row = CalendarToken(person_id=person.id, token=token_urlsafe(32))
        session.add(row)
    elif renew:
        row.token = token_urlsafe(32)
    session.flush()
    return row.token


def person_of_token(session: Session, token: str) -> Person | None:
    """Whose calendar a token opens; `None` when it opens none, or its owner is no longer active."""
    query = select(Person).join(CalendarToken, CalendarToken.person_id == Person.id)
    return session.scalar(query.where(CalendarToken.token == token, Person.active))


def _open_work(session: Session, person: Person, today: date) -> list[WorkItem]:
    mine = capacities_of(session, person, today)
    return [item_by_id(session, row.id) for row in item_rows(session, today, mine=mine)] if mine else []


def _deadline(session: Session, item: WorkItem, now: datetime) -> icalendar.Event:
    definition = step_definition(item.kind)
    event = icalendar.Event()
    event.add("uid", f"item-{item.id}@{instance_id(session)}")
    event.add("sequence", item.version - 1)
    event.add("dtstamp", now)
    event.add("dtstart", item.due_on)
    event.add("dtend", item.due_on + timedelta(days=1))
    event.add("summary", f"Hạn: {definition.label} – {item_title(item)}")
    event.add("description", definition.todo)
    event.add("url", link_to(session, matter_of(session, {"item": item.id}, vn_date(now))))
    event.add("transp", "TRANSPARENT")  # a deadline does not make the day busy
    return event


def _meetings(session: Session, person: Person, today: date) -> list[CouncilSession]:
    seats = select(CouncilMember.council_id).where(CouncilMember.person_id == person.id)
    query = (
        select(CouncilSession)
        .join(Council)
        .where(or_(Council.secretary_id == person.id, Council.id.in_(seats)), CouncilSession.held_on >= today)
        .order_by(CouncilSession.held_on, CouncilSession.id)
    )
    return list(session.scalars(query))
