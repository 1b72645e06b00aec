"""The legal cut-offs of 26/2026: who is not proposed is told to coordinators and communes, once a day left."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.dossiers.proposals import tell_unproposed, unproposed
from models.enums import OutboxKind
from models.process.kinds import StepKind
from models.regimes.cutoffs import cutoffs_in_force
from models.rounds.queries import round_by_code
from models.tables import DossierAttempt, OutboxMessage
from tests.factories import ACCEPTED, CAKE, LONGAN, at, close, proposed, submit

RECEIVED = at("2026-09-07")
CHECKED = at("2026-09-09")


@pytest.fixture
def attempts(session: Session) -> list[DossierAttempt]:
    """Two dossiers of a round of 2026; the second is proposed."""
    round_ = round_by_code(session, "2024-2")
    round_.opens_on, round_.registration_closes_on = date(2026, 9, 1), date(2026, 9, 30)
    round_.council_on, round_.closes_on = date(2026, 12, 1), date(2026, 12, 29)
    waiting, done = (submit(session, name, RECEIVED) for name in (CAKE, LONGAN))
    for attempt in (waiting, done):
        close(session, attempt, StepKind.REGISTRATION_CHECK, ACCEPTED, CHECKED)
    close(session, done, StepKind.COMMUNE_ASSESSMENT, proposed(signed_on="2026-09-20"), at("2026-09-21"))
    return [waiting, done]


def told(session: Session) -> list[dict[str, Any]]:
    query = select(OutboxMessage.payload).where(OutboxMessage.kind == OutboxKind.NOTIFICATION)
    return [one for one in session.scalars(query) if one.get("what") == "legal-cutoff"]


def test_cutoffs_are_those_of_the_province_in_the_law_in_force() -> None:
    assert [(c.name, c.last_day, c.done_before) for c in cutoffs_in_force(date(2026, 10, 1))] == [
        ("30/04", date(2026, 4, 29), date(2026, 6, 30)),
        ("30/10", date(2026, 10, 29), date(2026, 12, 30)),
    ]
    assert cutoffs_in_force(date(2026, 5, 21)) == []


def test_only_what_is_not_proposed_counts(session: Session, attempts: list[DossierAttempt]) -> None:
    october = cutoffs_in_force(date(2026, 10, 15))[1]
    assert unproposed(session, october) == attempts[:1]


def test_coordinator_hears_of_the_round_and_the_commune_of_its_dossier(
    session: Session, attempts: list[DossierAttempt]
) -> None:
    tell_unproposed(session, 10, 30, at("2026-10-15", 7))

    commune, coordinator = told(session)
    assert (commune["attempt"], commune["to"], commune["days_left"]) == (attempts[0].id, ["commune_officer"], 14)
    assert (coordinator["round"], coordinator["to"]) == (attempts[0].round_id, ["coordinator"])
    assert coordinator["text"] == (
        "Hạn UBND xã gửi đề nghị: trước ngày 30/10/2026, còn 14 ngày; kỳ này phải đánh giá xong trước ngày 30/12/2026. "
        f"Đợt 2 năm 2024 còn 1 hồ sơ chưa được đề nghị: Bánh gai Huân Hường ({attempts[0].dossier.code}, xã Thọ Diên)."
    )


def test_same_day_tells_once_and_the_last_day_says_so(session: Session, attempts: list[DossierAttempt]) -> None:
    for hour in (7, 9):
        tell_unproposed(session, 10, 30, at("2026-10-29", hour))

    assert len(told(session)) == 2
    assert "hôm nay là ngày cuối" in told(session)[0]["text"]


@pytest.mark.parametrize(("day", "messages"), [("2026-10-30", 2), ("2026-11-28", 2), ("2026-11-29", 0)])
def test_missed_look_is_caught_up_for_a_month(
    session: Session, attempts: list[DossierAttempt], day: str, messages: int
) -> None:
    tell_unproposed(session, 10, 30, at(day))

    assert len(told(session)) == messages
    assert all(
        one["text"].startswith("Đã quá hạn UBND xã gửi đề nghị (trước ngày 30/10/2026)") for one in told(session)
    )


def test_law_without_the_cutoff_says_nothing(session: Session) -> None:
    assert tell_unproposed(session, 4, 30, at("2024-04-15")) is None
