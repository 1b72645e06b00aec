"""The outbox: what must leave is a row first, in the transaction that gave rise to it, once per key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import OutboxKind
from models.tables import OutboxMessage

FIRST_DELAY = timedelta(milliseconds=250)
LONGEST_DELAY = timedelta(seconds=30)


def put(session: Session, kind: OutboxKind, key: str, payload: dict[str, Any]) -> None:
    """Add a message unless one with this key is already there.

    Outbox times are real time, never the simulated day: they drive machines, not officials.
    """
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)) is not None:
        return
    now = datetime.now(UTC)
    session.add(OutboxMessage(kind=kind, key=key, payload=payload, created_at=now, next_try_at=now))
    session.flush()


def put_new(session: Session, messages: Iterable[tuple[OutboxKind, str, dict[str, Any]]]) -> None:
    """Add many messages at once whose keys are known to be new: the caller's claim guards them."""
    now = datetime.now(UTC)
    session.add_all(
        OutboxMessage(kind=kind, key=key, payload=payload, created_at=now, next_try_at=now)
        for kind, key, payload in messages
    )
    session.flush()


def due_messages(session: Session, kind: OutboxKind, limit: int = 50) -> list[OutboxMessage]:
    """Unsent messages of `kind` whose time has come, oldest first."""
    query = (
        select(OutboxMessage)
        .where(
            OutboxMessage.kind == kind,
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.next_try_at <= datetime.now(UTC),
        )
        .order_by(OutboxMessage.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def mark_sent(message: OutboxMessage) -> None:
    """Note that the message has left."""
    message.tries += 1
    message.sent_at = datetime.now(UTC)
    message.last_error = None


def mark_failed(message: OutboxMessage, why: str) -> None:
    """Note a try that did not succeed and when to try again (doubling, at most 30 s)."""
    message.tries += 1
    message.last_error = why[:500]
    delay = min(FIRST_DELAY * 2 ** min(message.tries - 1, 8), LONGEST_DELAY)
    message.next_try_at = datetime.now(UTC) + delay


def settle(message: OutboxMessage, why_not: str) -> None:
    """What became of an attempt to deliver: gone, or to be tried again because of `why_not`."""
    if why_not:
        mark_failed(message, why_not)
    else:
        mark_sent(message)
