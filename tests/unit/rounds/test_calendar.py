"""The calendar of a round: its own days, its sessions, cut-offs of the law, deadlines of what is open."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from benchmarks.portal_data import TODAY
from models.process.kinds import StepKind
from models.rounds.calendar import CalendarEntry, round_calendar
from models.rounds.queries import round_by_code
from tests.counting import statements
from tests.factories import CAKE, HANDED_IN, LONGAN, ROUND, concluded, opened, sign, submit


def titles(found: list[CalendarEntry]) -> list[tuple[str, str]]:
    return [(f"{entry.on:%d/%m}", entry.title) for entry in found]


def test_planned_round_has_the_days_of_its_plan(session: Session) -> None:
    assert titles(round_calendar(session, round_by_code(session, ROUND), date(2024, 7, 8))) == [
        ("01/07", "Mở đợt, bắt đầu nhận hồ sơ"),
        ("26/07", "Ngày cuối nhận hồ sơ"),
        ("12/09", "Hội đồng họp theo kế hoạch"),
        ("30/09", "Kết thúc đợt"),
    ]


def test_deadlines_of_one_step_on_one_day_are_one_entry(session: Session) -> None:
    for name in (CAKE, LONGAN):
        item = opened(session, submit(session, name), StepKind.REGISTRATION_CHECK, HANDED_IN)
    session.flush()
    round_ = round_by_code(session, ROUND)

    on_time, late = (
        next(entry for entry in round_calendar(session, round_, day) if entry.kind == "deadline")
        for day in (item.due_on, date(2024, 7, 12))
    )

    assert (on_time.title, on_time.count, on_time.on, on_time.late) == (
        "Hạn «Kiểm tra hồ sơ đăng ký»: 2 việc",
        2,
        date(2024, 7, 11),
        False,
    )
    assert late.late


def test_session_stands_in_place_of_the_planned_day_and_the_decision_beside_it(session: Session) -> None:
    meeting = concluded(session, 60)
    sign(session, meeting)
    session.flush()
    session.expire_all()

    found = titles(round_calendar(session, round_by_code(session, ROUND), date(2024, 9, 20)))

    assert ("12/09", "Hội đồng họp phiên 1") in found
    assert ("20/09", "Ký quyết định 2105/QĐ-UBND") in found
    assert "Hội đồng họp theo kế hoạch" not in [title for _, title in found]


def test_cutoffs_are_those_of_the_law_when_the_round_opens(session: Session) -> None:
    round_ = round_by_code(session, ROUND)
    before = round_calendar(session, round_, TODAY)
    round_.opens_on, round_.closes_on = date(2026, 9, 1), date(2026, 12, 20)

    after = round_calendar(session, round_, TODAY)

    assert [entry.title for entry in before if entry.kind == "cutoff"] == []
    assert [(entry.on, entry.title) for entry in after if entry.kind == "cutoff"] == [
        (date(2026, 10, 29), "Ngày cuối xã gửi đề nghị (trước 30/10)")
    ]


def test_number_of_statements_is_the_same_for_every_round(large: Session) -> None:
    counts = set()
    for code in ("2023-1", "2025-1", "2025-2", "2025-3"):
        with statements(large) as sent:
            round_calendar(large, round_by_code(large, code), TODAY)
        counts.add(len(sent))

    assert counts == {5}
