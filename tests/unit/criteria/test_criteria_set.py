"""What a criteria set answers: points that may be given, gates, grounds of elimination."""

from __future__ import annotations

import pytest

from models.criteria import DOSSIER, Criterion, Gate, Option, load_set

RICE = load_set("qd148", 6)
TOURISM = load_set("qd26", 26)


def test_allowed_points_add_zero_where_none_is_printed() -> None:
    property_right = RICE.criterion("3.6")

    assert property_right.printed_points() == (1, 2)
    assert property_right.allowed_points() == (0, 1, 2)


def test_allowed_points_of_all_or_nothing_are_zero_and_maximum() -> None:
    found = [c for c in load_set("qd26", 1).criteria.values() if c.all_or_nothing]

    assert [c.allowed_points() for c in found] == [(0, c.max) for c in found]
    assert found != []


def test_gates_are_ordered_by_star_then_sheet() -> None:
    gates = RICE.gates()
    order = list(RICE.criteria)

    assert list(gates) == sorted(gates, key=lambda gate: (gate.stars, order.index(gate.code)))
    assert gates[:4] == (Gate(3, "1.1", 1), Gate(3, "5.2", 3), Gate(3, "8.1", 2), Gate(3, "9", 2))
    assert len(gates) == 26


def test_gate_of_the_heading_counts() -> None:
    assert RICE.criterion("3.6").gates_in() == {4: 1}


def test_options_are_those_of_the_case() -> None:
    convenience = TOURISM.criterion("15")

    assert {o.case for o in convenience.options_in(1)} == {1}
    assert {o.case for o in convenience.options_in(2)} == {2}
    assert convenience.options_in(None) == convenience.options


def test_points_and_gates_of_a_case_leave_out_the_other() -> None:
    options = (
        Option(points=1, label="a", case=1),
        Option(points=3, label="b", case=1, gate=4),
        Option(points=2, label="c", case=2, gate=4),
        Option(points=3, label="d", case=2),
    )
    criterion = Criterion(code="1.1", name="x", max=3, options=options)

    assert {case: criterion.printed_points(case) for case in (1, 2)} == {1: (1, 3), 2: (2, 3)}
    assert {case: criterion.gates_in(case) for case in (1, 2)} == {1: {4: 3}, 2: {4: 2}}


@pytest.mark.parametrize(
    ("code", "grounds"),
    [
        ("1.1", ("Dùng toàn bộ nguyên liệu nhập khẩu hoặc không rõ nguồn gốc: bị loại",)),
        ("1.4", ()),
        (DOSSIER, ()),
        ("8", None),
        ("99", None),
    ],
)
def test_elimination_grounds(code: str, grounds: tuple[str, ...] | None) -> None:
    assert RICE.elimination_grounds(code) == grounds


def test_elimination_ground_of_a_group_holds_for_its_criteria() -> None:
    fresh = load_set("qd148", 1)
    ground = ("Dừng chấm nếu giấy chứng nhận đủ điều kiện an toàn thực phẩm (hoặc tương đương) không phù hợp",)

    assert fresh.elimination_grounds("10") == ground


def test_elimination_ground_of_the_dossier() -> None:
    assert load_set("qd26", 21).elimination_grounds(DOSSIER) == (
        "Giả mạo hồ sơ; hoặc hồ sơ đăng ký không đạt quy định",
    )


def test_titles_are_code_and_name() -> None:
    assert RICE.title_of("3.6") == "3.6 Sở hữu trí tuệ"
    assert RICE.title_of("8") == "8 Công bố chất lượng, kiểm tra định kỳ"
    assert RICE.title_of("x") == "x"
