"""A person's calendar: own deadlines and meetings, entries that move, an address that only its owner has."""

from __future__ import annotations

from datetime import date
from typing import Any

import icalendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.notifications.calendar_feed import calendar_of, calendar_token, person_of_token
from models.process.kinds import StepKind
from models.tables import Person
from models.work_items import extend
from tests.factories import CAKE, CALLED, CANDY, CHECKED, accepted, coordinator, opened, session_with
from tests.unit.notifications.conftest import Configure


def person(session: Session, code: str) -> Person:
    return session.scalars(select(Person).where(Person.code == code)).one()


def events(session: Session, code: str) -> list[Any]:
    text = calendar_of(session, person(session, code), CALLED)
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def test_calendar_holds_the_own_deadlines_only(session: Session, configured: Configure) -> None:
    opened(session, accepted(session, CAKE), StepKind.COMMUNE_ASSESSMENT, CHECKED)
    opened(session, accepted(session, CANDY), StepKind.COMMUNE_ASSESSMENT, CHECKED)

    (event,) = events(session, "cb-xa-tho-dien")

    assert event["SUMMARY"] == f"Hạn: Đánh giá cấp xã – {CAKE} (xã Thọ Diên)"
    assert (event.start, event.end) == (date(2024, 7, 23), date(2024, 7, 24))
    assert event["TRANSP"] == "TRANSPARENT"


def test_extended_deadline_is_the_same_entry_with_a_higher_sequence(session: Session, configured: Configure) -> None:
    item = opened(session, accepted(session), StepKind.COMMUNE_ASSESSMENT, CHECKED)
    (before,) = events(session, "cb-xa-tho-dien")

    extend(session, item.id, 2, "Xã bận", coordinator(session), CHECKED, office=item.round.plan.office)

    (after,) = events(session, "cb-xa-tho-dien")
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert (before.start, after.start) == (date(2024, 7, 23), date(2024, 7, 25))


def test_meeting_is_in_the_calendars_of_members_and_secretary(session: Session, configured: Configure) -> None:
    session_with(session)

    for code in ("hd-ktht", "thu-ky"):
        meetings = [e for e in events(session, code) if e["SUMMARY"].startswith("Họp hội đồng OCOP")]
        assert [e.start for e in meetings] == [date(2024, 9, 12)]
    assert not [e for e in events(session, "cb-xa-tho-dien") if e["SUMMARY"].startswith("Họp")]


def test_token_opens_the_calendar_of_its_owner_until_it_is_renewed(session: Session) -> None:
    owner = person(session, "thu-ky")
    token = calendar_token(session, owner)

    assert calendar_token(session, owner) == token
    assert person_of_token(session, token) is owner
    assert person_of_token(session, "x") is None
    assert calendar_token(session, person(session, "hd-vp")) != token
    renewed = calendar_token(session, owner, renew=True)
    assert person_of_token(session, token) is None
    assert person_of_token(session, renewed) is owner
    owner.active = False
    assert person_of_token(session, renewed) is None
