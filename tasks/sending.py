"""One round of the sender: spread what is new, then claim, send and note until nothing is due."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from models.database import reading, transaction
from models.notifications.sending import Outgoing, claim, note_not_sent, note_sent, release, something_waits
from models.notifications.spreading import spread
from models.office_clock import clock_for
from models.settings import settings
from tasks.carriers.carrying import Carriers
from tasks.carriers.errors import NotSentError, RefusedError

_log = logging.getLogger("ocop.notifications")


@dataclass(frozen=True)
class Sent:
    """What one round did."""

    spread: int = 0
    sent: int = 0
    put_off: int = 0


def send_all(carry: Callable[[Outgoing], str] | None = None, url: str | None = None) -> Sent:
    """Spread and send everything that is due; gives the counts. Trouble with a channel is noted and waited out.

    Raises:
        RetryableError: the database is busy; nothing is lost, the same call goes on.
    """
    taken_up = spread_all(url)
    if carry is not None:
        return Sent(taken_up, *_send(carry, url))
    with Carriers(settings()) as carriers:
        return Sent(taken_up, *_send(carriers.carry, url))


def spread_all(url: str | None = None) -> int:
    """Put everything that people are to be told into their inboxes; gives how many rows were taken up."""
    taken_up = 0
    while count := _spread(url):
        taken_up += count
    return taken_up


def waiting(url: str | None = None, *, urgent_only: bool = False) -> bool:
    """Whether a sender has something to do."""
    with reading(url) as session:
        return something_waits(session, _real(), urgent_only=urgent_only)


def _spread(url: str | None) -> int:
    with transaction(url) as session:
        return spread(session, clock_for(session, settings()).now(), _real())


def _send(carry: Callable[[Outgoing], str], url: str | None) -> tuple[int, int]:
    sent = put_off = 0
    while batch := _claim(url):
        resting: set[int] = set()
        for outgoing in batch:
            if {outgoing.channel_id, outgoing.carrier_id} & resting:
                with transaction(url) as session:
                    release(session, outgoing.delivery_id)
            elif failed := _one(outgoing, carry, url):
                resting.add(failed)
                put_off += 1
            else:
                sent += 1
    return sent, put_off


def _claim(url: str | None) -> list[Outgoing]:
    with transaction(url) as session:
        return claim(session, clock_for(session, settings()).now(), _real())


def _one(outgoing: Outgoing, carry: Callable[[Outgoing], str], url: str | None) -> int:
    """Send and note one; gives the channel that has to rest, 0 when it went out."""
    try:
        remark = carry(outgoing)
    except (NotSentError, RefusedError) as error:
        final, server = isinstance(error, RefusedError), error.whole_server
        why = error.problems[0].problem
        _log.warning("Lượt gửi %s chưa gửi được: %s", outgoing.delivery_id, why)
        with transaction(url) as session:
            note_not_sent(session, outgoing.delivery_id, why, _real(), final=final, whole_server=server)
        return outgoing.carrier_id if server else outgoing.channel_id
    with transaction(url) as session:
        note_sent(session, outgoing.delivery_id, _real(), remark)
    return 0


def _real() -> datetime:
    return datetime.now(UTC)
