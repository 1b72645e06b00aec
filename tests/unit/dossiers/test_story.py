"""The story of a dossier: who did what, in which capacity and when, with both names of each stage."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from models.dossiers.handing_in import resubmit, withdraw
from models.dossiers.queries import dossier_detail
from models.dossiers.story import StoryLine, dossier_story
from models.errors import NotFoundError
from models.process import step_definition
from models.process.kinds import StepKind
from models.rounds.queries import product_by_name
from models.tables import Dossier
from models.work_items.opening import extend
from tests.counting import statements
from tests.factories import (
    CAKE,
    CHECKED,
    HANDED_IN,
    LONGAN,
    accepted,
    close,
    coordinator,
    hand_in,
    in_consulting,
    opened,
    producer_of,
    session_with,
    sheet_of,
    submit,
)

RETURNED = {"outcome": "returned", "missing": ["product_story"], "note": "Thiếu câu chuyện"}


def told(lines: list[StoryLine]) -> list[tuple[int, str, str | None, str]]:
    return [(line.attempt, line.what, line.by, line.capacity) for line in lines]


def test_story_of_a_return_and_a_second_attempt(session: Session) -> None:
    attempt = submit(session)
    close(session, attempt, StepKind.REGISTRATION_CHECK, RETURNED, CHECKED)
    producer = producer_of(session, product_by_name(session, CAKE))
    resubmit(session, "2024-001", {"round": "2024-2"}, producer, CHECKED)
    submit(session, LONGAN)  # another dossier, whose acts must not show
    session.flush()

    maker = f"Chủ {attempt.dossier.product.producer.name}"
    assert told(dossier_story(session, "2024-001")) == [
        (1, "Nhận hồ sơ, lần 1", maker, "Chủ thể"),
        (1, "Giao việc «Kiểm tra hồ sơ đăng ký»", None, "Hệ thống"),
        (1, "Trả hồ sơ để bổ sung", "Lê Thị Hương", "Cán bộ điều phối"),
        (1, "Hoàn thành «Kiểm tra hồ sơ đăng ký»: trả lại", "Lê Thị Hương", "Cán bộ điều phối"),
        (2, "Nhận hồ sơ, lần 2", maker, "Chủ thể"),
    ]


def test_line_has_both_names_of_its_stage(session: Session) -> None:
    accepted(session)
    session.flush()

    line = dossier_story(session, "2024-001")[-1]

    assert (line.kind, line.step, line.outcome) == ("registration_check", "Kiểm tra hồ sơ đăng ký", "tiếp nhận")
    assert line.producer_step == "Văn phòng đang kiểm tra hồ sơ của anh/chị"
    assert line.at == CHECKED


def test_reason_of_an_act_is_told(session: Session) -> None:
    attempt = submit(session)
    item = opened(session, attempt, StepKind.REGISTRATION_CHECK, HANDED_IN)
    extend(session, item.id, 2, "Mất điện", coordinator(session), HANDED_IN, office=item.owner_office)
    withdraw(session, "2024-001", "Nhầm giấy", producer_of(session, attempt.dossier.product), CHECKED)
    session.flush()

    lines = {line.act: line for line in dossier_story(session, "2024-001")}

    assert lines["item.extended"].what == "Gia hạn «Kiểm tra hồ sơ đăng ký» 2 ngày làm việc"
    assert lines["item.extended"].reason == "Mất điện"
    assert (lines["attempt.withdrawn"].what, lines["attempt.withdrawn"].reason) == ("Chủ thể rút hồ sơ", "Nhầm giấy")
    assert lines["item.cancelled"].what == "Hủy việc «Kiểm tra hồ sơ đăng ký»"


def test_score_sheets_of_members_are_not_told(session: Session) -> None:
    meeting = session_with(session)
    hand_in(session, meeting.products[0], "hd-pho", sheet_of(60))
    session.flush()

    lines = dossier_story(session, meeting.products[0].attempt.dossier.code)

    assert lines[-1].kind == "council_evaluation"
    assert not any(line.kind == "score_sheet" or line.by == "Trịnh Thị Vân" for line in lines)


def test_story_of_no_dossier_is_refused(session: Session) -> None:
    with pytest.raises(NotFoundError):
        dossier_story(session, "2024-999")


def test_number_of_statements_does_not_grow_with_the_story(session: Session) -> None:
    submit(session, CAKE)
    in_consulting(session, LONGAN)
    counts = []
    for code in ("2024-001", "2024-002"):
        with statements(session) as sent:
            dossier_story(session, code)
        counts.append(len(sent))

    assert counts == [4, 4]


def test_statements_of_a_dossier_do_not_grow_with_its_papers_and_steps(large: Session) -> None:
    counts = {}
    for row in (1001, 1030, 1050, 1070):
        code = large.get_one(Dossier, row).code
        with statements(large) as sent:
            detail = dossier_detail(large, code, CHECKED.date())
        counts[code] = (len(detail.attempts[0].steps), len(sent))

    assert [steps for steps, _ in counts.values()] == [2, 4, 6, 6]
    assert max(sent for _, sent in counts.values()) - min(sent for _, sent in counts.values()) <= 1  # place then


def test_every_step_has_a_name_for_the_producer_of_its_own() -> None:
    names = [step_definition(kind).producer_label for kind in StepKind]

    assert len(set(names)) == len(names)
    assert not any(step_definition(kind).producer_label == step_definition(kind).label for kind in StepKind)
