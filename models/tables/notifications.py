"""Notifications: channels of people and offices, what each was told, what went out by which channel."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.enums import Takes
from models.tables.base import Base
from models.tables.people import Office, Person


class Channel(Base):
    """One way to reach a person or an office; neither of both: the installation's own mail server (one row, always).

    `url` is an Apprise URL and may hold secrets: it is shown only through `models.notifications.secrets`.
    Times are real time. A channel is broken since `broken_since`; until it works again it is tried from
    `next_try_at` on with one delivery at a time, and all others wait.
    """

    __tablename__ = "channels"
    __table_args__ = (UniqueConstraint("person_id", "url"), UniqueConstraint("office_id", "url"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"), index=True)
    url: Mapped[str]
    takes: Mapped[Takes] = mapped_column(default=Takes.ALL)
    enabled: Mapped[bool] = mapped_column(default=True)
    failures: Mapped[int] = mapped_column(default=0)
    broken_since: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    last_sent_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()
    office: Mapped[Office | None] = relationship()


class Notice(Base):
    """One thing that one person (or office) is told: a line of the inbox, once a key and recipient.

    `told_at` is the installation's clock, which may be simulated. `digest_id`: the digest that gathered it.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("key", "person_id"),
        UniqueConstraint("key", "office_id"),
        Index("ix_notices_person_id_read_at", "person_id", "read_at"),
        Index("ix_notices_digest_id_waits", "digest_id", "waits"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    what: Mapped[str]
    payload: Mapped[dict[str, Any]]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"), index=True)
    waits: Mapped[bool] = mapped_column(default=False)
    told_on: Mapped[date]
    told_at: Mapped[datetime]
    subject: Mapped[str]
    text: Mapped[str]
    link: Mapped[str] = mapped_column(default="")
    read_at: Mapped[datetime | None]
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("notices.id"))

    person: Mapped[Person | None] = relationship()
    office: Mapped[Office | None] = relationship()
    deliveries: Mapped[list[Delivery]] = relationship(back_populates="notice", order_by="Delivery.id")


class Delivery(Base):
    """One notice on its way through one channel; kept as it was composed when it went out.

    Times are real time. `claimed_until`: a sender has it in hand; when the sender dies, it is sent again after that
    moment under the same `message_id`, so that the receiving side can drop the repeat.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel_id"),
        Index("ix_deliveries_done_next_try_at", "done", "next_try_at"),
        Index("ix_deliveries_channel_id_done", "channel_id", "done"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    message_id: Mapped[str] = mapped_column(unique=True)
    done: Mapped[bool] = mapped_column(default=False)
    next_try_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    skipped_because: Mapped[str | None]
    subject: Mapped[str | None]
    text: Mapped[str | None]
    html: Mapped[str | None]

    notice: Mapped[Notice] = relationship(back_populates="deliveries")
    channel: Mapped[Channel] = relationship()


class CalendarToken(Base):
    """The secret part of the address of one person's calendar; replaced when it became known to others."""

    __tablename__ = "calendar_tokens"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
