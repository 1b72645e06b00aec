"""What waits to be sent: claimed for a while, composed by the latest state, then noted as sent, refused or put off.

Claim → send → note. A sender that dies after the claim leaves it to run out, and the delivery is sent again under the
same Message-ID: lost never, twice only when it died between sending and noting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, exists, false, or_, select
from sqlalchemy.orm import Session, aliased

from models.enums import OutboxKind
from models.notifications.channels import carrier_of, note_failure, note_success, pause_after
from models.notifications.composing import Composed, compose
from models.notifications.digest import compose_digest, merge_older
from models.notifications.kinds import kinds_that_wait
from models.notifications.secrets import OWN_SERVER, PERSON_MAIL, scrubbed
from models.notifications.templates import Message
from models.settings import settings
from models.tables import Channel, Delivery, OutboxMessage

LEASE = timedelta(minutes=5)
"""How long a claim holds; the longest a server may take to accept one message, and more [ours]."""

TRIES_BEFORE_GIVING_UP = 3
"""So often a message is offered to a channel that refuses it for good while it takes others [ours]."""

BATCH = 20


@dataclass(frozen=True)
class Outgoing:
    """One delivery in hand: where to, under which name, in which words."""

    delivery_id: int
    channel_id: int
    carrier_id: int
    url: str
    message_id: str
    message: Message


def something_waits(session: Session, at: datetime, *, urgent_only: bool = False) -> bool:
    """Whether a row of the outbox or a delivery is due: worth starting a sender for.

    `urgent_only`: leave out rows that wait for the digest anyway; the watch spreads them within minutes.
    """
    unspread = exists().where(
        OutboxMessage.kind == OutboxKind.NOTIFICATION,
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.next_try_at <= at,
    )
    if urgent_only:
        unspread = unspread.where(OutboxMessage.payload["what"].as_string().not_in(kinds_that_wait()))
    return bool(session.scalar(select(unspread))) or session.scalar(_due(at).limit(1)) is not None


def claim(session: Session, now: datetime, at: datetime, limit: int = BATCH) -> list[Outgoing]:
    """Take deliveries in hand, oldest first; what is no longer true is noted as skipped and left out.

    `now` is the installation's clock, by which messages are composed, `at` real time. Of a channel that failed last
    time only one delivery is taken, the one tried least.
    """
    taken: list[Outgoing] = []
    probed: set[int] = set()
    query = _due(at).order_by(Delivery.tries, Delivery.id).limit(limit).with_for_update(of=Delivery, skip_locked=True)
    for delivery in session.scalars(query).all():
        carrier = carrier_of(session, delivery.channel)
        failing = {row.id for row in (delivery.channel, carrier) if row.failures}
        if failing & probed:
            continue
        outgoing = _take(session, delivery, carrier, now, at)
        if outgoing is not None:
            probed |= failing
            taken.append(outgoing)
    session.flush()
    return taken


def note_sent(session: Session, delivery_id: int, at: datetime, remark: str = "") -> None:
    """It went out."""
    delivery = session.get_one(Delivery, delivery_id)
    delivery.tries += 1
    delivery.done, delivery.sent_at, delivery.claimed_until = True, at, None
    delivery.last_error = scrubbed(remark, delivery.channel.url)[:500] or None
    note_success(session, delivery.channel, at)


def note_not_sent(
    session: Session, delivery_id: int, why: str, at: datetime, *, final: bool, whole_server: bool = False
) -> None:
    """It did not; it stays and is tried again later, less and less often. `final`: trying again soon is of no use."""
    delivery = session.get_one(Delivery, delivery_id)
    channel = delivery.channel
    delivery.tries += 1
    delivery.claimed_until = None
    delivery.last_error = scrubbed(why, channel.url)[:500]
    delivery.next_try_at = at + pause_after(delivery.tries)
    if final and not whole_server and delivery.tries >= TRIES_BEFORE_GIVING_UP and channel.last_sent_at is not None:
        delivery.done, delivery.skipped_because = True, f"Nơi nhận từ chối: {delivery.last_error}"
        return
    note_failure(session, carrier_of(session, channel) if whole_server else channel, why, final=final, at=at)


def release(session: Session, delivery_id: int) -> None:
    """Put back what was claimed and not tried."""
    session.get_one(Delivery, delivery_id).claimed_until = None


def _due(at: datetime) -> Select[tuple[Delivery]]:
    # A command in a shell without the server's address leaves that mail to the system, which has it.
    without_server = false() if settings().smtp_url is not None else Channel.url.startswith(PERSON_MAIL)
    server = aliased(Channel)
    server_rests = exists().where(server.url == OWN_SERVER, server.next_try_at > at)
    return (
        select(Delivery)
        .join(Channel)
        .where(
            Delivery.done.is_(False),
            Delivery.next_try_at <= at,
            or_(Delivery.claimed_until.is_(None), Delivery.claimed_until < at),
            Channel.enabled,
            or_(Channel.next_try_at.is_(None), Channel.next_try_at <= at),
            ~and_(Channel.url.startswith(PERSON_MAIL), server_rests),
            ~without_server,
        )
    )


def _take(session: Session, delivery: Delivery, carrier: Channel, now: datetime, at: datetime) -> Outgoing | None:
    merged = merge_older(session, delivery)
    if delivery.done:
        return None
    found = _composed(session, delivery, merged, now)
    if found.void:
        delivery.done, delivery.skipped_because = True, found.void
        return None
    message = found.message
    delivery.claimed_until = at + LEASE
    delivery.subject, delivery.text, delivery.html = message.subject, message.text, message.html
    return Outgoing(delivery.id, delivery.channel_id, carrier.id, delivery.channel.url, delivery.message_id, message)


def _composed(session: Session, delivery: Delivery, merged: list[int], now: datetime) -> Composed:
    notice = delivery.notice
    if notice.what == "digest":
        return compose_digest(session, notice, merged, now)
    who = notice.person or notice.office
    return compose(session, notice.payload, who.name if who else "", now)
