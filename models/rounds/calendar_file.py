"""The calendar of a round as a file that calendar programs read (iCalendar)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

import icalendar

from models.notifications.invitations import PRODUCER_ID
from models.rounds.calendar import CalendarEntry


def calendar_file(code: str, title: str, entries: Iterable[CalendarEntry], now: datetime) -> bytes:
    """All entries as whole-day events; the same entry keeps its UID from one download to the next."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCER_ID)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"OCOP – {title}")
    for entry in entries:
        calendar.add_component(_event(code, entry, now))
    made: bytes = calendar.to_ical()
    return made


def _event(code: str, entry: CalendarEntry, now: datetime) -> icalendar.Event:
    name = hashlib.sha256(f"{code}|{entry.on}|{entry.kind}|{entry.title}".encode()).hexdigest()[:24]
    event = icalendar.Event()
    event.add("uid", f"round-{name}@ocop")
    event.add("dtstamp", now)
    event.add("dtstart", entry.on)
    event.add("dtend", entry.on + timedelta(days=1))
    event.add("summary", entry.title)
    if entry.note:
        event.add("description", entry.note)
    return event
