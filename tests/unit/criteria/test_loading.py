"""The 52 sets that the project ships: all load, and reach what they should."""

from __future__ import annotations

import pytest

from models.criteria import SOURCES, CriteriaSet, FaultKind, list_sets, load_set
from models.errors import InputError

ALL_SETS = [criteria for source in SOURCES for criteria in list_sets(source)]
SHORT = {("qd148", 7): 99, ("qd148", 11): 97, ("qd148", 12): 97, ("qd148", 13): 98}
FAULTY = {
    ("qd148", 7): (FaultKind.OPTIONS_MAX, "6.4", 4, 3),
    ("qd148", 11): (FaultKind.PART_SUM, "C", 35, 32),
    ("qd148", 12): (FaultKind.PART_SUM, "C", 35, 32),
    ("qd148", 13): (FaultKind.PART_SUM, "C", 35, 33),
    ("qd148", 24): (FaultKind.SAME_LABEL, "2.2", None, None),
    ("qd148", 25): (FaultKind.SAME_LABEL, "2.2", None, None),
    ("qd26", 23): (FaultKind.SAME_POINTS, "6.2", None, None),
}


def _key(criteria: CriteriaSet) -> tuple[str, int]:
    return criteria.source, criteria.number


def test_all_sets_load_and_are_numbered() -> None:
    assert [_key(c) for c in ALL_SETS] == [(source, n) for source in ("qd148", "qd26") for n in range(1, 27)]


def test_reachable_maximum_is_100_but_for_the_known_faults() -> None:
    reachable = {_key(c): {c.reachable(case) for case in c.cases or (None,)} for c in ALL_SETS}

    assert reachable == {key: {SHORT.get(key, 100)} for key in reachable}


def test_known_faults_are_these_and_no_others() -> None:
    found = {_key(c): [(f.kind, f.at, f.printed, f.found) for f in c.faults] for c in ALL_SETS if c.faults}

    assert found == {key: [fault] for key, fault in FAULTY.items()}


def test_known_faults_are_told_in_vietnamese() -> None:
    assert load_set("qd26", 23).known_faults() == ("Tiêu chí 6.2 Màu sắc có hai mức cùng 1 điểm trong bản nguồn.",)


def test_only_tourism_sets_have_cases() -> None:
    assert [_key(c) for c in ALL_SETS if c.cases] == [("qd148", 26), ("qd26", 26)]


def test_nothing_was_thinned() -> None:
    criteria = [c for s in ALL_SETS for c in s.criteria.values()]

    assert len(criteria) == 1582
    assert sum(len(c.options) for c in criteria) == 5167
    assert sum(o.gate is not None for c in criteria for o in c.options) == 1117
    assert sum(len(c.gates) for c in criteria) == 26
    assert sum(c.all_or_nothing for c in criteria) == 22
    assert sum(c.commune_topic is not None for c in criteria) == 204
    assert sum(len(c.notes) for c in criteria) == 339
    assert sum(len(g.notes) for s in ALL_SETS for g in s.groups) == 103


@pytest.mark.parametrize(
    ("source", "number", "field"), [("qd148", 0, "set"), ("qd148", 27, "set"), ("qd1", 1, "source")]
)
def test_unknown_set_is_an_input_error(source: str, number: int, field: str) -> None:
    with pytest.raises(InputError) as caught:
        load_set(source, number)

    assert caught.value.problems[0].field == field
