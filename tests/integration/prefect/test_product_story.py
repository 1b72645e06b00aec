"""Prefect's event feed tells the story of one product, from its dossier to the end of its certificate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import SyncPrefectClient
from sqlalchemy import select

from models.certificates.sweeping import sweep
from models.database import transaction
from models.tables import Certificate
from tasks.events import deliver_events
from tests.factories import at, decided
from tests.integration.prefect.conftest import wait_until

pytestmark = pytest.mark.slow

STORY = [
    "2-dang-ky opened",
    "2-dang-ky completed",
    "3-danh-gia-cap-xa opened",
    "3-danh-gia-cap-xa completed",
    "4-tu-van opened",
    "4-tu-van completed",
    "5-hoi-dong opened",
    "5-phieu-cham opened",
    "5-phieu-cham completed",
    "5-hoi-dong completed",
    "6-quyet-dinh opened",
    "6-quyet-dinh completed",
    "ocop.dossier.recognised",
    "ocop.certificate.lapse",
]


def feed(client: SyncPrefectClient, resource: str) -> list[dict[str, Any]]:
    """The events of a resource, oldest first."""
    query = {"filter": {"any_resource": {"id": [resource]}, "order": "ASC"}, "limit": 50}
    found: list[dict[str, Any]] = client.request("POST", "/events/filter", json=query).json()["events"]
    return found


def told(event: dict[str, Any]) -> str:
    step = event["resource"].get("ocop.step")
    return f"{step} {event['event'].rpartition('.')[2]}" if step else str(event["event"])


def test_feed_of_a_product_tells_its_whole_story(client: SyncPrefectClient, office_home: Path) -> None:
    with transaction() as session:
        product = decided(session, 60).dossier.product
        number, name = product.id, product.name
    with transaction() as session:
        sweep(session, at("2027-09-21"))
        certificate = session.scalars(select(Certificate)).one()
        code = certificate.code
    while deliver_events():
        pass

    wait_until(lambda: any(told(e) == STORY[-1] for e in feed(client, f"ocop.product.{number}")), "feed written")

    events = feed(client, f"ocop.product.{number}")
    assert list(dict.fromkeys(map(told, events))) == STORY
    last = events[-1]
    assert last["resource"]["prefect.resource.id"] == f"ocop.certificate.{code}"
    assert last["resource"]["prefect.resource.name"] == f"{name} · {code}"
    roles = {one["prefect.resource.role"]: one["prefect.resource.id"] for one in last["related"]}
    assert roles == {
        "product": f"ocop.product.{number}",
        "dossier": "ocop.dossier.2024-001",
        "round": "ocop.round.2024-2",
    }
    assert feed(client, f"ocop.certificate.{code}") == [last]
