"""How what happens to dossiers and certificates is told to Prefect's event feed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.certificates.sweeping import sweep
from models.dossiers.attempts import end_attempt
from models.dossiers.handing_in import withdraw
from models.enums import AttemptStatus, OutboxKind
from models.process.kinds import StepKind
from models.tables import OutboxMessage
from tasks.events import describe
from tests.factories import ABOVE, CHECKED, HANDED_IN, at, close, coordinator, in_consulting, opened, submit
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


def told_of_dossiers(session: Session) -> list[dict[str, Any]]:
    query = select(OutboxMessage).where(OutboxMessage.kind == OutboxKind.EVENT).order_by(OutboxMessage.id)
    return [describe(session, message) for message in session.scalars(query)]


def test_withdrawal_ends_the_story_and_cancels_the_open_step(session: Session) -> None:
    attempt = in_consulting(session)

    withdraw(session, attempt.dossier.code, "Chuyển địa điểm", coordinator(session), ABOVE)

    ended, cancelled = told_of_dossiers(session)[-2:]
    assert (ended["event"], cancelled["event"]) == ("ocop.dossier.withdrawn", "ocop.step.cancelled")
    dossier = f"ocop.dossier.{attempt.dossier.code}"
    assert ended["resource"]["prefect.resource.id"] == dossier
    assert ended["payload"]["because"] == "Chuyển địa điểm"
    assert cancelled["resource"]["ocop.step"] == "4-tu-van"
    assert dossier in {related["prefect.resource.id"] for related in cancelled["related"]}


def test_returned_dossier_is_told_with_the_word_of_its_status(session: Session) -> None:
    attempt = submit(session)
    opened(session, attempt, StepKind.REGISTRATION_CHECK, HANDED_IN)

    form = {"outcome": "returned", "missing": ["product_story"]}
    close(session, attempt, StepKind.REGISTRATION_CHECK, form, CHECKED)

    assert [e["event"] for e in told_of_dossiers(session)].count("ocop.dossier.returned") == 1
    assert not [e for e in told_of_dossiers(session) if e["event"] == "ocop.step.cancelled"]


def test_attempt_that_ends_again_after_a_correction_is_told_again(session: Session) -> None:
    attempt = submit(session)

    for _ in range(2):
        end_attempt(session, attempt, AttemptStatus.NOT_PROPOSED, "Không đạt", coordinator(session), CHECKED)

    assert [e["event"] for e in told_of_dossiers(session)].count("ocop.dossier.not-proposed") == 2
