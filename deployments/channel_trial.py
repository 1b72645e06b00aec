"""Trying one channel: a message now, past queue and pauses, and what the other side said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from models.database import transaction
from models.errors import NotFoundError
from models.notifications.channels import carrier_of, note_failure, note_success, owner_name
from models.notifications.composing import compose
from models.notifications.keeping import TRIAL_TEXT
from models.notifications.secrets import shown
from models.notifications.sending import Outgoing
from models.office_clock import clock_for
from models.settings import Settings, settings
from models.tables import Channel
from tasks.carriers.carrying import Carriers
from tasks.carriers.errors import NotSentError, RefusedError


@dataclass(frozen=True)
class Trial:
    """What came of trying one channel."""

    channel: int
    owner: str
    address: str
    sent: bool
    error: str


def try_channel(found: Settings, channel_id: int) -> Trial:
    """Send a test message by the channel; success mends it, failure counts.

    Raises:
        NotFoundError: there is no such channel.
    """
    outgoing, owner = _composed(channel_id)
    error = ""
    failed: NotSentError | RefusedError | None = None
    with Carriers(found) as carriers:
        try:
            error = carriers.carry(outgoing)
        except (NotSentError, RefusedError) as trouble:
            failed, error = trouble, trouble.problems[0].problem
    with transaction(found.domain_url) as session:
        channel = session.get_one(Channel, channel_id)
        if failed is None:
            note_success(session, channel, datetime.now(UTC))
        else:
            whose = carrier_of(session, channel) if failed.whole_server else channel
            note_failure(session, whose, error, final=isinstance(failed, RefusedError), at=datetime.now(UTC))
    return Trial(channel_id, owner, shown(outgoing.url), failed is None, error)


def _composed(channel_id: int) -> tuple[Outgoing, str]:
    with transaction() as session:
        channel = session.get(Channel, channel_id)
        if channel is None:
            raise NotFoundError(
                f"Không có kênh số {channel_id}.", field="channel", remedy="Xem: ocop notify channel list."
            )
        owner = owner_name(channel)
        now = clock_for(session, settings()).now()
        message = compose(session, {"what": "test", "text": TRIAL_TEXT}, owner, now).message
        name = f"<test-{uuid4()}@ocop.local>"
        return Outgoing(0, channel.id, carrier_of(session, channel).id, channel.url, name, message), owner
