"""What a registration lacks, the office's own list of papers, and handing in forms that are whole."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.criteria import load_set
from models.dossiers.checklist import checklist_of, set_checklist
from models.dossiers.evidence import missing_kinds
from models.dossiers.handing_in import resubmit
from models.dossiers.handing_in import submit as hand_in
from models.dossiers.readiness import Readiness, check_prefilled, readiness
from models.enums import Role
from models.errors import FinalError, InputError, NotAllowedError
from models.forms import RegistrationCheckForm, read_form
from models.process.kinds import StepKind
from models.regimes import load_regime
from models.regimes.evidence_kinds import EvidenceKind
from models.rounds.queries import product_by_name, round_by_code
from models.tables import AuditEntry, Office
from tests.factories import (
    CAKE,
    CHECKED,
    HANDED_IN,
    MANDATORY,
    ROUND,
    close,
    coordinator,
    open_round,
    papers,
    producer_of,
    sheet_of,
    someone,
    submission,
    submit,
)
from tests.unit.forms.test_registration import FORM_01, FORM_02

SHEET = sheet_of(72, gates=4)


def whole(**changed: Any) -> dict[str, Any]:
    """A draft that lacks nothing: every criterion proven."""
    evidence = papers(criteria=list(SHEET), expires_on="2026-01-01")
    forms = {"registration": FORM_01, "self_assessment": FORM_02 | {"scores": SHEET}}
    return {"evidence": evidence, **forms, **changed}


def looked_at(session: Session, data: dict[str, Any], target: int = 4, number: int = 6) -> Readiness:
    return readiness(
        data,
        regime=load_regime("qd148-2023"),
        criteria_set=number,
        office=office_of(session),
        council_on=date(2024, 9, 12),
        target=target,
    )


def office_of(session: Session) -> Office:
    return round_by_code(session, ROUND).plan.office


def test_whole_draft_is_complete(session: Session) -> None:
    found = looked_at(session, whole())

    assert found.complete
    assert (found.advice, found.score.total) == ((), 72)


def test_points_as_text_of_a_page_count(session: Session) -> None:
    forms = FORM_02 | {"scores": {code: str(points) for code, points in SHEET.items()}}

    assert looked_at(session, whole(self_assessment=forms)).score.total == 72


def test_empty_draft_lists_everything_and_fails_nowhere(session: Session) -> None:
    found = looked_at(session, {})

    assert {problem.field.split(".")[0] for problem in found.forms} == {"registration", "self_assessment"}
    assert len(found.papers) == len(MANDATORY)
    assert len(found.scores) == len(load_set("qd148", 6).criteria)
    assert not found.complete


def test_draft_full_of_nonsense_is_listed_too(session: Session) -> None:
    nonsense = {"evidence": [{"kind": "x"}, 7], "self_assessment": {"scores": {"1.1": "nhiều"}}, "registration": []}

    found = looked_at(session, nonsense)

    assert [p.field for p in found.papers[:2]] == ["evidence[0].kind", "evidence[0].title"]
    assert "scores.1.1" in [problem.field for problem in found.scores]


def test_paper_that_ends_before_the_council_and_score_without_paper_are_told(session: Session) -> None:
    first, *others = SHEET
    evidence = papers(criteria=others, expires_on="2024-09-11")

    found = looked_at(session, whole(evidence=evidence))

    assert [p.field for p in found.papers] == [f"evidence[{n}].expires_on" for n in range(4)]
    unproven = [p.field for p in found.advice]
    assert unproven == ([f"self_assessment.scores.{first}"] if SHEET[first] else [])


def test_gates_of_the_star_aimed_at_are_advice(session: Session) -> None:
    found = looked_at(session, whole(), target=5)

    assert found.complete
    assert {"5 sao" in problem.problem for problem in found.advice} == {True}


def test_tourism_lacks_its_case(session: Session) -> None:
    assert [p.field for p in looked_at(session, whole(), number=26).forms] == ["case"]
    assert looked_at(session, whole(case=1), number=26).forms == ()


def test_office_makes_a_paper_mandatory_and_says_why(session: Session) -> None:
    attempt = submit(session)
    office = office_of(session)
    assert missing_kinds(attempt) == []

    own = {"test_sheets": {"mandatory": True, "note": "Phiếu trong 12 tháng."}, "local_labour": {"mandatory": False}}
    set_checklist(session, office, own, coordinator(session), HANDED_IN)

    assert missing_kinds(attempt) == [EvidenceKind.TEST_SHEETS]
    entries = {entry.kind: entry for entry in checklist_of(attempt.regime, office)}
    assert list(entries) == list(EvidenceKind)
    sheets, labour = entries[EvidenceKind.TEST_SHEETS], entries[EvidenceKind.LOCAL_LABOUR]
    assert (sheets.mandatory, sheets.note, sheets.local) == (True, "Phiếu trong 12 tháng.", True)
    assert (labour.mandatory, entries[EvidenceKind.AWARDS].local) == (False, False)
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "office.checklist"))
    assert entry.data["after"] == own
    lacking_now = looked_at(session, whole()).papers
    assert [(p.problem, p.remedy) for p in lacking_now] == [
        ("thiếu Phiếu kiểm nghiệm (chất lượng, an toàn thực phẩm)", "Phiếu trong 12 tháng.")
    ]


def test_list_of_papers_is_changed_by_its_office_only(session: Session) -> None:
    leader = someone(session, "lanh-dao", Role.LEADER)
    with pytest.raises(NotAllowedError):
        set_checklist(session, office_of(session), {}, leader, HANDED_IN)
    with pytest.raises(InputError):
        set_checklist(session, office_of(session), {"gold": {}}, coordinator(session), HANDED_IN)


def test_list_that_was_spoilt_by_hand_fails_loudly(session: Session) -> None:
    office = office_of(session)
    office.settings = {**office.settings, "checklist": {"gold": 1}}

    with pytest.raises(FinalError, match="sai"):
        checklist_of("qd148-2023", office)


def test_check_starts_from_what_is_missing(session: Session) -> None:
    given = papers("business_registration", "local_labour", "product_story", expires_on="2024-08-01", title="Giấy A")
    attempt = submit(session, evidence=given, registration=FORM_01 | {"phone": ""})

    start = check_prefilled(attempt)

    assert (start["outcome"], start["missing"]) == ("returned", ["material_origin"])
    assert start["note"] == (
        "Giấy A hết hạn 01/08/2024; Giấy A hết hạn 01/08/2024; Giấy A hết hạn 01/08/2024; chưa ghi «Điện thoại»."
    )
    read_form(RegistrationCheckForm, start)


def test_check_of_a_whole_dossier_starts_as_accepted(session: Session) -> None:
    start = check_prefilled(submit(session, registration={"theo mẫu riêng": "có"}))

    assert start == {"outcome": "accepted", "missing": [], "note": ""}
    read_form(RegistrationCheckForm, start)


def test_portal_hands_in_whole_forms_only(session: Session) -> None:
    open_round(session)
    who = producer_of(session, product_by_name(session, CAKE))
    forms: dict[str, Any] = {"registration": FORM_01 | {"phone": ""}, "self_assessment": {**FORM_02, "total": 71}}

    with pytest.raises(InputError) as caught:
        hand_in(session, submission(**forms), who, HANDED_IN, strict=True)

    assert [p.field for p in caught.value.problems] == ["registration.phone", "self_assessment.total"]
    session.rollback()
    open_round(session)
    who = producer_of(session, product_by_name(session, CAKE))
    kept = hand_in(session, submission(registration=FORM_01, self_assessment=FORM_02), who, HANDED_IN, strict=True)
    assert (kept.registration, kept.self_assessment) == (FORM_01, FORM_02)


def test_what_stands_of_the_attempt_before_counts_when_handed_in_again(session: Session) -> None:
    attempt = submit(session, registration=FORM_01, self_assessment=FORM_02)
    returned = {"outcome": "returned", "missing": ["product_story"]}
    close(session, attempt, StepKind.REGISTRATION_CHECK, returned, CHECKED)
    who = producer_of(session, attempt.dossier.product)

    again = resubmit(session, attempt.dossier.code, {"registration": {"phone": "0988"}}, who, CHECKED, strict=True)

    assert again.registration == FORM_01 | {"phone": "0988"}
