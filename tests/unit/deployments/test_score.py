"""`ocop score` as a function of its input: JSON or JSON Lines in, one answer a record out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployments.commands.score import score_stream
from tests.unit.scoring.build import choices, request

GOOD = request(choices(75, gates=4))
LINE = json.dumps(GOOD)


def _kinds(text: str) -> tuple[list[tuple[str, int | None]], bool]:
    answers, bad = score_stream(text)
    return [(a.get("mean") or "errors", a.get("line")) for a in answers], bad


@pytest.mark.parametrize("text", [LINE, json.dumps(GOOD, indent=2), f"\ufeff{LINE}\r\n", f"\n\n{LINE}\n"])
def test_one_object(text: str) -> None:
    assert _kinds(text) == ([("75.00", None)], False)


def test_json_lines_with_blank_lines() -> None:
    assert _kinds(f"{LINE}\n\n  \n{LINE}\r\n") == ([("75.00", None)] * 2, False)


@pytest.mark.parametrize("wrong", ["x", "{", '{"regime": "qd148-2023",', "[]", "{}", LINE[:-1], f"{LINE}}}", "1"])
def test_bad_line_does_not_stop_the_others(wrong: str) -> None:
    first, last = _kinds(f"{wrong}\n{LINE}"), _kinds(f"{LINE}\n\n{wrong}\n{LINE}")

    assert first == ([("errors", 1), ("75.00", None)], True)
    assert last == ([("75.00", None), ("errors", 3), ("75.00", None)], True)


def test_line_separator_inside_a_text_ends_no_line() -> None:
    value: dict[str, Any] = json.loads(LINE)
    value["sheets"][0]["member"] = "a\u2028b\x85c"

    answers, bad = score_stream(json.dumps(value, ensure_ascii=False))

    assert (answers[0]["totals"], bad) == ({"a\u2028b\x85c": "75"}, False)


def test_pretty_printed_object_with_a_mistake_is_one_error() -> None:
    text = json.dumps(GOOD, indent=2).replace('"set": 6,', '"set": 6')

    answers, bad = score_stream(text)

    assert (answers, bad) == (
        [
            {
                "errors": [
                    {
                        "field": "",
                        "problem": "không phải JSON hợp lệ (dòng 4, cột 3)",
                        "remedy": "Sửa lại cho đúng JSON (RFC 8259).",
                    }
                ]
            }
        ],
        True,
    )


@pytest.mark.parametrize("text", ["", " \n\t\r\n", "\ufeff"])
def test_no_input(text: str) -> None:
    answers, bad = score_stream(text)

    assert [a["errors"][0]["problem"] for a in answers] == ["không có dữ liệu để chấm điểm"]
    assert bad is True


@pytest.mark.parametrize(
    ("text", "field", "problem"),
    [
        ('{"set": 1, "set": 2}', "set", "khoá này viết hai lần trong một đối tượng"),
        ('{"sheets": [{"choices": {"1.1": 1, "1.1": 5}}]}', "1.1", "khoá này viết hai lần trong một đối tượng"),
        ('{"set": NaN}', "", "NaN không phải là số JSON"),
        ('{"set": -Infinity}', "", "-Infinity không phải là số JSON"),
        ('{"set": ' + "9" * 5000 + "}", "", "có số quá lớn"),
        ('{"set": 1e99999999999999999999999}', "", "có số quá lớn"),
        ("[" * 200_000, "", "lồng nhau quá sâu"),
        (r'{"regime": "\ud800"}', "", "có ký tự hỏng (nửa cặp surrogate)"),
        ('{"regime": "\udcff"}', "", "có ký tự hỏng (nửa cặp surrogate)"),
        (r'{"\ud800": 1, "\ud800": 2}', "?", "khoá này viết hai lần trong một đối tượng"),
    ],
)
def test_json_that_cannot_be_taken(text: str, field: str, problem: str) -> None:
    answers, bad = score_stream(text)

    assert [(a["errors"][0]["field"], a["errors"][0]["problem"]) for a in answers] == [(field, problem)]
    assert bad is True


def test_numbers_are_read_exactly() -> None:
    value: dict[str, Any] = request(*[choices(75, gates=4)] * 10)
    for sheet in value["sheets"][7:]:
        sheet["present"] = False
    text = json.dumps({**value, "council": {"quorum": "Q"}})

    met = {q: score_stream(text.replace('"Q"', q))[0][0]["quorum_met"] for q in ("0.7", "0.70000000000000000001")}

    assert met == {"0.7": True, "0.70000000000000000001": False}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
NEAR = st.fixed_dictionaries(
    {},
    optional={
        "regime": st.sampled_from(["qd148-2023", "qd26-2026", "qd1048-2019"]) | JSON,
        "set": st.integers(-1, 28) | JSON,
        "case": st.integers(0, 3) | JSON,
        "scoring": st.integers(0, 3) | JSON,
        "eliminations": st.lists(st.sampled_from(["1.1", "dossier", "8"]) | JSON, max_size=3) | JSON,
        "council": st.dictionaries(st.sampled_from(["quorum", "spread_limit", "gate_rule"]), JSON) | JSON,
        "sheets": st.lists(
            st.fixed_dictionaries(
                {"member": st.text(min_size=1), "role": st.sampled_from(["chair", "member"])},
                optional={
                    "present": st.booleans(),
                    "recused": st.booleans() | JSON,
                    "choices": st.dictionaries(st.sampled_from(["1.1", "9"]) | st.text(), JSON, max_size=3),
                },
            )
            | JSON,
            max_size=3,
        )
        | JSON,
        "extra": JSON,
    },
)


def _mutated(change: tuple[list[str | int], object]) -> object:
    path, value = change
    whole: Any = json.loads(LINE)
    at = whole
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return whole


PATHS: list[list[str | int]] = [
    ["regime"],
    ["set"],
    ["case"],
    ["council"],
    ["eliminations"],
    ["sheets"],
    ["sheets", 0],
    ["sheets", 0, "choices"],
    ["sheets", 0, "choices", "1.4"],
    ["sheets", 0, "role"],
]
CHANGED = st.tuples(st.sampled_from(PATHS), JSON).map(_mutated)


@given(st.lists(JSON | NEAR | CHANGED, min_size=1, max_size=3))
def test_any_json_gives_a_result_or_errors(values: list[object]) -> None:
    answers, bad = score_stream("\n".join(json.dumps(value) for value in values))

    assert len(answers) == len(values)
    assert all(("mean" in answer) != ("errors" in answer) for answer in answers)
    assert bad is any("errors" in answer for answer in answers)
    json.dumps(answers, ensure_ascii=False).encode()


@given(st.text())
def test_any_text_gives_answers(text: str) -> None:
    answers, _ = score_stream(text)

    assert len(answers) >= 1
    json.dumps(answers, ensure_ascii=False).encode()
