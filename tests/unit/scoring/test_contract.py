"""The contract of `ocop score`: one JSON value in, the result or its errors out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from models.scoring import score_record
from tests.unit.scoring.build import choices, request

FULL = choices(100, gates=5)
GIVEN = FULL | {"6.2": 0, "6.3": 0, "1.2": 1, "4.2": 0, "4.3": 0, "3.3": 1, "3.1": 1}


def _errors(value: object) -> list[tuple[str, str, str]]:
    answer = score_record(value)
    assert list(answer) == ["errors"]
    return [(e["field"], e["problem"], e["remedy"]) for e in answer["errors"]]


def _fields(value: object) -> list[str]:
    return [field for field, _, _ in _errors(value)]


def test_whole_answer() -> None:
    sheets = [GIVEN | {"3.6": points} for points in (1, 1, 1, 1, 0, 0, 0)]

    answer = score_record(request(*sheets, case=1, council={"quorum": Decimal("0.75")}, eliminations=[]))

    explanation = answer.pop("explanation")
    assert explanation.startswith("Đạt 78,57 điểm (khung 4 sao) nhưng thiếu điều kiện 4 sao ở tiêu chí 3.6")
    assert answer == {
        "totals": {"m1": "79", "m2": "79", "m3": "79", "m4": "79", "m5": "78", "m6": "78", "m7": "78"},
        "mean": "78.57",
        "mean_exact": "550/7",
        "band": 4,
        "stars": 3,
        "final": True,
        "missed_gates": [{"stars": 4, "criterion": "3.6", "least": 1, "got": "0.57"}],
        "spread": "1",
        "needs_rescoring": False,
        "quorum_met": True,
        "eliminated": [],
        "granted_by": "district",
        "forward_to": "province",
        "warnings": [
            "Bộ 6 không chia trường hợp: bỏ qua case 1.",
            "Tiêu chí 3.6 Sở hữu trí tuệ không in mức 0 điểm; m5, m6, m7 cho 0, hiểu là không đạt mức nào.",
        ],
    }


def test_whole_points_are_shown_with_two_digits_and_exactly() -> None:
    answer = score_record(request(choices(70, gates=4)))

    assert (answer["mean"], answer["mean_exact"], answer["totals"]) == ("70.00", "70", {"m1": "70"})


def test_answer_without_counting_sheets() -> None:
    value = request(FULL)
    value["sheets"][0] |= {"recused": True}

    answer = score_record(value)

    nulls = [key for key, shown in answer.items() if shown is None]
    assert nulls == ["mean", "mean_exact", "band", "stars", "spread", "granted_by", "forward_to"]
    assert (answer["totals"], answer["final"]) == ({}, False)


def test_elimination_in_the_answer() -> None:
    answer = score_record(request(FULL, eliminations=["2.1", "1.1"]))

    shown = [answer[key] for key in ("stars", "granted_by", "forward_to", "eliminated", "final")]
    assert shown == [None, None, None, ["2.1", "1.1"], True]


@pytest.mark.parametrize(
    ("council", "met"),
    [({}, False), (None, False), ({"quorum": Decimal("0.5")}, True), ({"quorum": Decimal("0.51")}, False)],
)
def test_council_settings_stand_over_the_defaults(council: dict[str, Any] | None, met: bool) -> None:
    value = request(FULL, FULL, council=council)
    value["sheets"][1]["present"] = False

    assert score_record(value)["quorum_met"] is met


def test_second_scoring_never_forces_another() -> None:
    value = request(choices(70), choices(50))

    first, second = score_record(value), score_record({**value, "scoring": 2})

    assert (first["needs_rescoring"], second["needs_rescoring"]) == (True, False)
    assert (first["spread"], second["spread"]) == ("20", "20")


def test_sheet_that_does_not_count_may_leave_choices_out() -> None:
    value = request(FULL)
    value["sheets"] += [{"member": "x", "role": "member", "present": False, "recused": False}]
    value["sheets"] += [{"member": "y", "role": "member", "recused": True, "choices": {"1.1": 5}}]

    assert score_record(value)["totals"] == {"m1": "100"}


def test_sheet_that_does_not_count_is_checked_for_what_it_gives() -> None:
    value = request(FULL)
    value["sheets"] += [{"member": "x", "role": "member", "present": False, "choices": {"1.1": 2, "z": 1}}]

    assert _fields(value) == ["sheets[1].choices.1.1", "sheets[1].choices.z"]


@pytest.mark.parametrize("points", [7, -1, True, 2.0, Decimal("2"), "2", None, [], 10**4000])
def test_choice_that_is_no_option_names_the_allowed_points(points: object) -> None:
    found = _errors(request({**FULL, "1.4": points}))  # type: ignore[dict-item]

    assert [(field, remedy) for field, _, remedy in found] == [
        ("sheets[0].choices.1.4", "Chọn một trong các mức: 0, 1, 2, 3.")
    ]


def test_missing_criterion_is_named() -> None:
    given = {code: points for code, points in FULL.items() if code not in ("1.4", "9")}

    found = _errors(request(FULL, given))

    assert found == [
        (
            "sheets[1].choices.1.4",
            "thiếu điểm của tiêu chí 1.4 Liên kết chuỗi trong sản xuất",
            "Chọn một trong các mức: 0, 1, 2, 3.",
        ),
        (
            "sheets[1].choices.9",
            "thiếu điểm của tiêu chí 9 Đảm bảo chất lượng sản phẩm",
            "Chọn một trong các mức: 0, 1, 2, 3, 5.",
        ),
    ]


def test_counting_sheet_without_choices() -> None:
    value = request(FULL)
    del value["sheets"][0]["choices"]

    assert [(f, p) for f, p, _ in _errors(value)] == [("sheets[0].choices", "thiếu điểm của mọi tiêu chí")]


def test_unknown_criterion() -> None:
    found = _errors(request(FULL | {"1.9": 1}))

    assert [(f, p) for f, p, _ in found] == [
        ("sheets[0].choices.1.9", "bộ tiêu chí 6 (Chế biến từ gạo, ngũ cốc) không có tiêu chí này")
    ]


def test_duplicate_members() -> None:
    value = request(FULL, FULL, FULL)
    value["sheets"][2]["member"] = "m1"

    assert _fields(value) == ["sheets[0].member", "sheets[2].member"]


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"regime": "qd1-2000"}, ["regime"]),
        ({"regime": "qd1048-2019"}, ["regime"]),
        ({"regime": 148}, ["regime"]),
        ({"set": 0}, ["set"]),
        ({"set": 27}, ["set"]),
        ({"set": "6"}, ["set"]),
        ({"set": True}, ["set"]),
        ({"set": 26}, ["case"]),
        ({"set": 26, "case": 3}, ["case"]),
        ({"case": "1"}, ["case"]),
        ({"sheets": {}}, ["sheets"]),
        ({"sheets": [None, 1]}, ["sheets[0]", "sheets[1]"]),
        ({"council": []}, ["council"]),
        ({"council": {"quorum": 0}}, ["council.quorum"]),
        ({"council": {"quorum": Decimal("1.01")}}, ["council.quorum"]),
        ({"council": {"quorum": True}}, ["council.quorum"]),
        ({"council": {"quorum": "3/4"}}, ["council.quorum"]),
        ({"council": {"quorum": Decimal("1e-999999999")}}, ["council.quorum"]),
        ({"council": {"spread_limit": -1}}, ["council.spread_limit"]),
        ({"council": {"spread_limit": Decimal("1e999999999")}}, ["council.spread_limit"]),
        ({"council": {"gate_rule": "median"}}, ["council.gate_rule"]),
        ({"council": {"members": 7}}, ["council.members"]),
        ({"eliminations": "1.1"}, ["eliminations"]),
        ({"eliminations": ["1.1", 2]}, ["eliminations[1]"]),
        ({"eliminations": ["9.9"]}, ["eliminations[0]"]),
        ({"scoring": 3}, ["scoring"]),
        ({"scoring": True}, ["scoring"]),
        ({"setting": 1, "Sheets": []}, ["setting", "Sheets"]),
    ],
)
def test_bad_request_names_the_field(changed: dict[str, Any], fields: list[str]) -> None:
    assert _fields(request(FULL, **changed)) == fields


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"role": "boss"}, "sheets[0].role"),
        ({"role": None}, "sheets[0].role"),
        ({"member": ""}, "sheets[0].member"),
        ({"member": 1}, "sheets[0].member"),
        ({"present": 1}, "sheets[0].present"),
        ({"recused": "false"}, "sheets[0].recused"),
        ({"choices": [5]}, "sheets[0].choices"),
        ({"absent": True}, "sheets[0].absent"),
    ],
)
def test_bad_sheet_names_the_field(changed: dict[str, Any], field: str) -> None:
    value = request(FULL)
    value["sheets"][0] |= changed

    assert _fields(value) == [field]


def test_missing_fields_are_all_named() -> None:
    assert _fields({}) == ["regime", "set", "sheets"]


@pytest.mark.parametrize("value", [None, 1, "x", [], [{}], True])
def test_value_that_is_no_object(value: object) -> None:
    assert _errors(value) == [
        ("", "phải là một đối tượng {…}", "Mỗi bản ghi là một đối tượng JSON có regime, set và sheets.")
    ]
