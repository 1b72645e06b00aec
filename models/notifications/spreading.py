"""Spreading: a row of the outbox becomes one notice a person and one delivery a channel, in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from models import outbox
from models.clock import vn_date
from models.enums import OutboxKind, Takes
from models.errors import FinalError
from models.instance import instance_id
from models.notifications.channels import any_way_out, channels_of
from models.notifications.composing import compose
from models.notifications.kinds import waits
from models.notifications.matters import matter_of
from models.notifications.recipients import recipients_of
from models.tables import Channel, Delivery, Notice, Office, OutboxMessage, Person

FAULT_PAUSE = timedelta(hours=1)
"""After a row that cannot be spread (faulty data, nobody to tell): it stays and is tried again [ours]."""

BATCH = 50


def spread(session: Session, now: datetime, at: datetime) -> int:
    """Spread the rows whose time has come; gives how many were taken up (more may wait).

    `now` is the installation's clock (who holds which role), `at` real time. A row that cannot be spread is kept with
    the reason and does not hold up the others.
    """
    messages = outbox.due_messages(session, OutboxKind.NOTIFICATION, BATCH)
    for message in messages:
        step = session.begin_nested()
        try:
            _spread(session, message, now, at)
        except (FinalError, NoResultFound, KeyError, ValueError) as error:
            step.rollback()
            outbox.mark_failed(message, f"{type(error).__name__}: {error}")
            message.next_try_at = at + FAULT_PAUSE
        else:
            step.commit()
            outbox.mark_sent(message)
    return len(messages)


def _spread(session: Session, message: OutboxMessage, now: datetime, at: datetime) -> None:
    payload = dict(message.payload)
    matter = matter_of(session, payload, vn_date(now))
    told = recipients_of(session, payload, matter, vn_date(now))
    if told.heard_already:
        return
    if not told.people:
        raise FinalError(
            f"Không có ai để báo ({told.instead_of}), văn phòng điều phối cũng chưa có người.",
            remedy="Khai báo cán bộ điều phối: ocop person add.",
        )
    if told.instead_of:
        payload["instead_of"] = told.instead_of
    can_wait = waits(payload, matter.item.kind if matter.item is not None else None)
    for person in told.people:
        notice = tell(session, person, message.key, payload, now, at, can_wait=can_wait)
        if not can_wait and not notice.deliveries:
            _note_unreachable(session, person)
    reached = select(Channel.office_id).where(Channel.enabled, Channel.office_id.in_(told.office_ids))
    for office in session.scalars(select(Office).where(Office.id.in_(reached)).order_by(Office.id)).all():
        tell(session, office, message.key, payload, now, at, can_wait=can_wait)


def tell(
    session: Session,
    who: Person | Office,
    key: str,
    payload: dict[str, Any],
    now: datetime,
    at: datetime,
    *,
    can_wait: bool,
    takes: Takes = Takes.AT_ONCE,
) -> Notice:
    """One notice with its deliveries (none while it can wait), once a key and recipient.

    What is no longer true is not sent: the notice says so and counts as read.
    """
    owner = {"person_id": who.id} if isinstance(who, Person) else {"office_id": who.id}
    known = session.scalar(select(Notice).where(Notice.key == key).filter_by(**owner))
    if known is not None:
        return known
    found = compose(session, payload, who.name, now)
    notice = Notice(
        key=key,
        what=payload["what"],
        payload=payload,
        waits=can_wait and not found.void,
        told_on=vn_date(now),
        told_at=now,
        subject=found.message.subject,
        text=f"Không gửi: {found.void}\n\n{found.message.text}" if found.void else found.message.text,
        link=found.link,
        read_at=now if found.void else None,
        **owner,
    )
    session.add(notice)
    if not can_wait and not found.void:
        notice.deliveries = deliveries_for(session, notice, channels_of(session, who), takes, at)
    session.flush()
    return notice


def deliveries_for(
    session: Session, notice: Notice, channels: list[Channel], takes: Takes, at: datetime
) -> list[Delivery]:
    """One delivery for each channel that takes it, with a name (Message-ID) that will never change."""
    namespace = UUID(instance_id(session))
    whose = f"person:{notice.person_id}" if notice.person_id is not None else f"office:{notice.office_id}"
    return [
        Delivery(
            channel=channel,
            message_id=f"<{uuid5(namespace, f'{notice.key}|{whose}|{channel.id}')}@ocop.local>",
            next_try_at=at,
        )
        for channel in channels
        if channel.takes in {Takes.ALL, takes}
    ]


def _note_unreachable(session: Session, person: Person) -> None:
    """The coordinators hear, once, of a person who looks into the inbox only, or that nobody can be reached."""
    if any_way_out(session):
        key, what = f"notify:unreachable:{person.code}", "unreachable"
        text = (
            f"{person.name} ({person.code}) chưa có kênh nhận thông báo nào nên chỉ thấy trong hộp thư đến của "
            f"phần mềm. Bổ sung thư điện tử trong danh mục, hoặc: ocop notify channel add URL --person {person.code}."
        )
    else:
        key, what = "notify:no-mail-server", "no-mail-server"
        text = (
            "Chưa cấu hình máy chủ thư (OCOP_SMTP_URL) và chưa ai có kênh nhận thông báo: mọi thông báo chỉ nằm trong "
            "hộp thư đến của phần mềm. Xem hướng dẫn: ocop notify channel --help."
        )
    outbox.put(session, OutboxKind.NOTIFICATION, key, {"what": what, "text": text})
