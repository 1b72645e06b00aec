"""The steering figures, each against an example worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from models.process.kinds import StepKind
from models.regimes.evidence_kinds import EvidenceKind
from models.reports.steering import (
    LateUnit,
    MissedGateLine,
    OpenItem,
    ReasonLine,
    Recognised,
    SetGates,
    StarsLine,
    StepTime,
    StepTimeLine,
    late_units,
    missed_gates,
    return_reasons,
    round_progress,
    stars_by_commune,
    stars_by_year,
    step_times,
)
from models.rounds.board import BoardRow

TODAY = date(2024, 8, 1)
CHECK, COMMUNE = StepKind.REGISTRATION_CHECK, StepKind.COMMUNE_ASSESSMENT


def row(status: str, step: int | None = None, *, late: bool = False, dossier: str | None = "2024-001") -> BoardRow:
    return BoardRow("attempt:1", "Kẹo", "xã A", dossier, 1, 3, status, step, "", late=late)


def test_progress_counts_dossiers_by_step_and_by_how_they_ended() -> None:
    rows = [
        row("Đợt đang mở", 1, dossier=None),  # a line of the round itself is no dossier
        row("Đang xử lý", 2),
        row("Đang xử lý", 2, late=True),
        row("Đang xử lý", 5),
        row("Đang xử lý"),
        row("Được công nhận", 7, late=True),
        row("Trả lại"),
        row("Trả lại"),
        row("Được công nhận"),
        row("Chưa nộp hồ sơ", dossier=None),
    ]

    found = round_progress(rows, "Đang xử lý", "Chưa nộp hồ sơ")

    assert [(step.step, step.on_time, step.late) for step in found.steps] == [
        (1, 0, 0), (2, 1, 1), (3, 0, 0), (4, 0, 0), (5, 1, 0), (6, 0, 0), (7, 0, 1),
    ]  # fmt: skip
    assert (found.between, found.ended, found.not_handed_in) == (1, {"Trả lại": 2, "Được công nhận": 1}, 1)
    assert found.dossiers == 8
    assert [step.name for step in found.steps][2] == "đánh giá cấp xã"


def test_progress_of_nothing_has_seven_empty_steps() -> None:
    found = round_progress([], "Đang xử lý", "Chưa nộp hồ sơ")

    assert (len(found.steps), found.dossiers, found.ended) == (7, 0, {})


def test_late_units_most_late_first_and_only_those_with_late_items() -> None:
    items = [
        OpenItem("xã A", date(2024, 7, 31)),
        OpenItem("xã A", date(2024, 8, 1)),  # due today is not late
        OpenItem("xã B", date(2024, 7, 1)),
        OpenItem("xã B", date(2024, 7, 30)),
        OpenItem("xã C", date(2024, 7, 1), suspended=True),
        OpenItem("xã D", date(2024, 7, 2)),
    ]

    assert late_units(items, TODAY) == [
        LateUnit("xã B", open=2, late=2, most_days=31),
        LateUnit("xã D", open=1, late=1, most_days=30),
        LateUnit("xã A", open=2, late=1, most_days=1),
    ]


def test_step_times_give_median_nearest_rank_p90_and_share_of_late_ones() -> None:
    spent = [1, 2, 2, 3, 3, 4, 5, 6, 9, 20]  # median (3+4)/2; nine of ten are done within 9
    items = [StepTime(COMMUNE, "xã A", days, 10, late=days > 8) for days in spent]

    (line,) = step_times(items)

    assert line == StepTimeLine("commune_assessment", "Đánh giá cấp xã", "", 10, 3.5, 9, 10, 2, 0.2)
    assert line.late_share == 0.2


@pytest.mark.parametrize(("spent", "p90"), [([4], 4), ([1, 7], 7), (list(range(1, 10)), 9), (list(range(1, 12)), 10)])
def test_p90_is_the_least_that_nine_of_ten_stay_within(spent: list[int], p90: int) -> None:
    (line,) = step_times([StepTime(CHECK, "x", days, 3, late=False) for days in spent])

    assert line.p90 == p90


def test_step_times_by_unit_stand_in_order_of_the_procedure_then_most_late_first() -> None:
    items = [
        StepTime(COMMUNE, "xã A", 5, 10, late=False),
        StepTime(COMMUNE, "xã B", 12, 10, late=True),
        StepTime(COMMUNE, "xã B", 8, 10, late=False),
        StepTime(CHECK, "văn phòng", 2, 3, late=False),
    ]

    found = step_times(items, by_unit=True)

    assert [(line.kind, line.unit, line.done, line.late_share) for line in found] == [
        ("registration_check", "văn phòng", 1, 0.0),
        ("commune_assessment", "xã B", 2, 0.5),
        ("commune_assessment", "xã A", 1, 0.0),
    ]


def test_return_reasons_count_each_paper_once_a_return_and_name_other_reasons() -> None:
    story, labour = EvidenceKind.PRODUCT_STORY, EvidenceKind.LOCAL_LABOUR

    found = return_reasons([[story, labour], [story, story], [], [story]])

    assert found == [
        ReasonLine("product_story", "Câu chuyện sản phẩm", 3, 0.75),
        ReasonLine("local_labour", "Danh sách lao động địa phương", 1, 0.25),
        ReasonLine(None, "Lý do khác (ghi trong hướng dẫn)", 1, 0.25),
    ]


def test_missed_gates_by_set_with_the_share_of_its_products() -> None:
    results = [
        SetGates("qd148", 6, [(3, "3.6"), (4, "1.2")]),
        SetGates("qd148", 6, [(4, "1.2"), (4, "1.2")]),
        SetGates("qd148", 6, []),
        SetGates("qd148", 1, [(3, "1.1")]),
    ]

    found = missed_gates(results)

    assert [(line.number, line.stars, line.criterion, line.products, line.share) for line in found] == [
        (1, 3, "1.1", 1, 1.0),
        (6, 4, "1.2", 2, 2 / 3),
        (6, 3, "3.6", 1, 1 / 3),
    ]
    assert isinstance(found[1], MissedGateLine)
    assert (found[1].set_name, found[1].title.split()[0]) == ("Chế biến từ gạo, ngũ cốc", "1.2")


def test_stars_by_commune_and_by_year() -> None:
    given = [
        Recognised(2024, "xã A", 3),
        Recognised(2024, "xã B", 3),
        Recognised(2024, "xã B", 4),
        Recognised(2023, "xã A", 3),
    ]

    assert stars_by_commune(given) == [
        StarsLine(2023, "xã A", {3: 1}),
        StarsLine(2024, "xã B", {3: 1, 4: 1}),
        StarsLine(2024, "xã A", {3: 1}),
    ]
    assert stars_by_year(given) == [StarsLine(2023, "", {3: 1}), StarsLine(2024, "", {3: 2, 4: 1})]


@pytest.mark.parametrize(
    "empty", [late_units([], TODAY), step_times([]), return_reasons([]), missed_gates([]), stars_by_year([])]
)
def test_nothing_gives_nothing(empty: list[object]) -> None:
    assert empty == []
