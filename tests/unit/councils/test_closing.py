"""Closing the scoring: sheets, quorum, spread, second scoring, elimination, override, gates."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.dossiers.handing_in import withdraw
from models.enums import AttemptStatus, ItemStatus, Role, SessionStatus
from models.errors import InputError, NotAllowedError, WrongMomentError
from models.process.kinds import StepKind
from models.tables import CouncilSession, Result, WorkItem
from models.work_items import complete
from tests.factories import (
    CAKE,
    HELD,
    LONGAN,
    MEMBERS,
    SECOND_SCORING,
    VISITED,
    close_meeting,
    concluded,
    coordinator,
    council,
    opened,
    recuse,
    score,
    session_with,
    sheet_item,
    someone,
    waiting_for_council,
)


def result(meeting: CouncilSession, position: int = 1) -> Result:
    found = meeting.products[position - 1].result
    assert found is not None
    return found


def statuses(session: Session, kind: StepKind) -> list[ItemStatus]:
    return list(session.scalars(select(WorkItem.status).where(WorkItem.kind == kind).order_by(WorkItem.id)))


def test_conclusion_stores_the_engines_exact_answer(session: Session) -> None:
    meeting = concluded(session, [70, 70, 70, 70, 71, 71, 71], gates=4)

    found = result(meeting)
    assert (found.mean, found.mean_cut, found.spread) == ("493/7", "70.42", "1")
    assert (found.band, found.computed_stars, found.stars) == (4, 4, 4)
    assert (found.granted_by, found.forward_to, found.override_reason) == ("province", "province", None)
    assert found.details["totals"] == dict(zip(MEMBERS, ["70", "70", "70", "70", "71", "71", "71"], strict=True))
    assert (meeting.status, meeting.minutes_number) == (SessionStatus.CONCLUDED, "05/BB-HĐ")


def test_conclusion_closes_the_step_of_each_product(session: Session) -> None:
    meeting = concluded(session, 60, CAKE, LONGAN)

    items = session.scalars(select(WorkItem).where(WorkItem.kind == StepKind.COUNCIL_EVALUATION)).all()
    assert [(item.status, item.outcome and item.outcome.code) for item in items] == [(ItemStatus.DONE, "evaluated")] * 2
    outcome = items[0].outcome
    assert outcome is not None
    assert outcome.data == {
        "outcome": "evaluated",
        "mean": "60.00",
        "stars": 3,
        "explanation": result(meeting).explanation,
    }
    assert (outcome.actor_id, outcome.capacity) == (council(session).secretary_id, Role.COUNCIL_SECRETARY)


def test_result_of_a_product_is_never_typed_by_hand(session: Session) -> None:
    item = opened(session, waiting_for_council(session), StepKind.COUNCIL_EVALUATION, VISITED)
    secretary = someone(session, "thu-ky", Role.COUNCIL_SECRETARY)

    with pytest.raises(WrongMomentError, match="do kết luận phiên họp ghi"):
        complete(session, item.id, {"outcome": "evaluated", "mean": "99.00", "stars": 5}, secretary, HELD)

    assert item.status is ItemStatus.OPEN


def test_conclusion_waits_for_sheets_and_names_who_owes_them(session: Session) -> None:
    meeting = session_with(session, CAKE, LONGAN)
    score(session, meeting.products[0], 60)
    score(session, meeting.products[1], 60, members=MEMBERS[:6])

    with pytest.raises(WrongMomentError) as refused:
        close_meeting(session, meeting)

    assert refused.value.problems[0].problem == "Còn phiếu chấm chưa nộp: Trần Quang Hải (2024-002)."


def test_conclusion_with_members_absent_counts_the_others(session: Session) -> None:
    meeting = session_with(session)
    score(session, meeting.products[0], 60, members=MEMBERS[:6])

    close_meeting(session, meeting, absent=["hd-vp"])

    assert list(result(meeting).details["totals"]) == list(MEMBERS[:6])
    assert [seat.person.code for seat in council(session).members if seat.id in meeting.absent] == ["hd-vp"]


def test_conclusion_cancels_the_sheets_of_those_absent(session: Session) -> None:
    """Else they would stand in the lists as late, and climb the ladder, for ever."""
    meeting = session_with(session)
    score(session, meeting.products[0], 60, members=MEMBERS[:6])

    close_meeting(session, meeting, absent=["hd-vp"])

    assert statuses(session, StepKind.SCORE_SHEET) == [ItemStatus.DONE] * 6 + [ItemStatus.CANCELLED]


def test_sheet_handed_in_cannot_be_thrown_out_by_writing_its_member_absent(session: Session) -> None:
    meeting = session_with(session)
    score(session, meeting.products[0], [60, 60, 60, 60, 60, 60, 70])

    with pytest.raises(InputError, match=r"absent\[0\]: «hd-vp» đã nộp đủ phiếu chấm nên không vắng"):
        close_meeting(session, meeting, absent=["hd-vp"])


def test_member_who_left_early_counts_where_a_sheet_was_handed_in(session: Session) -> None:
    meeting = session_with(session, CAKE, LONGAN)
    score(session, meeting.products[0], [60, 60, 60, 60, 60, 60, 67])
    score(session, meeting.products[1], 60, members=MEMBERS[:6])

    close_meeting(session, meeting, absent=["hd-vp"])

    assert [result(meeting, n).mean for n in (1, 2)] == ["61", "60"]


def test_unknown_absent_member_is_named(session: Session) -> None:
    meeting = session_with(session)
    score(session, meeting.products[0], 60)

    with pytest.raises(InputError, match=r"absent\[0\]: «thu-ky» không phải thành viên hội đồng"):
        close_meeting(session, meeting, absent=["thu-ky"])


@pytest.mark.parametrize(
    ("present", "met"),
    [(MEMBERS[:6], True), (MEMBERS[:5], False), (MEMBERS[1:], True), (MEMBERS[2:], False)],
    ids=["six of seven", "five of seven", "vice-chair leads", "neither chair nor vice-chair"],
)
def test_quorum_needs_three_quarters_with_chair_or_vice_chair(
    session: Session, present: tuple[str, ...], met: bool
) -> None:
    meeting = session_with(session)
    score(session, meeting.products[0], 60, members=present)
    absent = [code for code in MEMBERS if code not in present]

    if met:
        assert close_meeting(session, meeting, absent=absent).code == "concluded"
    else:
        with pytest.raises(WrongMomentError, match="Chưa đủ số thành viên theo quy chế để kết luận: 2024-001"):
            close_meeting(session, meeting, absent=absent)


def test_quorum_counts_those_who_may_score(session: Session) -> None:
    """Seven members, three recused: three of the four that remain are 75 %."""
    meeting = session_with(session)
    (product,) = meeting.products
    for member in MEMBERS[4:]:
        recuse(session, product, member)
    score(session, product, [60, 61, 62], members=MEMBERS[:3])

    close_meeting(session, meeting, absent=[MEMBERS[3]])

    assert result(meeting).mean == "61"


@pytest.mark.parametrize(("highest", "again"), [(70, False), (71, True)])
def test_spread_of_exactly_ten_needs_no_second_scoring(session: Session, highest: int, again: bool) -> None:
    meeting = session_with(session)
    score(session, meeting.products[0], [60] * 6 + [highest])

    if again:
        with pytest.raises(WrongMomentError, match="phải chấm lần hai: 2024-001"):
            close_meeting(session, meeting)
    else:
        assert close_meeting(session, meeting).code == "concluded"


def test_second_scoring_without_a_spread_is_refused(session: Session) -> None:
    meeting = session_with(session)
    score(session, meeting.products[0], [60] * 6 + [70])

    with pytest.raises(InputError, match="Không sản phẩm nào có chênh lệch vượt mức"):
        close_meeting(session, meeting, **SECOND_SCORING)


def test_second_scoring_is_for_the_product_with_the_spread_and_keeps_both_sheets(session: Session) -> None:
    meeting = session_with(session, CAKE, LONGAN)
    cake, longan = meeting.products
    score(session, cake, [60] * 6 + [75])
    score(session, longan, 55)
    close_meeting(session, meeting, **SECOND_SCORING)
    assert (cake.scoring, longan.scoring) == (2, 1)

    score(session, cake, [60] * 6 + [67], scoring=2)
    close_meeting(session, meeting, turn=2)

    assert [(sheet.scoring, sheet.total) for sheet in cake.sheets if sheet.member.person.code == "hd-vp"] == [
        (1, 75),
        (2, 67),
    ]
    assert (len(cake.sheets), len(longan.sheets)) == (14, 7)
    assert (result(meeting, 1).mean, result(meeting, 1).spread, result(meeting, 2).mean) == ("61", "7", "55")
    assert result(meeting).details["scoring"] == 2


def test_second_scoring_still_apart_is_concluded(session: Session) -> None:
    meeting = session_with(session)
    (product,) = meeting.products
    score(session, product, [60] * 6 + [75])
    close_meeting(session, meeting, **SECOND_SCORING)
    score(session, product, [60] * 6 + [74], scoring=2)

    close_meeting(session, meeting, turn=2)

    assert (result(meeting).mean, result(meeting).spread) == ("62", "14")


def test_second_scoring_needs_the_second_sheets(session: Session) -> None:
    meeting = session_with(session)
    (product,) = meeting.products
    score(session, product, [60] * 6 + [75])
    close_meeting(session, meeting, **SECOND_SCORING)
    score(session, product, 60, members=MEMBERS[:6], scoring=2)

    with pytest.raises(WrongMomentError, match="Trần Quang Hải"):
        close_meeting(session, meeting, turn=2)


def test_second_scoring_does_not_count_the_first_sheet_of_a_member_who_left(session: Session) -> None:
    meeting = session_with(session)
    (product,) = meeting.products
    score(session, product, [60] * 6 + [75])
    close_meeting(session, meeting, **SECOND_SCORING)
    score(session, product, 60, members=MEMBERS[:6], scoring=2)

    close_meeting(session, meeting, turn=2, absent=["hd-vp"])

    assert (result(meeting).mean, list(result(meeting).details["totals"])) == ("60", list(MEMBERS[:6]))


def test_second_scoring_gives_no_sheet_to_recused_and_absent_members(session: Session) -> None:
    meeting = session_with(session)
    (product,) = meeting.products
    recuse(session, product, "hd-vp")
    score(session, product, [60, 60, 60, 60, 75], members=MEMBERS[:5])
    close_meeting(session, meeting, **SECOND_SCORING, absent=["hd-tnmt"])

    second = session.scalars(select(WorkItem).where(WorkItem.kind == StepKind.SCORE_SHEET, WorkItem.turn == 2)).all()

    assert [item.assignee.code for item in second if item.assignee] == list(MEMBERS[:5])
    assert sheet_item(session, product, "hd-tnmt").status is ItemStatus.CANCELLED


def test_eliminated_product_has_no_star_and_ends(session: Session) -> None:
    meeting = session_with(session, CAKE, LONGAN)
    cake, longan = meeting.products
    score(session, cake, [40] * 6 + [80])  # nobody scores again what is thrown out
    score(session, longan, 60)

    close_meeting(session, meeting, eliminations={"2024-001": ["1.1"]})

    found = result(meeting)
    assert (found.stars, found.computed_stars, found.granted_by, found.forward_to) == (None, None, None, None)
    assert found.eliminated == ["1.1"]
    assert (cake.attempt.status, longan.attempt.status) == (AttemptStatus.ELIMINATED, AttemptStatus.IN_PROGRESS)
    assert cake.attempt.ended_because == found.explanation
    item = session.scalars(select(WorkItem).where(WorkItem.attempt_id == cake.attempt_id)).all()[-1]
    codes = session.scalars(select(WorkItem).where(WorkItem.kind == StepKind.COUNCIL_EVALUATION)).all()
    assert [one.outcome and one.outcome.code for one in codes] == ["eliminated", "evaluated"]
    assert item.status is ItemStatus.DONE


def test_unknown_ground_of_elimination_is_named_with_its_dossier(session: Session) -> None:
    meeting = session_with(session)
    score(session, meeting.products[0], 60)

    with pytest.raises(InputError) as refused:
        close_meeting(session, meeting, eliminations={"2024-001": ["dossier", "88"]})

    assert refused.value.problems[0].field == "eliminations.2024-001[1]"


@pytest.mark.parametrize("field", ["eliminations", "conclusions"])
def test_dossier_that_is_not_on_the_agenda_is_named(session: Session, field: str) -> None:
    meeting = session_with(session)
    score(session, meeting.products[0], 60)
    given: dict[str, Any] = {"eliminations": {"2024-404": ["dossier"]}, "conclusions": {"2024-404": {"text": "Đạt"}}}

    with pytest.raises(InputError, match=f"{field}.2024-404: hồ sơ không có trong chương trình phiên họp"):
        close_meeting(session, meeting, **{field: given[field]})


def test_missed_gate_holds_a_product_of_the_band_back(session: Session) -> None:
    meeting = concluded(session, 72, gates=4, miss=("3.6",))

    found = result(meeting)
    assert (found.band, found.computed_stars, found.stars) == (4, 3, 3)
    assert (found.granted_by, found.forward_to) == ("district", "province")
    assert [gate for gate in found.missed_gates if gate["stars"] == 4] == [
        {"stars": 4, "criterion": "3.6", "least": 1, "got": "0.00"}
    ]
    assert found.explanation.startswith("Đạt 72 điểm (khung 4 sao) nhưng thiếu điều kiện 4 sao ở tiêu chí 3.6")


def test_override_of_a_missed_gate_keeps_its_reason_and_what_was_computed(session: Session) -> None:
    meeting = session_with(session)
    score(session, meeting.products[0], 72, gates=4, miss=("3.6",))
    conclusion = {"text": "Đạt 4 sao", "stars": 4, "reason": "Đã được cấp văn bằng sau ngày nộp."}

    close_meeting(session, meeting, conclusions={"2024-001": conclusion})

    found = result(meeting)
    assert (found.computed_stars, found.stars, found.override_reason) == (3, 4, "Đã được cấp văn bằng sau ngày nộp.")
    assert (found.granted_by, meeting.products[0].conclusion) == ("province", "Đạt 4 sao")


def test_override_without_reason_is_refused(session: Session) -> None:
    meeting = session_with(session)
    score(session, meeting.products[0], 72, gates=4, miss=("3.6",))

    with pytest.raises(InputError, match=r"conclusions\.2024-001\.reason: kết luận khác kết quả tính phải ghi lý do"):
        close_meeting(session, meeting, conclusions={"2024-001": {"stars": 4}})


def test_override_above_the_band_of_the_points_is_refused(session: Session) -> None:
    """Points fix the band by law; the council weighs the gates within it."""
    meeting = session_with(session)
    score(session, meeting.products[0], 69)

    with pytest.raises(InputError, match=r"conclusions.2024-001.stars: 4 sao cao hơn khung điểm \(3 sao\)"):
        close_meeting(session, meeting, conclusions={"2024-001": {"stars": 4, "reason": "Sản phẩm quý"}})


def test_override_of_an_elimination_is_refused(session: Session) -> None:
    meeting = session_with(session)
    score(session, meeting.products[0], 69)

    with pytest.raises(InputError, match="sản phẩm đã bị loại nên không xếp hạng sao"):
        close_meeting(
            session,
            meeting,
            eliminations={"2024-001": ["dossier"]},
            conclusions={"2024-001": {"stars": 3, "reason": "Tiếc"}},
        )


@pytest.mark.parametrize(
    ("totals", "stars", "mean"),
    [
        ([49] + [50] * 6, 2, "49.85"),
        ([50] * 7, 3, "50.00"),
        ([69] + [70] * 6, 3, "69.85"),
        ([70] * 7, 4, "70.00"),
        ([89] + [90] * 6, 4, "89.85"),
        ([90] * 7, 5, "90.00"),
    ],
)
def test_bounds_of_stars_are_exact(session: Session, totals: list[int], stars: int, mean: str) -> None:
    meeting = concluded(session, totals, gates=5 if totals[-1] >= 90 else 4 if totals[-1] >= 70 else 3)

    assert (result(meeting).stars, result(meeting).mean_cut) == (stars, mean)


def test_council_s_own_rules_win_over_the_regimes(session: Session) -> None:
    council(session).rules = {"quorum": "0.5", "spread_limit": "20"}
    meeting = session_with(session)
    score(session, meeting.products[0], [60, 60, 60, 79], members=MEMBERS[:4])

    assert close_meeting(session, meeting, absent=list(MEMBERS[4:])).code == "concluded"


def test_gate_rule_of_every_member_is_asked_of_the_lowest(session: Session) -> None:
    council(session).rules = {"gate_rule": "every_member"}
    meeting = session_with(session)
    (product,) = meeting.products
    score(session, product, 72, gates=4, members=MEMBERS[:6])
    score(session, product, 72, gates=4, miss=("3.6",), members=MEMBERS[6:])
    close_meeting(session, meeting)

    assert [gate["got"] for gate in result(meeting).missed_gates if gate["criterion"] == "3.6"][:1] == ["0.00"]
    assert result(meeting).stars == 3


def test_closing_is_the_secretarys(session: Session) -> None:
    meeting = session_with(session)
    item = opened(session, meeting.round, StepKind.COUNCIL_SESSION, HELD)
    chair = someone(session, "hd-chu-tich", Role.COUNCIL_MEMBER)

    with pytest.raises(NotAllowedError):
        complete(session, item.id, {"outcome": "concluded"}, chair, HELD)


def test_product_withdrawn_during_the_session_does_not_hold_up_the_others(session: Session) -> None:
    meeting = session_with(session, CAKE, LONGAN)
    cake, longan = meeting.products
    score(session, longan, 60)
    withdraw(session, cake.attempt.dossier.code, "Rút để hoàn thiện", coordinator(session), HELD)

    close_meeting(session, meeting)

    assert (cake.result, result(meeting, 2).stars) == (None, 3)
    assert statuses(session, StepKind.SCORE_SHEET) == [ItemStatus.CANCELLED] * 7 + [ItemStatus.DONE] * 7
