"""Points by part against the gates, by hand and against what scoring itself says."""

from __future__ import annotations

from fractions import Fraction

import pytest

from models.criteria import list_sets, load_set
from models.regimes import load_regime
from models.reports.part_scores import part_scores
from models.scoring.engine import evaluate
from models.scoring.schema import CouncilRules, CouncilSettings, Role, Sheet

SET = load_set("qd148", 6)


def test_points_of_parts_are_the_means_and_add_up_to_the_mean_of_totals() -> None:
    most = {code: criterion.max for code, criterion in SET.criteria.items()}
    none = dict.fromkeys(SET.criteria, 0)

    parts = part_scores(SET, None, [most, none, none])

    assert [(part.code, part.points, part.max) for part in parts] == [
        ("A", Fraction(40, 3), 40),
        ("B", Fraction(25, 3), 25),
        ("C", Fraction(35, 3), 35),
    ]


def test_full_points_meet_every_gate_and_none_miss_every_gate() -> None:
    most = part_scores(SET, None, [{code: criterion.max for code, criterion in SET.criteria.items()}])
    none = part_scores(SET, None, [dict.fromkeys(SET.criteria, 0)])

    assert [part.missed for part in most] == [[], [], []]
    assert sum(len(part.missed) for part in none) == len(SET.gates())


@pytest.mark.parametrize("criteria", list_sets("qd148"), ids=lambda one: str(one.number))
def test_floors_are_what_the_gates_up_to_a_star_add_up_to(criteria: object) -> None:
    found = load_set("qd148", criteria.number)  # type: ignore[attr-defined]
    case = 1 if found.cases else None
    parts = part_scores(found, case, [dict.fromkeys(found.criteria, 0)])

    for stars in (3, 4, 5):
        least: dict[str, int] = {}
        for gate in found.gates(case):
            if gate.stars <= stars:
                least[gate.code] = max(least.get(gate.code, 0), gate.least)
        assert sum(part.floors[stars] for part in parts) == sum(least.values())
    assert all(part.floors[3] <= part.floors[4] <= part.floors[5] <= part.max for part in parts)


@pytest.mark.parametrize("every_member", [False, True])
def test_missed_gates_are_those_of_the_scoring_engine(every_member: bool) -> None:
    criteria = SET.criteria.items()
    sheets = [
        {code: criterion.printed_points()[place % len(criterion.printed_points())] for code, criterion in criteria}
        for place in (0, 1, 2)
    ]
    regime = load_regime("qd148-2023")
    rules = CouncilRules.of(regime.council, CouncilSettings(gate_rule="every_member" if every_member else "mean"))
    members = [Sheet(member=str(n), role=Role.CHAIR, choices=choices) for n, choices in enumerate(sheets)]

    parts = part_scores(SET, None, sheets, every_member=every_member)

    engine = evaluate(SET, None, members, rules, regime)
    expected = {(gate.stars, gate.criterion, gate.least, gate.got) for gate in engine.missed_gates}
    assert {(g.stars, g.criterion, g.least, g.got) for part in parts for g in part.missed} == expected
    assert sum((part.points for part in parts), Fraction(0)) == engine.mean
    assert 0 < len(expected) < len(SET.gates())
