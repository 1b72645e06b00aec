"""Score sheets: complete, printed options only, one a member and scoring, locked; recusal."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import ItemStatus, Role, SessionStatus
from models.errors import ConflictError, InputError, NotAllowedError, WrongMomentError
from models.tables import Recusal, ScoreSheet
from models.work_items import complete
from tests.factories import (
    HELD,
    LONGAN,
    MEMBERS,
    SECOND_SCORING,
    close_meeting,
    hand_in,
    recuse,
    score,
    session_with,
    sheet_item,
    sheet_of,
    someone,
)


def test_sheet_keeps_choices_and_total(session: Session) -> None:
    (product,) = session_with(session).products

    hand_in(session, product, "hd-pho", sheet_of(64))

    (sheet,) = product.sheets
    assert (sheet.total, sheet.choices, sheet.scoring, sheet.member.person.code) == (64, sheet_of(64), 1, "hd-pho")
    assert sheet.submitted_at == HELD
    assert sheet_item(session, product, "hd-pho").status is ItemStatus.DONE


def test_sheet_with_a_choice_that_is_no_option_is_refused_by_name(session: Session) -> None:
    (product,) = session_with(session).products
    choices = {**sheet_of(64), "3.6": 99}

    with pytest.raises(InputError) as refused:
        hand_in(session, product, "hd-pho", choices)

    (problem,) = refused.value.problems
    assert problem.field == "choices.3.6"
    assert problem.problem.startswith("99 không phải là mức điểm của tiêu chí 3.6")
    assert str(refused.value).startswith("choices.3.6: 99")
    assert session.scalars(select(ScoreSheet)).all() == []


def test_sheet_without_a_criterion_is_refused_by_name(session: Session) -> None:
    (product,) = session_with(session).products
    choices = sheet_of(64)
    del choices["1.1"], choices["9"]

    with pytest.raises(InputError) as refused:
        hand_in(session, product, "hd-pho", choices)

    assert [problem.field for problem in refused.value.problems] == ["choices.1.1", "choices.9"]


def test_sheet_with_an_unknown_criterion_is_refused(session: Session) -> None:
    (product,) = session_with(session).products

    with pytest.raises(InputError, match=r"choices\.77: bộ tiêu chí 6"):
        hand_in(session, product, "hd-pho", {**sheet_of(64), "77": 1})


def test_sheet_handed_in_twice_alike_is_one(session: Session) -> None:
    (product,) = session_with(session).products

    first = hand_in(session, product, "hd-pho", sheet_of(64))

    assert hand_in(session, product, "hd-pho", sheet_of(64)) is first
    assert len(product.sheets) == 1


def test_sheet_is_locked_once_handed_in(session: Session) -> None:
    (product,) = session_with(session).products
    hand_in(session, product, "hd-pho", sheet_of(64))

    with pytest.raises(ConflictError, match="«Phiếu chấm điểm» đã có kết quả khác"):
        hand_in(session, product, "hd-pho", sheet_of(65))

    assert [sheet.total for sheet in product.sheets] == [64]


def test_sheet_of_another_member_is_refused(session: Session) -> None:
    (product,) = session_with(session).products
    item = sheet_item(session, product, "hd-pho")
    other = someone(session, "hd-vp", Role.COUNCIL_MEMBER)

    with pytest.raises(NotAllowedError, match="giao cho người khác"):
        complete(session, item.id, {"outcome": "scored", "choices": sheet_of(64)}, other, HELD)


def test_secretary_does_not_score(session: Session) -> None:
    (product,) = session_with(session).products
    secretary = someone(session, "thu-ky", Role.COUNCIL_SECRETARY)

    with pytest.raises(NotAllowedError, match="vai trò «Thư ký hội đồng»"):
        complete(session, sheet_item(session, product, "hd-pho").id, {"outcome": "scored"}, secretary, HELD)


def test_sheet_after_the_conclusion_is_refused(session: Session) -> None:
    meeting = session_with(session)
    score(session, meeting.products[0], 64, members=MEMBERS[:6])
    close_meeting(session, meeting, absent=["hd-vp"])

    with pytest.raises(WrongMomentError):
        hand_in(session, meeting.products[0], "hd-vp", sheet_of(64))

    assert len(meeting.products[0].sheets) == 6


def test_sheet_still_open_when_its_session_is_over_is_refused(session: Session) -> None:
    """As on PostgreSQL, when the conclusion is stored while the sheet is on its way."""
    meeting = session_with(session)
    meeting.status = SessionStatus.CONCLUDED

    with pytest.raises(WrongMomentError, match="Phiên chấm này đã đóng"):
        hand_in(session, meeting.products[0], "hd-vp", sheet_of(64))


def test_sheet_of_the_first_scoring_after_the_second_is_ordered_is_refused(session: Session) -> None:
    meeting = session_with(session)
    (product,) = meeting.products
    score(session, product, [50, 61, 60, 60, 60, 60], members=MEMBERS[:6])
    close_meeting(session, meeting, **SECOND_SCORING, absent=["hd-vp"])

    with pytest.raises(WrongMomentError):
        hand_in(session, product, "hd-vp", sheet_of(60))


def test_recusal_is_recorded_with_its_reason_and_leaves_no_sheet(session: Session) -> None:
    (product,) = session_with(session).products

    recuse(session, product, "hd-ktht")

    (recusal,) = session.scalars(select(Recusal))
    assert (recusal.member.person.code, recusal.reason, recusal.recorded_at) == (
        "hd-ktht",
        "Có người thân là chủ cơ sở.",
        HELD,
    )
    assert product.sheets == []


def test_recused_member_may_not_score_that_product_but_the_others(session: Session) -> None:
    cake, longan = session_with(session, "Bánh gai Huân Hường", LONGAN).products
    recuse(session, cake, "hd-ktht")

    with pytest.raises(ConflictError):
        hand_in(session, cake, "hd-ktht", sheet_of(64))
    hand_in(session, longan, "hd-ktht", sheet_of(64))

    assert [sheet.product for sheet in session.scalars(select(ScoreSheet))] == [longan]


def test_recusal_without_reason_is_refused(session: Session) -> None:
    (product,) = session_with(session).products
    who = someone(session, "hd-ktht", Role.COUNCIL_MEMBER)

    with pytest.raises(InputError, match="reason: từ chối chấm phải ghi lý do"):
        complete(session, sheet_item(session, product, "hd-ktht").id, {"outcome": "recused"}, who, HELD)
