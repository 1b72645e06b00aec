"""The outbox: once per key, oldest first, tried again later and later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import outbox
from models.enums import OutboxKind
from models.tables import OutboxMessage


def put(session: Session, key: str, kind: OutboxKind = OutboxKind.EVENT) -> OutboxMessage:
    outbox.put(session, kind, key, {"key": key})
    return session.scalars(select(OutboxMessage).where(OutboxMessage.key == key)).one()


def due_keys(session: Session, kind: OutboxKind = OutboxKind.EVENT, limit: int = 50) -> list[str]:
    return [message.key for message in outbox.due_messages(session, kind, limit)]


def test_message_with_a_key_that_is_there_is_not_added(session: Session) -> None:
    first = put(session, "k")
    outbox.put(session, OutboxKind.EVENT, "k", {"other": True})

    assert [message.payload for message in session.scalars(select(OutboxMessage))] == [{"key": "k"}]
    outbox.mark_sent(first)
    outbox.put(session, OutboxKind.EVENT, "k", {"again": True})
    assert due_keys(session) == []


def test_due_messages_are_those_of_the_kind_oldest_first(session: Session) -> None:
    for key in ("c", "a", "b"):
        put(session, key)
    put(session, "other", OutboxKind.SIGNAL)

    assert due_keys(session) == ["c", "a", "b"]
    assert due_keys(session, limit=2) == ["c", "a"]
    assert due_keys(session, OutboxKind.SIGNAL) == ["other"]


def test_sent_message_is_not_due(session: Session) -> None:
    message = put(session, "k")

    outbox.mark_sent(message)

    assert due_keys(session) == []
    assert (message.tries, message.last_error) == (1, None)
    assert message.sent_at is not None
    assert datetime.now(UTC) - message.sent_at < timedelta(minutes=1)


def test_failed_message_is_due_later_and_keeps_why(session: Session) -> None:
    message = put(session, "k")
    before = datetime.now(UTC)

    outbox.mark_failed(message, "x" * 600)

    assert (message.tries, message.last_error, message.sent_at) == (1, "x" * 500, None)
    assert message.next_try_at >= before + outbox.FIRST_DELAY
    message.next_try_at = before + timedelta(hours=1)
    assert due_keys(session) == []
    message.next_try_at = before - timedelta(seconds=1)
    assert due_keys(session) == ["k"]


@pytest.mark.parametrize(
    ("tries", "seconds"), [(0, 0.25), (1, 0.5), (2, 1), (5, 8), (6, 16), (7, 30), (8, 30), (5000, 30)]
)
def test_delay_doubles_up_to_half_a_minute(tries: int, seconds: float) -> None:
    message = OutboxMessage(tries=tries)
    before = datetime.now(UTC)

    outbox.mark_failed(message, "bận")

    wait = (message.next_try_at - before).total_seconds()
    assert seconds <= wait < seconds + 1


@given(st.integers(0, 10**6))
def test_delay_is_never_longer_than_the_longest(tries: int) -> None:
    message = OutboxMessage(tries=tries)

    outbox.mark_failed(message, "bận")

    assert message.next_try_at <= datetime.now(UTC) + outbox.LONGEST_DELAY
