"""The daily digest: what could wait, and the open work in due order; one a person (or office) and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from models.acting import capacities_of
from models.calendar import OfficeCalendar
from models.clock import vn_date
from models.enums import Takes
from models.notifications.channels import channels_of
from models.notifications.composing import Composed
from models.notifications.links import base_address, link_to
from models.notifications.matters import coordination_office, matter_of
from models.notifications.spreading import deliveries_for
from models.notifications.superseding import void_because
from models.notifications.templates import Message, render
from models.notifications.words import day_in_words, time_left
from models.tables import Capacity, Channel, Delivery, Notice, Office, Person
from models.work_items.queries import ItemRow, item_by_id, item_rows
from models.work_items.rungs import rungs_of
from models.work_items.terms import office_calendar

WHAT = "digest"
MOST_LINES = 30
"""Lines of each part; what is beyond is counted [ours]."""

MERGED = "Gộp vào bản tổng hợp"
EMPTY = "Không còn gì để báo."


@dataclass(frozen=True)
class Gathered:
    """The digest of one recipient: how much is new, how many pieces of work are open."""

    recipient: str
    news: int
    open: int


def works_on(session: Session, day: date) -> bool:
    """Whether the coordination office works on that day: on days off there is no digest."""
    return office_calendar(coordination_office(session, day)).is_working_day(day)


def digest(session: Session, now: datetime, at: datetime) -> list[Gathered]:
    """Make the digests of the day; a second time nothing. None on a day off of the coordination office.

    Sent is what has news, or work that is late or due soon; on the first working day of a week all open work [ours].
    `now` is the installation's clock, `at` real time.
    """
    today = vn_date(now)
    if not works_on(session, today):
        return []
    key = f"{WHAT}:{today.isoformat()}"
    done = {(n.person_id, n.office_id) for n in session.scalars(select(Notice).where(Notice.key == key))}
    found: list[Gathered] = []
    for who in _recipients(session):
        if (_person_id(who), _office_id(who)) not in done:
            found += _one(session, who, key, now, at)
    return found


def compose_digest(session: Session, notice: Notice, merged: list[int], now: datetime) -> Composed:
    """The digest by the latest state: also what the digests in `merged` had gathered, which never went out."""
    who = notice.person or notice.office
    assert who is not None
    gathered = select(Notice).where(Notice.digest_id.in_([notice.id, *merged])).order_by(Notice.id)
    return _composed(session, who, list(session.scalars(gathered)), now)


def merge_older(session: Session, delivery: Delivery) -> list[int]:
    """The digests whose news this one has to tell too, since they did not go out before it; they are skipped.

    Of several that wait on a channel only the newest is sent: an older one is skipped for its sake. Anything that is
    no digest has none.
    """
    if delivery.notice.what != WHAT:
        return []
    same = select(Delivery).join(Notice).where(Delivery.channel_id == delivery.channel_id, Notice.what == WHAT)
    waiting = session.scalars(same.where(Delivery.done.is_(False)).order_by(Delivery.id)).all()
    newest = waiting[-1]
    for older in waiting[:-1]:
        if older is delivery or older.claimed_until is None:
            older.done, older.skipped_because = True, f"{MERGED} ngày {newest.notice.told_on:%d/%m/%Y}."
    session.flush()
    last = session.scalar(same.where(Delivery.sent_at.is_not(None)).order_by(Delivery.id.desc()).limit(1))
    merged = same.where(Delivery.skipped_because.startswith(MERGED), Delivery.id > (last.id if last else 0))
    return [one.notice_id for one in session.scalars(merged)]


def _recipients(session: Session) -> list[Person | Office]:
    people = select(Person).where(Person.active).order_by(Person.code)
    offices = (
        select(Office).where(Office.id.in_(select(Channel.office_id).where(Channel.enabled))).order_by(Office.code)
    )
    return [*session.scalars(people).all(), *session.scalars(offices).all()]


def _one(session: Session, who: Person | Office, key: str, now: datetime, at: datetime) -> list[Gathered]:
    channels = [c for c in channels_of(session, who) if c.takes in {Takes.ALL, Takes.DIGEST}]
    if not channels:
        return []
    news = list(session.scalars(select(Notice).where(_theirs(who), Notice.waits, Notice.digest_id.is_(None))))
    rows = open_work(session, who, vn_date(now))
    if not news and not _worth_it(session, rows, vn_date(now)):
        return []
    found = _composed(session, who, news, now)
    if found.void:
        return []
    notice = Notice(
        key=key,
        what=WHAT,
        payload={"what": WHAT},
        told_on=vn_date(now),
        told_at=now,
        subject=found.message.subject,
        text=found.message.text,
        link=found.link,
        person_id=_person_id(who),
        office_id=_office_id(who),
    )
    session.add(notice)
    notice.deliveries = deliveries_for(session, notice, channels, Takes.DIGEST, at)
    session.flush()
    if news:
        session.execute(update(Notice).where(Notice.id.in_([n.id for n in news])).values(digest_id=notice.id))
    return [Gathered(who.name, len(news), len(rows))]


def _worth_it(session: Session, rows: list[ItemRow], today: date) -> bool:
    office = coordination_office(session, today)
    calendar = office_calendar(office)
    soon = -min(rungs_of(office).values())
    if any(row.days_left is not None and calendar.working_days_between(today, row.due_on) <= soon for row in rows):
        return True
    return bool(rows) and _first_of_week(calendar, today)


def _first_of_week(calendar: OfficeCalendar, today: date) -> bool:
    monday = today - timedelta(days=today.weekday())
    return not any(calendar.is_working_day(monday + timedelta(days=n)) for n in range(today.weekday()))


def _composed(session: Session, who: Person | Office, news: list[Notice], now: datetime) -> Composed:
    today = vn_date(now)
    office = coordination_office(session, today)
    fresh = [_news_line(notice) for notice in news if not _past(session, notice, today)]
    rows = open_work(session, who, today)
    link = base_address(session)
    facts = {
        "recipient": who.name,
        "office": office.name,
        "today": f"{today:%d/%m/%Y}",
        "weekday": day_in_words(today),
        "link": link,
        "news": fresh[:MOST_LINES],
        "more_news": max(len(fresh) - MOST_LINES, 0),
        "work": [_work_line(session, row, office_calendar(office), today) for row in rows[:MOST_LINES]],
        "more_work": max(len(rows) - MOST_LINES, 0),
        "open": len(rows),
        "late": sum(row.late for row in rows),
        "instead_of": "",
        "todo": "",
        "rows": [],
    }
    message: Message = render({"what": WHAT}, facts)
    return Composed(message, link, "" if fresh or rows else EMPTY)


def _past(session: Session, notice: Notice, today: date) -> bool:
    return bool(void_because(session, notice.payload, matter_of(session, notice.payload, today), today))


def _news_line(notice: Notice) -> dict[str, str]:
    return {"subject": notice.subject, "link": notice.link}


def _work_line(session: Session, row: ItemRow, calendar: OfficeCalendar, today: date) -> dict[str, object]:
    return {
        "label": row.label,
        "about": row.about,
        "due": f"{row.due_on:%d/%m/%Y}",
        "left": "hạn đang tạm dừng" if row.days_left is None else time_left(calendar, row.due_on, today),
        "late": row.late,
        "todo": "",
        "link": link_to(session, matter_of(session, {"item": row.id}, today)),
    }


def open_work(session: Session, who: Person | Office, today: date) -> list[ItemRow]:
    """What the person may close, for others too, or what is addressed to the office; the most urgent first."""
    if isinstance(who, Person):
        mine = capacities_of(session, who, today)
        return item_rows(session, today, mine=mine) if mine else []
    query = select(Capacity).where(Capacity.office_id == who.id).order_by(Capacity.id)
    held = [capacity for capacity in session.scalars(query) if capacity.holds_on(today)]
    rows = item_rows(session, today, mine=held) if held else []
    return [row for row in rows if item_by_id(session, row.id).office_id == who.id]


def _theirs(who: Person | Office) -> ColumnElement[bool]:
    return Notice.person_id == who.id if isinstance(who, Person) else Notice.office_id == who.id


def _person_id(who: Person | Office) -> int | None:
    return who.id if isinstance(who, Person) else None


def _office_id(who: Person | Office) -> int | None:
    return who.id if isinstance(who, Office) else None
