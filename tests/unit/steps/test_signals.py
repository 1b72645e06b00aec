"""Signals: when a run has something to take up, which signals are on their way, which runs should be alive."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.dossiers.handing_in import withdraw
from models.enums import AttemptStatus, RoundStatus
from models.process.kinds import StepKind
from models.signals import live_subjects, run_of, signal, undelivered, waits_for_engine
from models.steps.cases import mark_run_ended
from models.subjects import attempt_subject, round_subject
from models.tables import DossierAttempt, EngineRun, OutboxMessage, Round
from models.work_items import complete
from tests.factories import (
    ACCEPTED,
    CHECKED,
    HELD,
    LONGAN,
    coordinator,
    opened,
    submit,
)


def running(session: Session, attempt: DossierAttempt) -> str:
    """The attempt with a flow run; gives its subject."""
    subject = attempt_subject(attempt.id)
    run_of(session, subject).flow_run_id = "0190-f1"
    session.flush()
    return subject


def deliver(session: Session) -> None:
    for message in session.scalars(select(OutboxMessage)):
        message.sent_at = datetime.now(UTC)
    session.flush()


def test_run_of_a_subject_is_made_once(session: Session) -> None:
    first = run_of(session, "attempt:1")

    assert run_of(session, "attempt:1") is first
    assert (first.flow_run_id, first.generation, first.ended_at) == (None, 0, None)
    assert len(session.scalars(select(EngineRun)).all()) == 1


def test_case_that_never_ran_waits_for_the_engine(session: Session) -> None:
    subject = attempt_subject(submit(session).id)

    assert waits_for_engine(session, subject)
    run_of(session, subject)
    assert waits_for_engine(session, subject)


def test_case_that_waits_for_a_person_does_not_wait_for_the_engine(session: Session) -> None:
    attempt = submit(session)
    opened(session, attempt, StepKind.REGISTRATION_CHECK, CHECKED)

    assert not waits_for_engine(session, running(session, attempt))


def test_case_with_an_outcome_not_taken_up_waits_for_the_engine(session: Session) -> None:
    attempt = submit(session)
    item = opened(session, attempt, StepKind.REGISTRATION_CHECK, CHECKED)
    subject = running(session, attempt)
    complete(session, item.id, ACCEPTED, coordinator(session), CHECKED)

    assert waits_for_engine(session, subject)


def test_case_whose_outcome_was_taken_up_but_opened_nothing_waits_for_the_engine(session: Session) -> None:
    attempt = submit(session)
    item = opened(session, attempt, StepKind.REGISTRATION_CHECK, CHECKED)
    subject = running(session, attempt)
    complete(session, item.id, ACCEPTED, coordinator(session), CHECKED)
    opened(session, attempt, StepKind.REGISTRATION_CHECK, CHECKED)

    assert waits_for_engine(session, subject)
    opened(session, attempt, StepKind.COMMUNE_ASSESSMENT, CHECKED)
    assert not waits_for_engine(session, subject)


def test_case_that_was_withdrawn_waits_for_the_engine_until_its_run_ended(session: Session) -> None:
    attempt = submit(session)
    opened(session, attempt, StepKind.REGISTRATION_CHECK, CHECKED)
    subject = running(session, attempt)
    withdraw(session, attempt.dossier.code, "Ốm", coordinator(session), CHECKED)

    assert waits_for_engine(session, subject)
    mark_run_ended(session, subject, HELD)
    assert not waits_for_engine(session, subject)


def test_end_of_a_run_is_noted_once(session: Session) -> None:
    mark_run_ended(session, "attempt:1", CHECKED)
    mark_run_ended(session, "attempt:1", HELD)

    assert run_of(session, "attempt:1").ended_at == CHECKED


def test_live_subjects_are_rounds_under_way_and_attempts_in_progress_or_followed(session: Session) -> None:
    followed, over, new = submit(session), submit(session, LONGAN), submit(session, "Kẹo lạc Tuyên Tâm")
    for attempt in (followed, over):
        running(session, attempt)
        attempt.status = AttemptStatus.RECOGNISED
    mark_run_ended(session, attempt_subject(over.id), HELD)

    assert live_subjects(session) == [
        attempt_subject(followed.id),
        attempt_subject(new.id),
        round_subject(followed.round_id),
    ]


@pytest.mark.parametrize("status", list(RoundStatus))
def test_round_lives_from_its_opening_to_its_end(session: Session, status: RoundStatus) -> None:
    round_ = session.scalars(select(Round)).all()[0]
    round_.status = status
    session.flush()

    alive = status not in {RoundStatus.PLANNED, RoundStatus.CLOSED}
    assert live_subjects(session) == ([round_subject(round_.id)] if alive else [])


def test_signal_on_its_way_is_not_undelivered(session: Session) -> None:
    submit(session)

    assert undelivered(session) == []


def test_signal_that_was_sent_in_vain_is_undelivered(session: Session) -> None:
    attempt = submit(session)
    deliver(session)

    assert undelivered(session) == [attempt_subject(attempt.id), round_subject(attempt.round_id)]


def test_case_that_waits_for_a_person_is_not_undelivered(session: Session) -> None:
    attempt = submit(session)
    opened(session, attempt, StepKind.REGISTRATION_CHECK, CHECKED)
    running(session, attempt)
    deliver(session)

    assert undelivered(session) == [round_subject(attempt.round_id)]


def test_signals_of_one_cause_are_one(session: Session) -> None:
    for cause in ("a", "a", "b"):
        signal(session, "attempt:9", cause)

    keys = session.scalars(select(OutboxMessage.key).where(OutboxMessage.key.contains("attempt:9"))).all()
    assert keys == ["signal:attempt:9:a", "signal:attempt:9:b"]
