"""Legal bases: the law of the day, the decisions of the regime, the plan's own, what the office sets; each once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models.documents.framing import Frame, decisions_of
from models.documents.kinds import common_bases, ministry
from models.regimes import load_regime
from tests.factories import concluded

OF_148 = "Căn cứ Quyết định số 148/QĐ-TTg ngày 24 tháng 02 năm 2023 của Thủ tướng Chính phủ"
OF_1489 = "Căn cứ Quyết định số 1489/QĐ-TTg ngày 06 tháng 7 năm 2025 của Thủ tướng Chính phủ"


@pytest.mark.parametrize(
    ("regime", "bases"),
    [
        ("qd148-2023", [OF_148]),
        ("qd1489-2025", [OF_148, OF_1489]),
        ("qd26-2026", ["Căn cứ Quyết định số 26/2026/QĐ-TTg của Thủ tướng Chính phủ"]),
    ],
)
def test_regime_gives_the_decisions_that_make_it(regime: str, bases: list[str]) -> None:
    assert decisions_of([load_regime(regime)]) == bases


def test_decision_that_amends_another_is_not_taken_for_it() -> None:
    assert decisions_of([load_regime("qd1489-2025")], ["Căn cứ Quyết định số 148/QĐ-TTg"]) == [OF_1489]


def test_decision_of_the_regime_that_the_plan_names_is_cited_once(session: Session, say: Callable[..., Any]) -> None:
    paper = say("decision", concluded(session, 66).round)

    assert [base for base in paper.bases if " 148/QĐ-TTg" in base] == [
        f"{OF_148} về bộ tiêu chí và quy trình đánh giá phân hạng;"
    ]


def test_decision_of_the_regime_is_cited_when_the_plan_does_not_name_it(
    session: Session, say: Callable[..., Any]
) -> None:
    round_ = concluded(session, 66).round
    round_.plan.legal_bases = []

    for kind in ("decision", "submission_letter"):
        assert next(base for base in say(kind, round_).bases if "/QĐ-TTg" in base).startswith(OF_148)


@pytest.mark.parametrize(
    ("day", "laws"),
    [
        (date(2020, 6, 30), ["ngày 19 tháng 6 năm 2015"]),
        (date(2020, 7, 1), ["ngày 19 tháng 6 năm 2015", "ngày 22 tháng 11 năm 2019"]),
        (date(2025, 3, 1), ["ngày 19 tháng 02 năm 2025"]),
        (date(2025, 6, 15), ["ngày 19 tháng 02 năm 2025"]),
        (date(2025, 6, 16), ["ngày 16 tháng 6 năm 2025"]),
    ],
)
def test_law_is_cited_from_its_first_day_to_its_last(day: date, laws: list[str]) -> None:
    assert [text[text.index("ngày") :] for text in common_bases(day)] == laws


def test_ministry_has_the_name_of_the_day() -> None:
    assert ministry(date(2025, 2, 28)) == "Bộ Nông nghiệp và Phát triển nông thôn"
    assert ministry(date(2025, 3, 1)) == "Bộ Nông nghiệp và Môi trường"


@pytest.mark.parametrize("law", [["Căn cứ Luật khác"], []])
def test_office_that_sets_its_law_texts_cites_those_alone(session: Session, law: list[str]) -> None:
    plan = concluded(session, 66).round.plan
    plan.office.settings = {
        **plan.office.settings,
        "papers": {"law": law, "bases": ["Căn cứ của riêng"], "above": "Bộ X"},
    }

    frame = Frame(session, plan.office, date(2024, 9, 1))

    assert frame.law == [*law, "Căn cứ của riêng"]
    assert frame.above == "Bộ X"
