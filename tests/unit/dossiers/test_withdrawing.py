"""A producer may withdraw at every step: everything of the dossier closes, and the case goes nowhere afterwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.councils.sessions import still_on_agenda
from models.dossiers.handing_in import withdraw
from models.enums import AttemptStatus, ItemStatus, OutboxKind, Role
from models.errors import NotAllowedError, WrongMomentError
from models.process import Scope, step_definition
from models.process.kinds import StepKind
from models.signals import run_of, waits_for_engine
from models.steps.advancing import advance
from models.subjects import attempt_subject
from models.tables import DossierAttempt, OutboxMessage, WorkItem
from tests.factories import (
    ABOVE,
    CANDY,
    CHECKED,
    HANDED_IN,
    HELD,
    LONGAN,
    NOT_READY,
    REFUSED_ABOVE,
    REPORTED,
    SIGNED,
    VISITED,
    accepted,
    close,
    close_meeting,
    concluded,
    convened,
    coordinator,
    decided,
    hand_in,
    in_consulting,
    opened,
    producer_of,
    score,
    session_with,
    sheet_of,
    sign,
    someone,
    submit,
    waiting_for_council,
)

Reached = Callable[[Session], DossierAttempt]


def just_received(session: Session) -> DossierAttempt:
    return submit(session)


def being_checked(session: Session) -> DossierAttempt:
    attempt = submit(session)
    opened(session, attempt, StepKind.REGISTRATION_CHECK, HANDED_IN)
    return attempt


def between_two_steps(session: Session) -> DossierAttempt:
    return accepted(session)


def at_the_commune(session: Session) -> DossierAttempt:
    attempt = accepted(session)
    opened(session, attempt, StepKind.COMMUNE_ASSESSMENT, CHECKED)
    return attempt


def with_the_consultant(session: Session) -> DossierAttempt:
    return in_consulting(session)


def being_supplemented(session: Session) -> DossierAttempt:
    attempt = in_consulting(session)
    close(session, attempt, StepKind.CONSULTING, NOT_READY, VISITED)
    opened(session, attempt, StepKind.SUPPLEMENT, VISITED)
    return attempt


def before_the_council(session: Session) -> DossierAttempt:
    return waiting_for_council(session)


def on_the_agenda(session: Session) -> DossierAttempt:
    return session_with(session).products[0].attempt


def half_scored(session: Session) -> DossierAttempt:
    product = session_with(session).products[0]
    hand_in(session, product, "hd-pho", sheet_of(60))
    return product.attempt


def being_scored_again(session: Session) -> DossierAttempt:
    meeting = session_with(session)
    score(session, meeting.products[0], [50, 62, 60, 60, 60, 60, 60])
    close_meeting(session, meeting, outcome="second_scoring", minutes_number="")
    return meeting.products[0].attempt


def before_the_decision(session: Session) -> DossierAttempt:
    return concluded(session, 60).products[0].attempt


def at_the_province(session: Session) -> DossierAttempt:
    attempt = decided(session, 72, gates=4)
    opened(session, attempt, StepKind.HIGHER_LEVEL_RESULT, SIGNED)
    return attempt


def before_the_districts_own_decision(session: Session) -> DossierAttempt:
    attempt = at_the_province(session)
    close(session, attempt, StepKind.HIGHER_LEVEL_RESULT, REFUSED_ABOVE, ABOVE)
    opened(session, attempt, StepKind.DECISION, ABOVE, 2)
    return attempt


EVERYWHERE: list[Reached] = [
    just_received,
    being_checked,
    between_two_steps,
    at_the_commune,
    with_the_consultant,
    being_supplemented,
    before_the_council,
    on_the_agenda,
    half_scored,
    being_scored_again,
    before_the_decision,
    at_the_province,
    before_the_districts_own_decision,
]


@pytest.mark.parametrize("reached", EVERYWHERE, ids=lambda reached: reached.__name__)
def test_withdrawal_closes_everything_wherever_the_dossier_is(session: Session, reached: Reached) -> None:
    attempt = reached(session)
    subject = attempt_subject(attempt.id)
    run_of(session, subject).flow_run_id = "run"

    withdraw(session, attempt.dossier.code, "Chuyển địa điểm", producer_of(session, attempt.dossier.product), ABOVE)

    items = session.scalars(select(WorkItem).where(WorkItem.attempt_id == attempt.id)).all()
    assert {item.status for item in items} <= {ItemStatus.DONE, ItemStatus.CANCELLED}
    assert (attempt.status, attempt.ended_on, attempt.ended_because) == (
        AttemptStatus.WITHDRAWN,
        ABOVE.date(),
        "Chuyển địa điểm",
    )
    signals = select(OutboxMessage.id).where(
        OutboxMessage.kind == OutboxKind.SIGNAL, OutboxMessage.key == f"signal:{subject}:ended:{attempt.number}"
    )
    assert session.scalar(signals) is not None
    assert waits_for_engine(session, subject)
    count = len(items)
    for item in items:
        item.taken_up_at = item.taken_up_at or ABOVE
    for kind in StepKind:
        done = any(i.kind is kind and i.status is ItemStatus.DONE for i in items)
        if step_definition(kind).scope is Scope.ATTEMPT and not done:
            assert advance(session, kind, subject, ABOVE).ended
    assert len(session.scalars(select(WorkItem).where(WorkItem.attempt_id == attempt.id)).all()) == count
    with pytest.raises(WrongMomentError, match="đã kết thúc"):
        withdraw(session, attempt.dossier.code, "Lần nữa", coordinator(session), ABOVE)


@pytest.mark.parametrize("reached", EVERYWHERE, ids=lambda reached: reached.__name__)
def test_nobody_but_producer_commune_and_office_withdraws(session: Session, reached: Reached) -> None:
    attempt = reached(session)

    for code, role in (("thu-ky", Role.COUNCIL_SECRETARY), ("tu-van-1", Role.CONSULTANT), ("lanh-dao", Role.LEADER)):
        with pytest.raises(NotAllowedError):
            withdraw(session, attempt.dossier.code, "Thôi", someone(session, code, role), ABOVE)
    assert attempt.status is AttemptStatus.IN_PROGRESS


def test_council_goes_on_with_the_others(session: Session) -> None:
    gone, kept = waiting_for_council(session, LONGAN), waiting_for_council(session, CANDY)
    meeting = convened(session, gone, kept)
    hand_in(session, meeting.products[0], "hd-pho", sheet_of(60))

    withdraw(session, gone.dossier.code, "Thôi", coordinator(session), HELD)

    assert [p.attempt for p in still_on_agenda(meeting)] == [kept]
    score(session, meeting.products[1], 60)
    close_meeting(session, meeting)
    opened(session, kept, StepKind.DECISION, HELD)
    sign(session, meeting)
    assert (kept.status, gone.status) == (AttemptStatus.RECOGNISED, AttemptStatus.WITHDRAWN)


def test_withdrawn_before_the_decision_gets_none(session: Session) -> None:
    meeting = concluded(session, 60, LONGAN, CANDY)
    gone, kept = (product.attempt for product in meeting.products)

    withdraw(session, gone.dossier.code, "Thôi", coordinator(session), HELD)
    sign(session, meeting)

    assert (kept.status, gone.status) == (AttemptStatus.RECOGNISED, AttemptStatus.WITHDRAWN)


def test_commune_of_the_place_withdraws_for_its_producer(session: Session) -> None:
    attempt = in_consulting(session)
    reported = session.scalars(select(WorkItem).where(WorkItem.kind == StepKind.COMMUNE_ASSESSMENT)).one().outcome
    assert reported is not None
    assert reported.actor is not None
    officer: Actor = someone(session, reported.actor.code, Role.COMMUNE_OFFICER)

    withdraw(session, attempt.dossier.code, "Cơ sở nghỉ", officer, REPORTED)

    assert attempt.status is AttemptStatus.WITHDRAWN
