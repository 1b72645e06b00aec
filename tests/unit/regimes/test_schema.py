"""Faulty regime data must be refused when loaded, each fault by itself."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from models.errors import FinalError
from models.regimes.loader import check_regimes, parse_regime, read_regimes
from models.regimes.schema import Regime

DATA = Path(__file__).parents[3] / "models" / "regimes" / "data"
CODES = ("qd1048-2019", "qd148-2023", "qd1489-2025", "qd26-2026")
DROP = object()


def raw(code: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((DATA / f"{code}.yaml").read_text(encoding="utf-8"))
    return data


def mutated(code: str, path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """The shipped data with one thing changed (or dropped)."""
    data = copy.deepcopy(raw(code))
    place: Any = data
    for key in path[:-1]:
        place = place[key]
    if value is DROP:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return data


def reread(**changes: dict[str, Any]) -> list[Regime]:
    """All shipped regimes, some replaced; the keys are the codes with `_` for `-`."""
    return [parse_regime(changes.get(code.replace("-", "_"), raw(code)), code) for code in CODES]


@pytest.mark.parametrize("code", CODES)
def test_parse_regime_shipped_data(code: str) -> None:
    assert parse_regime(raw(code), code).code == code


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("unknown",), 1),
        (("title",), DROP),
        (("code",), "QĐ 26"),
        (("decisions",), []),
        (("decisions", 0, "lapses"), "2030-01-01"),
        (("received_to",), "2026-05-21"),
        (("kinds",), []),
        (("kinds",), ["first", "first"]),
        (("kinds",), ["first", "second"]),
        (("criteria",), "qd27"),
        (("bands", 5), 70),
        (("bands", 5), "90"),
        (("bands", 1), 1),
        (("bands", 3), DROP),
        (("bands", 6), 95),
        (("grants", 5), DROP),
        (("grants", 2), "province"),
        (("grants", 3), "commune"),
        (("forwards",), [{"from_points": 90, "to": "ministry"}, {"from_points": 70, "to": "province"}]),
        (("forwards", 0, "from_points"), 101),
        (("council", "quorum"), 0.75),
        (("council", "quorum"), "5/4"),
        (("council", "quorum"), "0"),
        (("council", "spread_limit"), "-1"),
        (("council", "gate_rule"), "median"),
        (("council", "members_to"), 6),
        (("council", "chair_present"), "yes"),
        (("council", "sources", "quorum"), DROP),
        (("council", "sources", "quorum"), "Tây Ninh"),
        (("council", "sources", "tea"), "[ours] x"),
        (("terms", "inspection"), DROP),
        (("terms", "tea"), {"days": 1, "unit": "working", "source": "[ours] x"}),
        (("terms", "decision", "days"), 0),
        (("terms", "decision", "days"), "10"),
        (("terms", "decision", "days"), 1.0),
        (("terms", "decision", "unit"), "months"),
        (("terms", "decision", "source"), DROP),
        (("round_windows", 0, "proposals_before"), {"month": 6, "day": 30}),
        (("round_windows", 0, "proposals_before"), {"month": 2, "day": 29}),
        (("round_windows", 0, "body"), "district"),
        (("submission", "samples"), 0),
        (("checklist", 0), DROP),
        (("checklist", 0, "kind"), "awards"),
        (("checklist", 0, "mandatory"), "yes"),
        (("checklist", 0, "label"), "Giấy"),
        (("certificate", "renewal_opens_days"), None),
        (("certificate", "renewal_opens_days"), 120),
        (("certificate", "valid_months"), -36),
        (("transition", "starts"), "2026-05-23"),
        (("transition", "days", "renewal"), DROP),
        (("transition", "days", "first"), 61),
        (("transition", "old_lapse_on"), "2026-07-22"),
    ],
)
def test_parse_regime_faulty_data(path: tuple[str | int, ...], value: object) -> None:
    with pytest.raises(FinalError) as caught:
        parse_regime(mutated("qd26-2026", path, value), "qd26-2026.yaml")

    assert caught.value.problems[0].field == "qd26-2026.yaml"


def test_parse_regime_checklist_out_of_order() -> None:
    data = raw("qd26-2026")
    data["checklist"][0], data["checklist"][1] = data["checklist"][1], data["checklist"][0]

    with pytest.raises(FinalError, match="15 loại minh chứng"):
        parse_regime(data, "x")


def test_parse_regime_ends_before_it_starts() -> None:
    with pytest.raises(FinalError, match="received_to trước received_from"):
        parse_regime(mutated("qd148-2023", ("received_to",), "2023-02-23"), "x")


def test_regime_cannot_be_changed() -> None:
    regime = parse_regime(raw("qd26-2026"), "x")

    with pytest.raises(ValueError, match="frozen"):
        regime.title = "khác"  # type: ignore[misc]


@pytest.mark.parametrize("last_day", ["2025-07-04", "2025-07-06"])
def test_check_regimes_gap_or_overlap(last_day: str) -> None:
    found = reread(qd148_2023=mutated("qd148-2023", ("received_to",), last_day))

    with pytest.raises(FinalError, match="không nối liền với qd1489-2025"):
        check_regimes(found)


def test_check_regimes_gap_for_one_kind() -> None:
    found = reread(qd1489_2025=mutated("qd1489-2025", ("kinds",), ["first", "renewal"]))

    with pytest.raises(FinalError, match="hồ sơ nâng hạng"):
        check_regimes(found)


def test_check_regimes_two_of_the_same_day() -> None:
    with pytest.raises(FinalError, match="không nối liền"):
        check_regimes([*reread(), parse_regime(raw("qd26-2026"), "x")])


def test_check_regimes_two_of_the_same_code() -> None:
    found = reread(qd1489_2025=mutated("qd1489-2025", ("code",), "qd148-2023"))

    with pytest.raises(FinalError, match="mã lặp lại"):
        check_regimes(found)


def test_check_regimes_last_one_closed() -> None:
    with pytest.raises(FinalError, match="chế độ cuối phải còn mở"):
        check_regimes(reread()[:-1])


def test_check_regimes_transition_from_unknown() -> None:
    found = reread(qd26_2026=mutated("qd26-2026", ("transition", "from_regimes"), ["qd99-2020"]))

    with pytest.raises(FinalError, match="qd99-2020"):
        check_regimes(found)


def test_read_regimes_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(FinalError, match="Không chế độ nào"):
        read_regimes(tmp_path)


def test_read_regimes_file_named_otherwise(tmp_path: Path) -> None:
    shipped = (DATA / "qd26-2026.yaml").read_text(encoding="utf-8")
    (tmp_path / "qd27-2027.yaml").write_text(shipped, encoding="utf-8")

    with pytest.raises(FinalError, match="khác tên tệp"):
        read_regimes(tmp_path)


@pytest.mark.parametrize("text", ["a: [1", "- 1", "3"])
def test_read_regimes_unreadable_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "qd27-2027.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(FinalError) as caught:
        read_regimes(tmp_path)

    assert caught.value.problems[0].field == "qd27-2027.yaml"
