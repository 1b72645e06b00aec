"""The event feed of Prefect tells a product's story, each thing once."""

from __future__ import annotations

import time

import httpx
import pytest
from sqlalchemy import update

from models.enums import OutboxKind
from models.tables import OutboxMessage
from tasks.events import deliver_events
from tests.integration.flows.conftest import Installation

pytestmark = pytest.mark.slow

STORY = ["ocop.step.opened", "ocop.step.completed", "ocop.step.opened"]


def told(installation: Installation) -> list[str]:
    """The events of one dossier in the order in which they happened."""
    answer = httpx.post(
        f"{installation.stack.url}/api/events/filter",
        json={
            "filter": {
                "any_resource": {"id": ["ocop.dossier.2024-003"]},
                "order": "ASC",
            },
            "limit": 50,
        },
    )
    return [event["event"] for event in answer.json()["events"]]


def test_events_tell_the_story_of_a_dossier_once(installation: Installation) -> None:
    installation.runner.wait_for("events", lambda: 1 if len(told(installation)) >= len(STORY) else None)
    assert told(installation) == STORY

    with installation.runner.transaction() as session:
        session.execute(update(OutboxMessage).where(OutboxMessage.kind == OutboxKind.EVENT).values(sent_at=None))
    deliver_events()
    time.sleep(2)  # the server writes events down a moment after it took them

    assert told(installation) == STORY
