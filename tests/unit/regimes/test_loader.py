"""Which regime applies on which day, and what each fixes (domain.md §2–§5)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import InputError
from models.regimes import (
    DossierKind,
    EvidenceKind,
    Regime,
    TermKey,
    finish_by,
    load_regime,
    regime_answer,
    regime_for,
    regime_in_force,
    regimes,
)
from models.regimes.terms import source_in_words

KINDS = tuple(DossierKind)


def test_regimes_in_order_of_time() -> None:
    assert [regime.code for regime in regimes()] == ["qd1048-2019", "qd148-2023", "qd1489-2025", "qd26-2026"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("received", "code"),
    [
        (date(2019, 8, 21), "qd1048-2019"),
        (date(2023, 2, 23), "qd1048-2019"),
        (date(2023, 2, 24), "qd148-2023"),
        (date(2025, 7, 5), "qd148-2023"),
        (date(2025, 7, 6), "qd1489-2025"),
        (date(2026, 5, 21), "qd1489-2025"),
        (date(2026, 5, 22), "qd26-2026"),
        (date(2050, 1, 1), "qd26-2026"),
    ],
)
def test_regime_for_boundary_days(received: date, code: str, kind: DossierKind) -> None:
    assert regime_for(received, kind).code == code


@pytest.mark.parametrize("kind", KINDS)
def test_regime_for_before_the_first(kind: DossierKind) -> None:
    with pytest.raises(InputError) as caught:
        regime_for(date(2019, 8, 20), kind)

    assert caught.value.problems[0].field == "received"
    assert caught.value.problems[0].remedy == "Nhập ngày từ 21/08/2019 trở đi."


@given(st.dates(date(2019, 8, 21), date(2100, 12, 31)), st.sampled_from(KINDS))
def test_regime_for_any_day_is_taken_by_exactly_one(received: date, kind: DossierKind) -> None:
    assert [r for r in regimes() if r.takes(received, kind)] == [regime_for(received, kind)]


@pytest.mark.parametrize("code", [regime.code for regime in regimes()])
def test_load_regime_known(code: str) -> None:
    assert load_regime(code).code == code


def test_load_regime_unknown_names_the_known() -> None:
    with pytest.raises(InputError) as caught:
        load_regime("qd148")

    assert caught.value.problems[0].field == "regime"
    assert caught.value.problems[0].remedy == (
        "Dùng một trong các mã: qd1048-2019, qd148-2023, qd1489-2025, qd26-2026."
    )


def test_regime_in_force_before_the_first_names_the_field() -> None:
    with pytest.raises(InputError) as caught:
        regime_in_force(date(2019, 8, 20), field="on")

    assert caught.value.problems[0].field == "on"


@pytest.mark.parametrize(
    ("code", "three", "criteria", "forwards"),
    [
        ("qd1048-2019", "province", None, []),
        ("qd148-2023", "district", "qd148", [(70, "province")]),
        ("qd1489-2025", "province", "qd148", [(90, "ministry")]),
        ("qd26-2026", "province", "qd26", [(90, "ministry")]),
    ],
)
def test_regime_who_grants_and_receives(
    code: str, three: str, criteria: str | None, forwards: list[tuple[int, str]]
) -> None:
    regime = load_regime(code)

    assert regime.grants == {3: three, 4: "province", 5: "ministry"}
    assert regime.criteria == criteria
    assert [(rule.from_points, rule.to) for rule in regime.forwards] == forwards
    assert regime.bands == {5: 90, 4: 70, 3: 50, 2: 30, 1: 0}


@pytest.mark.parametrize("regime", regimes(), ids=lambda regime: regime.code)
def test_regime_council_defaults(regime: Regime) -> None:
    council = regime.council

    assert council.quorum == Fraction(3, 4)
    assert council.spread_limit == 10
    assert council.gate_rule == "mean"
    assert (council.members_from, council.members_to) == (7, 9)


def test_regime_written_opinions_only_for_renewals_of_26() -> None:
    assert [r.council.written_opinions_for for r in regimes()] == [(), (), (), (DossierKind.RENEWAL,)]


def test_regime_commune_term_is_law_only_in_26() -> None:
    terms = [regime.terms[TermKey.COMMUNE_ASSESSMENT] for regime in regimes()]

    assert [(t.days, t.unit, t.source.split()[0]) for t in terms] == [
        (10, "working", "[ours]"),
        (10, "working", "[ours]"),
        (10, "working", "[ours]"),
        (15, "working", "[law]"),
    ]


def test_regime_electronic_set_one_working_day_before_the_meeting_in_148() -> None:
    term = load_regime("qd148-2023").electronic_set_before_meeting

    assert term is not None
    assert (term.days, term.unit) == (1, "working")


def test_regime_round_windows_of_26() -> None:
    windows = load_regime("qd26-2026").round_windows

    assert [(w.body, w.proposals_before.on(2027), w.done_before.on(2027)) for w in windows] == [
        ("province", date(2027, 4, 30), date(2027, 6, 30)),
        ("province", date(2027, 10, 30), date(2027, 12, 30)),
        ("ministry", date(2027, 7, 30), date(2027, 9, 30)),
        ("ministry", date(2027, 1, 30), date(2027, 3, 30)),
    ]


def test_round_window_last_days_are_the_day_before() -> None:
    window = load_regime("qd26-2026").round_windows[0]

    assert window.last_proposal_day(2027) == date(2027, 4, 29)
    assert window.last_day(2027) == date(2027, 6, 29)


def test_regime_checklist_mandatory_evidence() -> None:
    for regime in regimes():
        assert [item.kind.number for item in regime.checklist if item.mandatory] == [1, 3, 5, 10]


def test_evidence_kind_has_fifteen_labels() -> None:
    assert len({kind.label for kind in EvidenceKind}) == 15
    assert EvidenceKind.AWARDS.number == 15


def test_dossier_kind_labels() -> None:
    assert [kind.label for kind in DossierKind] == ["lần đầu", "nâng hạng", "đánh giá lại"]


def test_term_key_and_body_labels_are_all_there() -> None:
    labels = [key.label for key in TermKey]
    labels += [body.label for body in load_regime("qd148-2023").grants.values()]

    assert len(set(labels)) == 16


@pytest.mark.parametrize(
    ("received", "kind", "limit"),
    [
        (date(2026, 5, 21), DossierKind.FIRST, date(2026, 7, 21)),
        (date(2026, 5, 21), DossierKind.UPGRADE, date(2026, 7, 21)),
        (date(2026, 5, 21), DossierKind.RENEWAL, date(2026, 6, 21)),  # a Sunday: it does not move
        (date(2025, 7, 5), DossierKind.FIRST, date(2026, 7, 21)),
        (date(2023, 2, 24), DossierKind.RENEWAL, date(2026, 6, 21)),
        (date(2023, 2, 23), DossierKind.FIRST, None),
        (date(2026, 5, 22), DossierKind.FIRST, None),
    ],
)
def test_finish_by_pending_when_26_starts(received: date, kind: DossierKind, limit: date | None) -> None:
    assert finish_by(received, kind, date(2026, 5, 22)) == limit


@pytest.mark.parametrize("pending_on", [None, date(2026, 5, 20), date(2026, 5, 21)])
def test_finish_by_not_pending_on_the_day_of_26(pending_on: date | None) -> None:
    assert finish_by(date(2026, 5, 20), DossierKind.FIRST, pending_on) is None


def test_finish_by_pending_long_after() -> None:
    assert finish_by(date(2026, 5, 20), DossierKind.FIRST, date(2026, 9, 1)) == date(2026, 7, 21)


def test_finish_by_pending_before_received() -> None:
    with pytest.raises(InputError) as caught:
        finish_by(date(2026, 5, 20), DossierKind.FIRST, date(2026, 5, 19))

    assert caught.value.problems[0].field == "pending_on"


def test_regime_answer_contract() -> None:
    answer = regime_answer(date(2026, 5, 20), DossierKind.RENEWAL, date(2026, 5, 22))

    assert answer["regime"] == "qd1489-2025"
    assert answer["grants"] == {"3": "province", "4": "province", "5": "ministry"}
    assert answer["finish_by"] == "2026-06-21"
    assert answer["criteria"] == "qd148"
    assert answer["kind"] == "renewal"
    assert answer["received"] == "2026-05-20"
    assert answer["council"] == {
        "quorum": 0.75,
        "spread_limit": 10,
        "gate_rule": "mean",
        "members": [7, 9],
        "written_opinions_for": [],
    }


def test_regime_answer_without_pending_on() -> None:
    assert regime_answer(date(2026, 5, 20), DossierKind.FIRST)["finish_by"] is None


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("[law] 26/2026/QĐ-TTg", "theo 26/2026/QĐ-TTg"),
        ("[local] 12/2024/QĐ-UBND", "quy định của địa phương: 12/2024/QĐ-UBND"),
        ("[ours] mặc định, cơ quan tự đặt", "mặc định, cơ quan tự đặt"),
    ],
)
def test_source_is_told_in_words(source: str, words: str) -> None:
    assert source_in_words(source) == words
