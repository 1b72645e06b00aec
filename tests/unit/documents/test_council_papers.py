"""Invitation, advisory report, minutes, score sheets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.criteria import load_set
from models.criteria.loader import SET_NUMBERS, SOURCES
from models.tables import ScoreSheet
from tests.docx_reading import lines, tables, text
from tests.factories import CAKE, LONGAN, MEMBERS, SECOND_SCORING, close_meeting, concluded, recuse, score, session_with
from tests.unit.documents.conftest import Put


def test_invitation_names_members_with_the_chair_first_and_the_agenda(session: Session, put: Put) -> None:
    meeting = session_with(session, CAKE, LONGAN)

    content = put("invitation", meeting)

    said = lines(content)
    at = said.index("Kính gửi:")
    assert said[at + 1 : at + 4] == [
        "- Lê Văn Phúc, Phó Chủ tịch UBND huyện",
        "- Trịnh Thị Vân, Chánh Văn phòng Điều phối",
        "- Trần Quang Hải, Phó Chánh Văn phòng HĐND – UBND",
    ]
    assert [row[1] for row in tables(content)[0][1:]] == [CAKE, LONGAN]


def test_advisory_report_tells_what_is_open(session: Session, say: Callable[..., Any]) -> None:
    meeting = session_with(session)
    on_its_way_out = meeting.products[0].attempt.evidence[-1]
    on_its_way_out.expires_on = date(2024, 9, 1)

    paper = say("advisory_report", meeting)

    assert [row.open_points for row in paper.rows] == ["hết hạn trước ngày họp: Giấy product_story (01/09/2024)"]
    assert paper.ready == "00 (không)"


def test_minutes_of_an_open_session_do_not_exist(session: Session, say: Callable[..., Any]) -> None:
    assert say("council_minutes", session_with(session)) is None


def test_minutes_have_each_members_total_mean_and_spread(session: Session, put: Put) -> None:
    meeting = concluded(session, [60, 61, 62, 63, 64, 65, 66])

    content = put("council_minutes", meeting)

    scores = tables(content)[1]
    assert [(row[1], row[3]) for row in scores[1:4]] == [
        ("Lê Văn Phúc", "60"),
        ("Trịnh Thị Vân", "61"),
        ("Trần Quang Hải", "66"),
    ]
    said = text(content)
    assert "Điểm trung bình: 63,00 điểm; chênh lệch giữa các phiếu: 6,00 điểm." in said
    assert "Kết luận: đề xuất 3 sao; UBND huyện công nhận và cấp giấy chứng nhận." in said
    assert "Số: 05/BB-HĐ" in said


def test_minutes_keep_both_scorings(session: Session, put: Put, say: Callable[..., Any]) -> None:
    meeting = session_with(session)
    (product,) = meeting.products
    score(session, product, [50, 66, 60, 60, 60, 60, 60])
    close_meeting(session, meeting, **SECOND_SCORING, minutes_number="")
    score(session, product, 60, scoring=2)
    close_meeting(session, meeting, 2)

    paper = say("council_minutes", meeting)

    assert paper.case == "second_scoring"
    assert [(s.first, s.second) for s in paper.products[0].scores[:2]] == [("50", "60"), ("66", "60")]
    assert "Lần chấm thứ nhất chênh lệch 16,00 điểm" in text(put("council_minutes", meeting))


def test_minutes_name_recused_and_absent_members(session: Session, say: Callable[..., Any]) -> None:
    meeting = session_with(session)
    (product,) = meeting.products
    recuse(session, product, MEMBERS[2])
    score(session, product, 60, members=[m for m in MEMBERS if m not in MEMBERS[2:4]])
    close_meeting(session, meeting, absent=[MEMBERS[3]])

    paper = say("council_minutes", meeting)

    assert [one.name for one in paper.absent] == ["Vũ Thị Hạnh"]
    assert [(one.name, one.note) for one in paper.recused] == [("Lê Đức Tuấn", f"{CAKE}: Có người thân là chủ cơ sở.")]
    notes = {s.name: s.note for s in paper.products[0].scores}
    assert (notes["Lê Đức Tuấn"], notes["Vũ Thị Hạnh"], notes["Lê Văn Phúc"]) == ("từ chối chấm", "vắng mặt", "")


def test_minutes_tell_elimination_and_override_with_reason(session: Session, put: Put) -> None:
    meeting = session_with(session, CAKE, LONGAN)
    for product in meeting.products:
        score(session, product, 60)
    cake, longan = (p.attempt.dossier.code for p in meeting.products)
    close_meeting(
        session,
        meeting,
        eliminations={longan: ["9"]},
        conclusions={cake: {"text": "Nhất trí.", "stars": 2, "reason": "Nhãn chưa đúng quy định"}},
    )

    said = text(put("council_minutes", meeting))

    assert "Hội đồng kết luận khác kết quả tính, lý do: Nhãn chưa đúng quy định." in said
    assert "sản phẩm bị loại, không xếp hạng sao" in said
    assert "Kết luận: đề xuất 2 sao" in said


def test_score_sheet_marks_the_chosen_options_and_adds_up(session: Session, say: Callable[..., Any], put: Put) -> None:
    concluded(session, 66)
    sheet = session.scalars(select(ScoreSheet).order_by(ScoreSheet.id)).first()
    assert sheet is not None

    paper = say("score_sheet", sheet)

    chosen = {}
    at = ""
    for row in paper.rows:
        at = row.code if row.level == "criterion" else at
        if row.chosen:
            chosen[at] = int(row.points)
    given = {code: points for code, points in sheet.choices.items() if points or code in chosen}
    assert chosen == given
    assert sum(int(row.given) for row in paper.rows if row.level == "part") == sheet.total == int(paper.total)
    assert "Tổng điểm: 66 trên tối đa 100 điểm." in text(put("score_sheet", sheet))


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("number", SET_NUMBERS)
def test_blank_sheet_has_every_criterion_and_option_of_its_set(
    say: Callable[..., Any], source: str, number: int
) -> None:
    criteria = load_set(source, number)

    paper = say("score_sheet_blank", criteria)

    printed = [row.code for row in paper.rows if row.level == "criterion"]
    assert printed == list(criteria.criteria)
    assert sum(row.level == "option" for row in paper.rows) == sum(len(c.options) for c in criteria.criteria.values())
    assert not any(row.chosen or row.given for row in paper.rows)
    assert (paper.product, paper.member, paper.total) == ("", "", "")


def test_minutes_tell_what_was_presented_and_discussed(session: Session, put: Put, say: Callable[..., Any]) -> None:
    meeting = session_with(session, CAKE, LONGAN)
    for product in meeting.products:
        score(session, product, 66)
    code = meeting.products[0].attempt.dossier.code
    heard = {"presentation": "Nguyên liệu của xã.", "discussion": "Hai ý kiến về bao bì.", "text": "Đạt"}
    close_meeting(session, meeting, conclusions={code: heard})

    first, second = say("council_minutes", meeting).products

    said = lines(put("council_minutes", meeting))
    assert (first.presentation, first.discussion) == (heard["presentation"], heard["discussion"])
    assert (second.presentation, second.discussion) == ("", "")
    assert "b) Chủ thể trình bày: Nguyên liệu của xã." in said
    assert "d) Ý kiến thảo luận: Hai ý kiến về bao bì." in said
    assert said.count("b) Chủ thể trình bày:") == 1  # the second product's, with dots to write on
