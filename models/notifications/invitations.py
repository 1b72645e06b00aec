"""Invitations to council meetings: one row a date and place, an iCalendar attachment that updates the earlier one."""

from __future__ import annotations

from datetime import datetime, timedelta

import icalendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import outbox
from models.enums import OutboxKind
from models.instance import instance_id
from models.tables import CouncilSession, OutboxMessage

PRODUCER_ID = "-//OCOP//Điều hành chu trình OCOP//VI"


def invite(session: Session, meeting: CouncilSession) -> None:
    """Have members and secretary told of day and place of the meeting; again when one of them has changed."""
    prefix = f"notify:meeting:{meeting.id}:"
    query = select(OutboxMessage).where(OutboxMessage.key.startswith(prefix)).order_by(OutboxMessage.id)
    earlier = session.scalars(query).all()
    facts = {"held_on": meeting.held_on.isoformat(), "place": meeting.place}
    if earlier and {name: earlier[-1].payload[name] for name in facts} == facts:
        return
    payload = {"what": "council-convened", "round": meeting.round_id, "meeting": meeting.id, "sequence": len(earlier)}
    outbox.put(session, OutboxKind.NOTIFICATION, f"{prefix}{len(earlier)}", payload | facts)


def invitation(session: Session, meeting: CouncilSession, sequence: int, link: str, now: datetime) -> str:
    """The meeting as an iCalendar object (RFC 5545) that mail programs offer to enter: whole day, same UID for ever."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCER_ID)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(meeting_event(session, meeting, sequence, link, now))
    text: str = calendar.to_ical().decode()
    return text


def meeting_event(
    session: Session, meeting: CouncilSession, sequence: int, link: str, now: datetime
) -> icalendar.Event:
    """The meeting as an entry of a calendar."""
    products = "\n".join(f"{p.position}. {p.attempt.dossier.product.name}" for p in meeting.products)
    event = icalendar.Event()
    event.add("uid", f"meeting-{meeting.id}@{instance_id(session)}")
    event.add("sequence", sequence)
    event.add("dtstamp", now)
    event.add("dtstart", meeting.held_on)
    event.add("dtend", meeting.held_on + timedelta(days=1))
    event.add("summary", f"Họp hội đồng OCOP – {meeting.round.title}")
    event.add("location", meeting.place)
    event.add("description", f"{meeting.council.name}\nSản phẩm đánh giá:\n{products}")
    event.add("url", link)
    return event


def sequence_of(session: Session, meeting: CouncilSession) -> int:
    """How often day or place of the meeting were changed since the first invitation."""
    prefix = f"notify:meeting:{meeting.id}:"
    sent = session.scalars(select(OutboxMessage.id).where(OutboxMessage.key.startswith(prefix))).all()
    return max(len(sent) - 1, 0)
