"""What follows from the result: elimination, who certifies, where the dossier goes, what to be warned of."""

from __future__ import annotations

import pytest

from models.criteria import load_set
from models.errors import InputError
from models.regimes import Body, load_regime
from tests.unit.scoring.build import RICE, choices, council, score


@pytest.mark.parametrize(
    ("regime", "totals", "to"),
    [
        ("qd148-2023", [70, 70, 69], None),
        ("qd148-2023", [70], Body.PROVINCE),
        ("qd148-2023", [90], Body.PROVINCE),
        ("qd1489-2025", [70], None),
        ("qd1489-2025", [90, 90, 89], None),
        ("qd1489-2025", [90], Body.MINISTRY),
        ("qd26-2026", [70], None),
        ("qd26-2026", [90, 90, 89], None),
        ("qd26-2026", [90], Body.MINISTRY),
    ],
)
def test_forwarding(regime: str, totals: list[int], to: Body | None) -> None:
    rules = load_regime(regime)
    criteria = load_set(str(rules.criteria), 6)
    sheets = council(*[choices(total, criteria=criteria) for total in totals])

    assert score(sheets, regime=rules, criteria=criteria).forward_to == to


def test_forwarding_goes_by_points_not_stars() -> None:
    result = score(council(choices(100, gates=5) | {"1.1": 0}))

    assert (result.stars, result.granted_by, result.forward_to) == (2, None, Body.PROVINCE)


@pytest.mark.parametrize(
    ("regime", "bodies"),
    [
        ("qd148-2023", [None, None, Body.DISTRICT, Body.PROVINCE, Body.MINISTRY]),
        ("qd1489-2025", [None, None, Body.PROVINCE, Body.PROVINCE, Body.MINISTRY]),
        ("qd26-2026", [None, None, Body.PROVINCE, Body.PROVINCE, Body.MINISTRY]),
    ],
)
def test_granting_body(regime: str, bodies: list[Body | None]) -> None:
    rules = load_regime(regime)
    criteria = load_set(str(rules.criteria), 6)
    totals = {2: 40, 3: 60, 4: 80, 5: 95}
    sheets = [council(dict.fromkeys(criteria.criteria, 0))]
    sheets += [council(choices(total, gates=max(g, 2), criteria=criteria)) for g, total in totals.items()]

    results = [score(one, regime=rules, criteria=criteria) for one in sheets]

    assert [r.stars for r in results] == [1, 2, 3, 4, 5]
    assert [r.granted_by for r in results] == bodies


def test_eliminated_product_gets_nothing() -> None:
    result = score(council(choices(100, gates=5)), eliminations=["1.1", "2.1", "1.1"])

    assert (result.stars, result.granted_by, result.forward_to) == (None, None, None)
    assert result.mean == 100
    assert (result.band, result.final) == (5, True)
    assert result.eliminated == ("1.1", "2.1")
    assert result.warnings == ()


@pytest.mark.parametrize(
    ("code", "where"), [("1.4", "tiêu chí 1.4 Liên kết chuỗi trong sản xuất"), ("dossier", "hồ sơ")]
)
def test_elimination_without_a_printed_ground_warns(code: str, where: str) -> None:
    result = score(council(choices(60)), eliminations=[code])

    assert result.stars is None
    assert result.warnings == (f"Bộ tiêu chí không in căn cứ loại ở {where}: biên bản phải ghi rõ lý do loại.",)


@pytest.mark.parametrize("code", ["8", "C", "1.44", ""])
def test_elimination_of_an_unknown_code_is_refused(code: str) -> None:
    with pytest.raises(InputError) as caught:
        score(council(choices(60)), eliminations=["1.1", code])

    assert [p.field for p in caught.value.problems] == ["eliminations[1]"]


def test_elimination_by_the_note_of_a_group() -> None:
    fresh = load_set("qd148", 1)

    result = score(council(choices(60, criteria=fresh)), criteria=fresh, eliminations=["10"])

    assert (result.eliminated, result.stars, result.warnings) == (("10",), None, ())


def test_zero_that_is_not_printed_is_told_with_its_givers() -> None:
    given = choices(60, gates=3)

    result = score(council(given | {"3.6": 0}, given | {"3.6": 1}, given | {"3.6": 0}))

    assert result.warnings == (
        "Tiêu chí 3.6 Sở hữu trí tuệ không in mức 0 điểm; m1, m3 cho 0, hiểu là không đạt mức nào.",
    )


@pytest.mark.parametrize(
    ("source", "number"),
    [("qd148", 7), ("qd148", 11), ("qd148", 12), ("qd148", 13), ("qd148", 24), ("qd148", 25), ("qd26", 23)],
)
def test_known_faults_are_in_every_result(source: str, number: int) -> None:
    criteria = load_set(source, number)

    result = score(council(choices(60, criteria=criteria)), criteria=criteria)

    assert result.warnings == criteria.known_faults()
    assert len(result.warnings) == 1


def test_sound_set_has_no_warning() -> None:
    assert RICE.known_faults() == ()
    assert score(council(choices(60))).warnings == ()
