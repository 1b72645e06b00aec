"""The inbox of a person, and how the sending of notifications stands: reads for commands and the portal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.enums import OutboxKind
from models.errors import NotFoundError
from models.notifications.channels import ChannelRow, channel_rows
from models.notifications.digest import WHAT as DIGEST
from models.paging import Page, PageAsked, page_of_rows
from models.tables import Delivery, Notice, OutboxMessage, Person


@dataclass(frozen=True)
class InboxRow:
    """One line of a person's inbox; `sent` in words: by how many channels it went out, or why not."""

    id: int
    told_on: date
    subject: str
    text: str
    link: str
    read: bool
    sent: str


@dataclass(frozen=True)
class SendingStatus:
    """How the sending stands: counts, channels, rows that could not be spread, people who have no channel."""

    not_spread: int
    waiting: int
    sent: int
    skipped: int
    unread: int
    channels: list[ChannelRow]
    faults: list[str]
    without_channel: list[str]


def inbox(session: Session, person: Person, *, unread_only: bool = False) -> list[InboxRow]:
    """What the person was told, the latest first; digests are left out (all that they gather is here)."""
    return [_row(notice) for notice in session.scalars(_wanted(person, unread_only=unread_only))]


def _wanted(person: Person, *, unread_only: bool) -> Select[tuple[Notice]]:
    query = select(Notice).where(Notice.person_id == person.id, Notice.what != DIGEST).order_by(Notice.id.desc())
    return query.where(Notice.read_at.is_(None)) if unread_only else query


def _row(notice: Notice) -> InboxRow:
    return InboxRow(
        notice.id,
        notice.told_on,
        notice.subject,
        notice.text,
        notice.link,
        notice.read_at is not None,
        _sent(notice),
    )


def unread_count(session: Session, person_id: int) -> int:
    """How much in the inbox is new."""
    new = (Notice.person_id == person_id, Notice.read_at.is_(None), Notice.what != DIGEST)
    return session.scalar(select(func.count()).select_from(Notice).where(*new)) or 0


def inbox_page(session: Session, person: Person, asked: PageAsked, *, unread_only: bool = False) -> Page[InboxRow]:
    """One page of the inbox, the latest first."""
    found = page_of_rows(session, _wanted(person, unread_only=unread_only), asked)
    return found.map(lambda row: _row(row[0]))


def mark_read(session: Session, person: Person, now: datetime) -> int:
    """Count everything in the inbox as read; gives how much was new."""
    query = select(Notice).where(Notice.person_id == person.id, Notice.read_at.is_(None), Notice.what != DIGEST)
    new = session.scalars(query).all()
    for notice in new:
        notice.read_at = now
    return len(new)


def person_by_code(session: Session, code: str) -> Person:
    """The person with this code.

    Raises:
        NotFoundError: there is none.
    """
    person = session.scalar(select(Person).where(Person.code == code))
    if person is None:
        raise NotFoundError(f"Không có người dùng «{code}».", field="person", remedy="Xem danh sách: ocop person list.")
    return person


def sending_status(session: Session) -> SendingStatus:
    """How the sending stands at present."""
    unspread = select(OutboxMessage).where(
        OutboxMessage.kind == OutboxKind.NOTIFICATION, OutboxMessage.sent_at.is_(None)
    )
    rows = session.scalars(unspread.order_by(OutboxMessage.id)).all()
    told = select(Notice.person_id).where(Notice.person_id.is_not(None), Notice.read_at.is_(None), ~Notice.waits)
    silent = select(Person).where(Person.id.in_(told), Person.active).order_by(Person.code)
    channels = channel_rows(session)
    reached = {row.owner_code for row in channels}
    return SendingStatus(
        not_spread=len(rows),
        waiting=_count(session, Delivery.done.is_(False)),
        sent=_count(session, Delivery.sent_at.is_not(None)),
        skipped=_count(session, Delivery.skipped_because.is_not(None)),
        unread=session.scalar(
            select(func.count()).select_from(Notice).where(Notice.read_at.is_(None), Notice.what != DIGEST)
        )
        or 0,
        channels=channels,
        faults=[f"{row.key}: {row.last_error}" for row in rows if row.last_error],
        without_channel=[f"{p.name} ({p.code})" for p in session.scalars(silent) if p.code not in reached],
    )


def _count(session: Session, condition: object) -> int:
    query = select(func.count()).select_from(Delivery).where(condition)  # type: ignore[arg-type]
    return session.scalar(query) or 0


def _sent(notice: Notice) -> str:
    sent = sum(d.sent_at is not None for d in notice.deliveries)
    waiting = sum(not d.done for d in notice.deliveries)
    parts = [f"đã gửi {sent} kênh"] if sent else []
    parts += [f"đang chờ gửi {waiting} kênh"] if waiting else []
    parts += [f"không gửi: {d.skipped_because}" for d in notice.deliveries if d.skipped_because]
    parts += ["trong bản tổng hợp"] if notice.digest_id is not None else []
    parts += ["chờ bản tổng hợp"] if notice.waits and notice.digest_id is None else []
    return "; ".join(parts) or "chỉ trong hộp thư đến"
