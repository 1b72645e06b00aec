"""Opening a round: by whom, and not when nobody could hand anything in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import Role, RoundStatus
from models.errors import InputError, NotAllowedError, WrongMomentError
from models.rounds.opening import open_round
from models.rounds.queries import round_by_code
from models.tables import Council, Office
from tests.factories import ROUND, at, coordinator, coordinator_elsewhere, someone


def last_day(session: Session, more: int = 0) -> str:
    """The last day of the window, or so many days after it."""
    return (round_by_code(session, ROUND).registration_closes_on + timedelta(days=more)).isoformat()


def test_round_opens_on_the_last_day_of_its_window(session: Session) -> None:
    assert open_round(session, ROUND, coordinator(session), at(last_day(session))).status is RoundStatus.OPEN


def test_round_whose_window_is_past_is_not_opened(session: Session) -> None:
    with pytest.raises(WrongMomentError, match="chỉ nhận hồ sơ đến ngày"):
        open_round(session, ROUND, coordinator(session), at(last_day(session, 1)))

    assert round_by_code(session, ROUND).status is RoundStatus.PLANNED


def test_only_a_coordinator_opens_a_round(session: Session) -> None:
    leader = someone(session, "lanh-dao", Role.LEADER)

    with pytest.raises(NotAllowedError, match="cán bộ điều phối"):
        open_round(session, ROUND, leader, at(last_day(session)))


def test_coordinator_of_another_office_opens_no_round_of_ours(session: Session) -> None:
    with pytest.raises(NotAllowedError, match="Bạn là điều phối của VPĐP huyện khác"):
        open_round(session, ROUND, coordinator_elsewhere(session), at(last_day(session)))

    assert round_by_code(session, ROUND).status is RoundStatus.PLANNED


def test_round_names_every_unit_that_is_not_set_up(session: Session) -> None:
    for council in session.scalars(select(Council)):
        council.office_id = session.scalars(select(Office.id).where(Office.code == "tu-van")).one()
    places = [planned.product.place for planned in round_by_code(session, ROUND).planned_products[:2]]
    for office in session.scalars(select(Office).where(Office.place_id.in_([p.id for p in places]))):
        office.place_id = None

    with pytest.raises(InputError) as refused:
        open_round(session, ROUND, coordinator(session), at(last_day(session)))

    told = " ".join(problem.problem for problem in refused.value.problems)
    assert all(f"UBND {place.title}" in told for place in places)
    assert "hội đồng đánh giá" in told
