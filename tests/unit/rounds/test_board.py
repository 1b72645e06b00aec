"""The board of a round: where each product is, for whom it waits, until when, and whether it is late."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from models.dossiers.handing_in import resubmit, withdraw
from models.enums import RoundStatus
from models.process.kinds import StepKind
from models.rounds.board import Board, BoardRow, board, rounds_to_watch
from models.rounds.queries import product_by_name, round_by_code
from models.subjects import attempt_subject
from models.tables import Round, WorkItem
from tests.factories import (
    CAKE,
    CHECKED,
    HANDED_IN,
    LONGAN,
    ROUND,
    accepted,
    close,
    decided,
    in_consulting,
    open_round,
    opened,
    producer_of,
    session_with,
    submit,
)

MONDAY = date(2024, 7, 8)


def shown(session: Session, day: date = MONDAY) -> Board:
    session.flush()
    session.expire_all()
    return board(session, round_by_code(session, ROUND), day)


def row_of(found: Board, product: str) -> BoardRow:
    (row,) = [row for row in found.rows if row.product == product]
    return row


def stages(found: Board) -> list[tuple[str, str, str | None]]:
    return [(row.product, row.stage, row.waiting_for) for row in found.rows]


def test_planned_products_stand_on_the_board_before_they_are_handed_in(session: Session) -> None:
    open_round(session, "2024-1")  # another round, whose products must not show
    found = shown(session)

    assert stages(found) == [
        ("Hạt sen Anh Sơn", "Chưa nộp hồ sơ", None),
        (CAKE, "Chưa nộp hồ sơ", None),
        (LONGAN, "Chưa nộp hồ sơ", None),
        ("Kẹo lạc Tuyên Tâm", "Chưa nộp hồ sơ", None),
    ]
    assert (found.title, found.status, found.late) == ("Đợt 2 năm 2024", "planned", 0)


def test_round_first_then_dossiers_by_code_then_what_is_missing(session: Session) -> None:
    submit(session, LONGAN)
    attempt = submit(session, CAKE)
    opened(session, attempt, StepKind.REGISTRATION_CHECK, HANDED_IN)
    opened(session, attempt.round, StepKind.OUTREACH, HANDED_IN)

    found = shown(session)

    office = attempt.round.plan.office.name
    assert stages(found) == [
        ("(Đợt 2 năm 2024)", "1. Tuyên truyền và tập huấn", office),
        (LONGAN, "Đang chuyển bước", "Hệ thống"),
        (CAKE, "2. Kiểm tra hồ sơ đăng ký", office),
        ("Hạt sen Anh Sơn", "Chưa nộp hồ sơ", None),
        ("Kẹo lạc Tuyên Tâm", "Chưa nộp hồ sơ", None),
    ]


def test_row_names_the_dossier_its_commune_and_its_work_item(session: Session) -> None:
    attempt = accepted(session)
    item = opened(session, attempt, StepKind.COMMUNE_ASSESSMENT, CHECKED)

    row = row_of(shown(session, date(2024, 7, 9)), CAKE)

    assert row == BoardRow(
        subject=attempt_subject(attempt.id),
        product=CAKE,
        commune="xã Thọ Diên",
        dossier="2024-001",
        attempt=1,
        target_stars=3,
        status="Đang xử lý",
        step=3,
        stage="3. Đánh giá cấp xã",
        item=item.id,
        waiting_for="UBND xã Thọ Diên",
        due_on=date(2024, 7, 23),
        days_left=14,
        late=False,
    )


def test_item_is_late_from_the_day_after_its_due_date(session: Session) -> None:
    attempt = submit(session)
    item = opened(session, attempt, StepKind.REGISTRATION_CHECK, HANDED_IN)
    assert item.due_on == date(2024, 7, 11)

    days = {day: row_of(shown(session, date(2024, 7, day)), CAKE) for day in (10, 11, 12, 14)}

    assert {day: (row.days_left, row.late) for day, row in days.items()} == {
        10: (1, False),
        11: (0, False),
        12: (-1, True),
        14: (-3, True),
    }
    assert shown(session, date(2024, 7, 12)).late == 1


def test_latest_attempt_of_a_dossier_stands_for_it(session: Session) -> None:
    submit(session)
    who = producer_of(session, product_by_name(session, CAKE))
    withdraw(session, "2024-001", "nhầm giấy", who, HANDED_IN)
    assert row_of(shown(session), CAKE).stage == "Chủ thể rút hồ sơ"

    resubmit(session, "2024-001", {}, who, CHECKED)

    row = row_of(shown(session), CAKE)
    assert (row.dossier, row.attempt, row.stage) == ("2024-001", 2, "Đang chuyển bước")


def test_attempt_that_moved_to_another_round_leaves_the_board_of_the_first(session: Session) -> None:
    submit(session)
    who = producer_of(session, product_by_name(session, CAKE))
    withdraw(session, "2024-001", "nhầm giấy", who, HANDED_IN)
    later = open_round(session, "2024-3")

    resubmit(session, "2024-001", {"round": "2024-3"}, who, HANDED_IN.replace(month=8, day=20))

    session.expire_all()
    first, second = shown(session), board(session, later, date(2024, 8, 20))
    assert (row_of(first, CAKE).attempt, row_of(first, CAKE).stage) == (1, "Chủ thể rút hồ sơ")
    assert (row_of(second, CAKE).attempt, row_of(second, CAKE).stage) == (2, "Đang chuyển bước")


def test_score_sheets_are_not_lines_of_the_board(session: Session) -> None:
    meeting = session_with(session)

    found = shown(session)

    secretary = meeting.council.secretary.name
    assert stages(found)[:2] == [
        ("(Đợt 2 năm 2024)", "5. Họp hội đồng", secretary),
        (CAKE, "5. Hội đồng đánh giá", secretary),
    ]
    assert len(found.rows) == 1 + 4


def test_recognised_product_waits_for_its_inspection_then_for_nobody(session: Session) -> None:
    attempt = decided(session, 60)
    item: WorkItem = opened(session, attempt, StepKind.INSPECTION, CHECKED)
    assert row_of(shown(session), CAKE).stage == "7. Kiểm tra sau công nhận"

    report = {"outcome": "passed", "inspected_on": "2024-07-09", "findings": "Đúng như hồ sơ."}
    close(session, attempt, StepKind.INSPECTION, report, CHECKED)

    row = row_of(shown(session), CAKE)
    assert item.due_on > MONDAY
    assert (row.stage, row.waiting_for, row.due_on, row.late) == ("Được công nhận", None, None, False)


def test_dossiers_of_several_products_each_wait_for_their_own(session: Session) -> None:
    in_consulting(session, CAKE)
    accepted(session, LONGAN)

    found = shown(session)

    assert [row_of(found, name).waiting_for for name in (CAKE, LONGAN)] == ["Đơn vị tư vấn OCOP", "Hệ thống"]


def test_rounds_to_watch_are_those_under_way_or_else_the_past_ones(session: Session) -> None:
    assert rounds_to_watch(session) == []

    first, second = (open_round(session, code) for code in ("2024-1", "2024-2"))
    first.status = RoundStatus.CLOSED
    assert _codes(rounds_to_watch(session)) == ["2024-2"]

    second.status = RoundStatus.CLOSED
    assert _codes(rounds_to_watch(session)) == ["2024-1", "2024-2"]


def _codes(rounds: list[Round]) -> list[str]:
    return [round_.code for round_ in rounds]
