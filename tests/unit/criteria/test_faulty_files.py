"""A file with a fault that it does not declare must not load."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from models.criteria.loader import DATA, read_set
from models.errors import FinalError

RICE = "qd148/06-che-bien-gao-ngu-coc.yaml"
TEA = "qd148/11-che-tuoi-che-che-bien.yaml"
TOURISM = "qd26/26-du-lich-cong-dong.yaml"
PLANTS = "qd148/24-cay-canh.yaml"

OPTIONS_1_2 = "      - points: 1\n        label: Chế biến đơn giản\n      - points: 2\n"
OPTIONS_2_1 = OPTIONS_1_2.replace("1", "9").replace("2", "1").replace("9", "2")

NO_LINK = "      - points: 0\n        label: Không liên kết, hoặc có mà không rõ ràng\n"
GATES_4_5 = (
    "        gate: 4\n      - points: 3\n"
    "        label: 'Năng lực, quy mô sản xuất: lớn, có thể đáp ứng thị trường xuất khẩu'\n        gate: 5\n"
)
GATES_5_4 = GATES_4_5.replace("gate: 4", "gate: 9").replace("gate: 5", "gate: 4").replace("gate: 9", "gate: 5")
FAULT_C = "- kind: part_sum\n  at: 'C'\n  printed: 35\n  found: 32\n"
GROUP_99 = "{code: '99', name: x, max: 35, criteria: [{code: '99', name: x, max: 35, all_or_nothing: true}]}"

MUTATIONS = [
    pytest.param(RICE, "  max: 40\n", "  max: 41\n", "A", id="part"),
    pytest.param(RICE, "    max: 18\n", "    max: 17\n", "1", id="group"),
    pytest.param(RICE, "      max: 5\n", "      max: 4\n", "1", id="criterion"),
    pytest.param(RICE, "      - points: 5\n", "      - points: 4\n", "1.1", id="best-option"),
    pytest.param(RICE, OPTIONS_1_2, OPTIONS_1_2.replace("2", "1"), "1.2", id="same-points"),
    pytest.param(RICE, OPTIONS_1_2, OPTIONS_2_1, "1.2", id="order"),
    pytest.param(RICE, "label: Chế biến\n", "label: Chế biến đơn giản\n", "1.2", id="same-label"),
    pytest.param(RICE, "code: '1.2'", "code: '1.3'", "1.3", id="code-twice"),
    pytest.param(RICE, "code: '1.2'", "code: '4.2'", "4.2", id="code-of-another-group"),
    pytest.param(RICE, "        4: 1\n", "        4: 3\n", "3.6", id="gate-is-no-option"),
    pytest.param(RICE, "        4: 1\n", "        6: 1\n", ".gates.6.[key]", id="gate-of-six-stars"),
    pytest.param(RICE, "gate: 4\n", "gate: 5\n", "1.3", id="two-gates-of-one-star"),
    pytest.param(RICE, "gate: 4\n      - points: 3", "gate: 5\n      - points: 0", "1.3", id="points-fall"),
    pytest.param(RICE, "        gate: 3\n", "        gate: '3'\n", "gate", id="gate-is-text"),
    pytest.param(RICE, "      - points: 1\n", "      - points: 1.5\n", "points", id="half-points"),
    pytest.param(RICE, "      max: 3\n", "      max: 3\n      max: 3\n", "", id="key-twice"),
    pytest.param(RICE, "      max: 3\n", "      maxx: 3\n", "maxx", id="unknown-key"),
    pytest.param(RICE, "set: 6\n", "set: 7\n", "set", id="number-differs-from-name"),
    pytest.param(RICE, "sure: high\n", "", "sure", id="field-missing"),
    pytest.param(RICE, "        gate: 3\n", "        case: 1\n", "1.1", id="case-in-a-set-without"),
    pytest.param(RICE, "parts:\n", "parts: [\n", "", id="no-yaml"),
    pytest.param(TEA, "  found: 32\n", "  found: 33\n", "faults", id="declared-otherwise"),
    pytest.param(TEA, "under: '6.1'", "under: '6.2'", "6.1", id="subgroup"),
    pytest.param(TEA, "under: '6.1'", "under: '6.9'", "6.1.1", id="subgroup-unknown"),
    pytest.param(PLANTS, "  at: '2.2'", "  at: '2.1'", "2.2", id="declared-elsewhere"),
    pytest.param(PLANTS, "label: Chưa đủ thông", "label: Chưa hề đủ thông", "faults", id="declared-but-mended"),
    pytest.param(TOURISM, "        case: 2\n", "        case: 3\n", "case", id="third-case"),
    pytest.param(TOURISM, "  2: Điểm, tổ chức kinh doanh du lịch\n", "", "cases", id="one-case"),
    pytest.param(RICE, NO_LINK, NO_LINK + "        gate: 3\n", "1.4", id="gate-at-zero"),
    pytest.param(RICE, GATES_4_5, GATES_5_4, "1.3", id="gates-fall"),
    pytest.param(TEA, FAULT_C, FAULT_C + "  label: x\n  source: x\n" + FAULT_C, "faults", id="declared-twice"),
    pytest.param(RICE, "code: '1.2'\n", "code: '1.2'\n      under: '1.1'\n", "1.2", id="no-such-subgroup"),
    pytest.param(RICE, "- code: B\n", "- code: A\n", "parts", id="part-twice"),
    pytest.param(
        RICE,
        "parts:\n",
        "parts:\n- {code: C, name: x, max: 35, groups: [" + GROUP_99 + "]}\n",
        "parts",
        id="part-added",
    ),
    pytest.param(RICE, "code: '1.2'\n", "code: '1.2'\n      all_or_nothing: true\n", "1.2", id="nothing-and-options"),
]


def _copy(tmp_path: Path, name: str) -> Path:
    target = tmp_path / name
    target.parent.mkdir()
    shutil.copy(DATA / name, target)
    return target


@pytest.mark.parametrize("name", [RICE, TEA, TOURISM, PLANTS])
def test_unchanged_copy_loads(tmp_path: Path, name: str) -> None:
    path = _copy(tmp_path, name)

    assert read_set(path).source == path.parent.name


@pytest.mark.parametrize(("name", "old", "new", "at"), MUTATIONS)
def test_changed_copy_fails_and_names_file_and_field(tmp_path: Path, name: str, old: str, new: str, at: str) -> None:
    path = _copy(tmp_path, name)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(FinalError) as caught:
        read_set(path)

    fields = [problem.field for problem in caught.value.problems]
    assert old in text
    assert {field.split(":")[0] for field in fields} == {name}
    assert any(field.endswith(at) for field in fields)


def test_undeclared_fault_fails(tmp_path: Path) -> None:
    path = _copy(tmp_path, TEA)
    text = path.read_text(encoding="utf-8")
    start, end = text.index("faults:"), text.index("parts:")
    path.write_text(text[:start] + text[end:], encoding="utf-8")

    with pytest.raises(FinalError) as caught:
        read_set(path)

    assert [p.field for p in caught.value.problems] == [f"{TEA}: C"]
    assert caught.value.problems[0].problem == ("lỗi chưa khai báo trong faults: part_sum (ghi 35 điểm, cộng được 32)")


def test_missing_file_fails(tmp_path: Path) -> None:
    with pytest.raises(FinalError) as caught:
        read_set(tmp_path / "qd148" / "06-x.yaml")

    assert caught.value.problems[0].field == "qd148/06-x.yaml"
