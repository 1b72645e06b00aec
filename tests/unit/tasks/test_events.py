"""How what happens to certificates is told to Prefect's event feed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.certificates.sweeping import sweep
from models.enums import OutboxKind
from models.tables import OutboxMessage
from tasks.events import describe
from tests.factories import at
from tests.scenarios.test_certificate_life import old_one


def test_events_of_a_certificate_and_of_its_items_name_it(session: Session) -> None:
    certificate = old_one(session, "2023-06-15")
    sweep(session, at("2026-05-22"))
    query = select(OutboxMessage).where(OutboxMessage.kind == OutboxKind.EVENT).order_by(OutboxMessage.id)

    told = [describe(session, message) for message in session.scalars(query)]

    resource = f"ocop.certificate.{certificate.code}"
    items = [event for event in told if event["event"] == "ocop.step.opened"]
    (closed,) = [event for event in told if event["event"] == "ocop.certificate.window-closed"]
    assert closed["resource"] == {
        "prefect.resource.id": resource,
        "prefect.resource.name": certificate.title,
        "ocop.stars": "3",
        "ocop.valid-until": "2026-06-15",
    }
    assert {event["related"][0]["prefect.resource.id"] for event in items} == {resource}
    assert items[0]["resource"]["prefect.resource.name"] == f"Nộp hồ sơ đánh giá lại: {certificate.title}"
