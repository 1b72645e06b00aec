"""Evidence: replacing, missing kinds, what will have expired."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from models.dossiers.evidence import add_evidence, carry_over, expired_by, in_force, missing_kinds
from models.errors import InputError
from models.forms import EvidenceForm, read_form
from models.regimes.evidence_kinds import EvidenceKind
from models.tables import DossierAttempt, Evidence
from tests.factories import LONGAN, MANDATORY, papers, submit


def add(session: Session, attempt: DossierAttempt, *given: dict[str, object]) -> list[Evidence]:
    return add_evidence(session, attempt, [read_form(EvidenceForm, paper) for paper in given])


def test_paper_of_same_kind_and_title_replaces_the_earlier_one_which_is_kept(session: Session) -> None:
    attempt = submit(session, evidence=papers("test_sheets", "awards"))
    old, award = attempt.evidence

    (new,) = add(session, attempt, {"kind": "test_sheets", "title": old.title, "expires_on": "2025-06-30"})

    assert old.replaced_by_id == new.id
    assert in_force(attempt) == [award, new]
    assert attempt.evidence == [old, award, new]


def test_paper_of_another_title_or_kind_replaces_nothing(session: Session) -> None:
    attempt = submit(session, evidence=papers("test_sheets"))

    add(
        session,
        attempt,
        {"kind": "test_sheets", "title": "Phiếu khác"},
        {"kind": "awards", "title": "Giấy test_sheets"},
    )

    assert len(in_force(attempt)) == 3


def test_paper_replaced_twice_leaves_the_last(session: Session) -> None:
    attempt = submit(session, evidence=papers("test_sheets"))

    for day in ("2025-01-01", "2026-01-01"):
        add(session, attempt, {"kind": "test_sheets", "title": "Giấy test_sheets", "expires_on": day})

    assert [paper.expires_on for paper in in_force(attempt)] == [date(2026, 1, 1)]


def test_one_file_proves_several_criteria_each_once(session: Session) -> None:
    attempt = submit(session, evidence=papers("test_sheets", criteria=["3.6", "9", "3.6"], page_from=4, page_to=9))

    (paper,) = attempt.evidence
    assert [use.criterion for use in paper.uses] == ["3.6", "9"]
    assert (paper.page_from, paper.page_to) == (4, 9)


def test_missing_kinds_are_the_mandatory_ones_in_the_order_of_the_checklist(session: Session) -> None:
    attempt = submit(session, evidence=papers("product_story", "awards"))

    assert missing_kinds(attempt) == [
        EvidenceKind.BUSINESS_REGISTRATION,
        EvidenceKind.MATERIAL_ORIGIN,
        EvidenceKind.LOCAL_LABOUR,
    ]


def test_nothing_is_missing_with_the_mandatory_papers(session: Session) -> None:
    assert missing_kinds(submit(session, evidence=papers(*MANDATORY))) == []


@pytest.mark.parametrize(("day", "expired"), [(date(2024, 9, 12), 0), (date(2024, 9, 13), 1)])
def test_paper_is_valid_on_its_last_day(session: Session, day: date, expired: int) -> None:
    attempt = submit(session, evidence=[*papers("test_sheets", expires_on="2024-09-12"), *papers("awards")])

    assert len(expired_by(attempt, day)) == expired


def test_replaced_paper_does_not_count_as_expired(session: Session) -> None:
    attempt = submit(session, evidence=papers("test_sheets", expires_on="2024-08-01"))

    add(session, attempt, {"kind": "test_sheets", "title": "Giấy test_sheets", "expires_on": "2025-08-01"})

    assert expired_by(attempt, date(2024, 9, 12)) == []


def test_carrying_over_copies_everything_a_paper_says(session: Session) -> None:
    facts = {
        "number": "12/GCN",
        "issued_on": "2024-01-05",
        "expires_on": "2027-01-05",
        "page_from": 3,
        "page_to": 8,
        "file_name": "gcn.pdf",
        "file_sha256": "a" * 64,
        "criteria": ["1.1", "3.6"],
    }
    old = submit(session, evidence=papers("production_conditions", **facts))
    new = submit(session, LONGAN, evidence=[])

    (copy,) = carry_over(session, old, new, date(2024, 8, 1))

    (origin,) = old.evidence
    assert copy.carried_from_id == origin.id
    same = ("kind", "title", "number", "issued_on", "expires_on", "page_from", "page_to", "file_name", "file_sha256")
    assert [getattr(copy, name) for name in same] == [getattr(origin, name) for name in same]
    assert [use.criterion for use in copy.uses] == ["1.1", "3.6"]
    assert new.evidence == [copy]


def test_carrying_over_leaves_replaced_papers_behind(session: Session) -> None:
    old = submit(session, evidence=papers("test_sheets"))
    add(session, old, {"kind": "test_sheets", "title": "Giấy test_sheets", "number": "mới"})
    new = submit(session, LONGAN, evidence=[])

    assert [paper.number for paper in carry_over(session, old, new, date(2024, 8, 1))] == ["mới"]


def test_expired_paper_is_no_finding_once_a_later_one_of_its_kind_holds(session: Session) -> None:
    attempt = submit(session, evidence=papers("test_sheets", title="KN", expires_on="2024-08-31"))
    council = date(2024, 9, 12)
    assert [paper.title for paper in expired_by(attempt, council)] == ["KN"]

    later = EvidenceForm(kind=EvidenceKind.TEST_SHEETS, title="KN mới", expires_on=date(2025, 8, 31))
    add_evidence(session, attempt, [later])
    session.refresh(attempt, ["evidence"])

    assert expired_by(attempt, council) == []


def test_pages_can_differ_by_criterion(session: Session) -> None:
    uses = [{"criterion": "3.6", "page_from": 12, "page_to": 18}, {"criterion": "9"}]
    attempt = submit(session, evidence=papers("test_sheets", criteria=["1.1", "3.6"], uses=uses))

    (paper,) = attempt.evidence
    pages = [(use.criterion, use.page_from, use.page_to) for use in paper.uses]
    assert pages == [("1.1", None, None), ("3.6", 12, 18), ("9", None, None)]


def test_last_page_before_the_first_is_refused_at_its_criterion() -> None:
    uses = [{"criterion": "1.1"}, {"criterion": "3.6", "page_from": 8, "page_to": 7}]

    with pytest.raises(InputError) as caught:
        read_form(EvidenceForm, {"kind": "awards", "title": "Bằng khen", "uses": uses})

    assert [problem.field for problem in caught.value.problems] == ["uses[1].page_to"]
