"""Quorum, recusal, spread and second scoring."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from models.scoring import Role, Sheet
from tests.unit.scoring.build import RULES, choices, council, score, sheet

GIVEN = choices(60, gates=3)


def _members(present: int, absent: int, recused: int = 0, chair: Role = Role.CHAIR) -> list[Sheet]:
    roles = [chair] + [Role.MEMBER] * (present + absent + recused - 1)
    return [
        sheet(f"m{n}", GIVEN, role, present=n < present or n >= present + absent, recused=n >= present + absent)
        for n, role in enumerate(roles)
    ]


@pytest.mark.parametrize(
    ("present", "absent", "recused", "met"),
    [
        (3, 1, 0, True),  # exactly three quarters
        (5, 2, 0, False),
        (6, 2, 0, True),
        (2, 1, 0, False),
        (3, 1, 5, True),  # the recused do not count
        (1, 0, 8, True),
        (1, 0, 0, True),
    ],
)
def test_quorum(present: int, absent: int, recused: int, met: bool) -> None:
    result = score(_members(present, absent, recused))

    assert (result.quorum_met, result.final) == (met, met)


@pytest.mark.parametrize(("role", "met"), [(Role.CHAIR, True), (Role.VICE_CHAIR, True), (Role.MEMBER, False)])
def test_quorum_needs_chair_or_vice_chair(role: Role, met: bool) -> None:
    assert score(_members(4, 0, chair=role)).quorum_met is met


def test_quorum_chair_who_is_absent_or_recused_does_not_chair() -> None:
    others = [sheet(f"m{n}", GIVEN) for n in range(9)]
    absent = sheet("chair", GIVEN, Role.CHAIR, present=False)
    recused = sheet("chair", GIVEN, Role.CHAIR, recused=True)

    assert score([*others, absent]).quorum_met is False
    assert score([*others, recused]).quorum_met is False


def test_quorum_is_compared_exactly() -> None:
    third = replace(RULES, quorum=Fraction(2, 3))

    assert score(_members(2, 1), council=third).quorum_met is True


@pytest.mark.parametrize("sheets", [[], [sheet("m", {}, Role.CHAIR, recused=True)], [sheet("m", {}, present=False)]])
def test_no_counting_sheet_gives_no_figures(sheets: list[Sheet]) -> None:
    result = score(sheets)

    figures = (result.mean, result.band, result.stars, result.spread, result.granted_by, result.forward_to)
    assert figures == (None,) * 6
    assert (result.totals, result.missed_gates) == ({}, ())
    assert (result.quorum_met, result.final, result.needs_rescoring) == (False, False, False)


def test_only_counting_sheets_are_in_the_result() -> None:
    sheets = [
        sheet("m1", choices(60, gates=3), Role.CHAIR),
        sheet("m2", choices(90), present=False),
        sheet("m3", choices(90), recused=True),
        sheet("m4", choices(90), present=False, recused=True),
    ]

    result = score(sheets)

    assert result.totals == {"m1": 60}
    assert result.mean == 60
    assert result.spread == 0


@pytest.mark.parametrize(("low", "scoring", "due"), [(60, 1, False), (59, 1, True), (59, 2, False), (60, 2, False)])
def test_spread_over_ten_forces_one_second_scoring(low: int, scoring: int, due: bool) -> None:
    result = score(council(choices(70, gates=3), choices(low, gates=3)), scoring=scoring)

    assert (result.needs_rescoring, result.final) == (due, not due)


def test_spread_limit_is_the_councils() -> None:
    sheets = council(choices(70), choices(60))

    assert score(sheets, council=replace(RULES, spread_limit=Fraction(19, 2))).needs_rescoring is True


def test_two_chairs_are_told() -> None:
    sheets = [sheet("a", GIVEN, Role.CHAIR), sheet("b", GIVEN, Role.CHAIR)]

    assert score(sheets).warnings == ("Có 2 phiếu ghi vai trò chủ tịch hội đồng: a, b.",)
