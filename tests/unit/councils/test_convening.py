"""Convening: the agenda, and a sheet for every member and product."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.councils.sessions import latest_session
from models.dossiers.handing_in import withdraw
from models.enums import ItemStatus, Role, RoundStatus, SessionStatus
from models.errors import InputError, NotAllowedError, NotFoundError
from models.process.kinds import StepKind
from models.rounds.closing import close_round
from models.subjects import round_subject
from models.tables import CouncilSession, OutboxMessage, RoundCarry, WorkItem
from models.work_items import complete
from tests.factories import (
    CALLED,
    CANDY,
    LONGAN,
    MEMBERS,
    at,
    close,
    convened,
    convening,
    coordinator,
    in_consulting,
    list_closed,
    opened,
    session_with,
    someone,
    waiting_for_council,
)


def test_convening_makes_the_agenda_in_the_order_given(session: Session) -> None:
    cake, longan = waiting_for_council(session), waiting_for_council(session, LONGAN)

    meeting = convened(session, longan, cake)

    assert [(product.position, product.attempt) for product in meeting.products] == [(1, longan), (2, cake)]
    assert (meeting.number, meeting.place, meeting.status) == (1, "Hội trường", SessionStatus.CALLED)
    assert meeting.held_on == meeting.round.held_on == at("2024-09-12").date()
    assert meeting.round.status is RoundStatus.EVALUATING


def test_convening_gives_every_member_a_sheet_for_every_product(session: Session) -> None:
    meeting = session_with(session, LONGAN, CANDY)

    sheets = session.scalars(select(WorkItem).where(WorkItem.kind == StepKind.SCORE_SHEET)).all()

    assert len(sheets) == len(MEMBERS) * 2
    assert {item.due_on for item in sheets} == {meeting.held_on}
    assert {item.status for item in sheets} == {ItemStatus.OPEN}
    assert sorted(item.assignee.code for item in sheets if item.assignee) == sorted(MEMBERS * 2)


def test_convening_names_a_dossier_twice_once_on_the_agenda(session: Session) -> None:
    cake = waiting_for_council(session)

    assert len(convened(session, cake, cake).products) == 1


def test_convening_refuses_dossiers_that_do_not_wait_for_the_council_and_lists_all(session: Session) -> None:
    ready = waiting_for_council(session)
    consulting = in_consulting(session, LONGAN)
    gone = waiting_for_council(session, CANDY)
    withdraw(session, gone.dossier.code, "Thôi", coordinator(session), CALLED)
    round_ = list_closed(session)

    with pytest.raises(InputError) as refused:
        close(session, round_, StepKind.COUNCIL_CONVENING, convening(consulting, ready, gone), CALLED)

    assert [(problem.field, problem.problem) for problem in refused.value.problems] == [
        ("dossiers[0]", "hồ sơ 2024-002 chưa sẵn sàng cho hội đồng của đợt này"),
        ("dossiers[2]", "hồ sơ 2024-003 chưa sẵn sàng cho hội đồng của đợt này"),
    ]
    assert session.scalars(select(CouncilSession)).all() == []


def test_convening_refuses_a_dossier_of_another_round(session: Session) -> None:
    cake = waiting_for_council(session)
    other = waiting_for_council(session, LONGAN)
    other.round = list_closed(session, "2024-1")
    round_ = list_closed(session)

    with pytest.raises(InputError, match="hồ sơ 2024-002 chưa sẵn sàng cho hội đồng của đợt này"):
        close(session, round_, StepKind.COUNCIL_CONVENING, convening(cake, other), CALLED)


def test_convening_refuses_an_unknown_dossier(session: Session) -> None:
    round_ = list_closed(session)

    with pytest.raises(NotFoundError, match="Không có hồ sơ mã «2024-404»"):
        close(session, round_, StepKind.COUNCIL_CONVENING, {**convening(), "dossiers": ["2024-404"]}, CALLED)


@pytest.mark.parametrize(("held_on", "refused"), [("2024-09-04", True), ("2024-09-05", False)])
def test_convening_refuses_a_day_that_is_past(session: Session, held_on: str, refused: bool) -> None:
    cake = waiting_for_council(session)
    round_ = list_closed(session)
    invitation = convening(cake, held_on=held_on)

    if refused:
        with pytest.raises(InputError, match="Ngày họp đã qua"):
            close(session, round_, StepKind.COUNCIL_CONVENING, invitation, CALLED)
    else:
        assert close(session, round_, StepKind.COUNCIL_CONVENING, invitation, CALLED).code == "called"


def test_convening_is_the_secretarys(session: Session) -> None:
    cake = waiting_for_council(session)
    item = opened(session, list_closed(session), StepKind.COUNCIL_CONVENING, CALLED)
    chair = someone(session, "hd-chu-tich", Role.COUNCIL_MEMBER)

    with pytest.raises(NotAllowedError, match="Phạm Thị Lan"):
        complete(session, item.id, convening(cake), chair, CALLED)


def test_dossier_not_ready_when_the_council_sits_stays_where_it_is(session: Session) -> None:
    late = in_consulting(session, LONGAN)

    convened(session, waiting_for_council(session))

    items = session.scalars(select(WorkItem).where(WorkItem.attempt_id == late.id).order_by(WorkItem.id)).all()
    assert [(item.kind, item.status) for item in items][-1] == (StepKind.CONSULTING, ItemStatus.OPEN)


def test_session_of_a_round_without_one_is_not_found(session: Session) -> None:
    with pytest.raises(NotFoundError, match="chưa triệu tập hội đồng"):
        latest_session(session, list_closed(session).id)


WITHOUT = {"outcome": "not_held", "reason": "Không còn hồ sơ nào sẵn sàng"}


def test_round_whose_dossiers_all_go_on_in_the_next_ends_without_a_session(session: Session) -> None:
    late = in_consulting(session)
    round_ = list_closed(session)

    close(session, round_, StepKind.COUNCIL_CONVENING, WITHOUT, CALLED)
    close_round(session, round_.id, CALLED)

    assert (round_.status, round_.sessions, late.round.code) == (RoundStatus.CLOSED, [], "2024-3")
    (carry,) = session.scalars(select(RoundCarry))
    assert carry.reason == f"Đợt không họp hội đồng: Không còn hồ sơ nào sẵn sàng ({round_.title})."
    open_ = session.scalars(
        select(WorkItem).where(WorkItem.subject == round_subject(round_.id), WorkItem.status == ItemStatus.OPEN)
    )
    assert open_.all() == []
    told = session.scalars(select(OutboxMessage).where(OutboxMessage.key.contains("without-session"))).one()
    assert (told.payload["to"], told.payload["round"]) == (["coordinator", "leader"], round_.id)


def test_round_with_a_dossier_that_waits_for_the_council_does_not_go_without(session: Session) -> None:
    ready = waiting_for_council(session)
    round_ = list_closed(session)

    with pytest.raises(InputError, match=ready.dossier.code):
        close(session, round_, StepKind.COUNCIL_CONVENING, WITHOUT, CALLED)

    assert round_.status is RoundStatus.EVALUATING
