"""Every result explains itself in Vietnamese words."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from models.criteria import load_set
from models.regimes import load_regime
from models.scoring import Role
from tests.unit.scoring.build import RULES, choices, council, score, sheet

FULL = choices(100, gates=5)


def test_missed_gate_of_the_band() -> None:
    given = FULL | {"6.2": 0, "6.3": 0, "1.2": 1, "4.2": 0, "4.3": 0, "3.3": 1, "3.1": 1}

    result = score(council(*[given | {"3.6": points} for points in (1, 1, 1, 1, 0, 0, 0)]))

    assert result.explanation == (
        "Đạt 78,57 điểm (khung 4 sao) nhưng thiếu điều kiện 4 sao ở tiêu chí 3.6 Sở hữu trí tuệ "
        "(cần ít nhất 1, được 0,57): xếp hạng 3 sao; UBND huyện công nhận và cấp giấy chứng nhận; "
        "chuyển hồ sơ lên cấp tỉnh (từ 70 điểm trở lên)."
    )


def test_missed_gates_of_two_stars_and_of_a_higher_one() -> None:
    given = FULL | {"4.1": 1, "4.2": 0, "4.3": 0, "1.1": 0, "3.6": 0, "1.3": 1, "1.4": 2}

    result = score(council(given))

    assert result.explanation == (
        "Đạt 78 điểm (khung 4 sao) nhưng thiếu điều kiện 3 sao ở tiêu chí 1.1 Nguồn nguyên liệu "
        "(cần ít nhất 1, được 0) và điều kiện 4 sao ở tiêu chí 1.3 Năng lực sản xuất đáp ứng phân phối "
        "(cần ít nhất 2, được 1), 3.6 Sở hữu trí tuệ (cần ít nhất 1, được 0): xếp hạng 2 sao; "
        "không ban hành quyết định, không cấp giấy chứng nhận; thông báo lý do và hướng dẫn chủ thể hoàn thiện; "
        "chuyển hồ sơ lên cấp tỉnh (từ 70 điểm trở lên). "
        "Hạng cao hơn còn thiếu điều kiện 5 sao ở tiêu chí 1.3 Năng lực sản xuất đáp ứng phân phối "
        "(cần ít nhất 3, được 1), 1.4 Liên kết chuỗi trong sản xuất (cần ít nhất 3, được 2)."
    )


def test_five_stars_for_the_ministry() -> None:
    criteria = load_set("qd26", 6)
    full = choices(100, gates=5, criteria=criteria)

    result = score(council(full), criteria=criteria, regime=load_regime("qd26-2026"))

    assert result.explanation == (
        "Đạt 100 điểm (khung 5 sao): xếp hạng 5 sao; Bộ công nhận và cấp giấy chứng nhận; "
        "chuyển hồ sơ lên Bộ (từ 90 điểm trở lên)."
    )


def test_every_member_tells_the_lowest() -> None:
    result = score(council(FULL | {"3.6": 1}, FULL | {"3.6": 0}), council=replace(RULES, gate_rule="every_member"))

    assert result.explanation.startswith(
        "Đạt 98,50 điểm (khung 5 sao) nhưng thiếu điều kiện 4 sao ở tiêu chí 3.6 Sở hữu trí tuệ "
        "(cần ít nhất 1, thành viên thấp nhất cho 0): xếp hạng 3 sao;"
    )


def test_elimination_with_printed_ground() -> None:
    result = score(council(FULL), eliminations=["1.1"])

    assert result.explanation == (
        "Đạt 100 điểm (khung 5 sao) nhưng bị loại ở tiêu chí 1.1 Nguồn nguyên liệu "
        "(Dùng toàn bộ nguyên liệu nhập khẩu hoặc không rõ nguồn gốc: bị loại): "
        "không xếp hạng sao, không công nhận, không chuyển hồ sơ lên cấp trên."
    )


def test_elimination_of_a_dossier_without_sheets() -> None:
    criteria = load_set("qd26", 21)

    result = score([], criteria=criteria, eliminations=["dossier"])

    assert result.explanation == (
        "Chưa có phiếu chấm nào được tính nên chưa có điểm; bị loại ở hồ sơ "
        "(Giả mạo hồ sơ; hoặc hồ sơ đăng ký không đạt quy định): "
        "không xếp hạng sao, không công nhận, không chuyển hồ sơ lên cấp trên. "
        "Không có thành viên nào được chấm: kết quả chưa có giá trị."
    )


def test_elimination_of_a_group() -> None:
    fresh = load_set("qd148", 1)

    result = score(council(choices(60, criteria=fresh)), criteria=fresh, eliminations=["10"])

    assert result.explanation.startswith("Đạt 60 điểm (khung 3 sao) nhưng bị loại ở tiêu chí 10 ")


def test_quorum_not_met() -> None:
    sheets = [sheet("a", FULL), sheet("b", FULL, Role.CHAIR, present=False), sheet("c", FULL, recused=True)]

    result = score(sheets, council=replace(RULES, quorum=Fraction(2, 3)))

    assert result.explanation == (
        "Đạt 100 điểm (khung 5 sao): tạm xếp hạng 5 sao; Bộ công nhận và cấp giấy chứng nhận; "
        "chuyển hồ sơ lên cấp tỉnh (từ 70 điểm trở lên). "
        "Chưa đủ điều kiện họp: chỉ có 1/2 thành viên được chấm có phiếu, cần ít nhất 2/3; "
        "không có chủ tịch hoặc phó chủ tịch hội đồng cùng chấm; kết quả chưa có giá trị."
    )


def test_quorum_share_is_told_in_percent() -> None:
    sheets = [sheet("a", FULL, Role.CHAIR), sheet("b", FULL, present=False)]

    assert score(sheets).explanation.endswith(
        "Chưa đủ điều kiện họp: chỉ có 1/2 thành viên được chấm có phiếu, cần ít nhất 75%; kết quả chưa có giá trị."
    )


def test_spread_over_the_limit() -> None:
    sheets = council(FULL, FULL | {"5.2": 0, "9": 0, "7": 0})
    over = "Các phiếu chênh nhau 15 điểm, vượt mức 10"

    first, second = score(sheets), score(sheets, scoring=2)

    assert first.explanation.endswith(f"{over}: hội đồng phải thảo luận và chấm lần hai, giữ cả hai phiếu.")
    assert second.explanation.endswith(f"{over}, nhưng đây là lần chấm thứ hai: không chấm lại nữa.")
