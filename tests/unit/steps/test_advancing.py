"""Opening a step or taking up its outcome; to whom steps are addressed; what the engine shows of a case."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import OfficeKind
from models.errors import FinalError, WrongMomentError
from models.process.kinds import StepKind
from models.steps.advancing import advance, known_outcome
from models.steps.cases import load_case, tags_at
from models.subjects import attempt_subject, round_subject
from models.tables import Council, Office, WorkItem
from models.work_items import complete
from tests.factories import (
    ACCEPTED,
    CHECKED,
    HELD,
    REPORTED,
    accepted,
    concluded,
    coordinator,
    decided,
    list_closed,
    open_round,
    opened,
    submit,
)


def test_advance_opens_the_step_and_waits(session: Session) -> None:
    subject = attempt_subject(submit(session).id)

    state = advance(session, StepKind.REGISTRATION_CHECK, subject, CHECKED)

    assert (state.kind, state.turn, state.outcome, state.ended) == (StepKind.REGISTRATION_CHECK, 1, None, False)
    assert state.due_on == date(2024, 7, 12)
    assert advance(session, StepKind.REGISTRATION_CHECK, subject, HELD) == state


def test_advance_takes_the_outcome_up_once(session: Session) -> None:
    attempt = submit(session)
    subject = attempt_subject(attempt.id)
    item = opened(session, attempt, StepKind.REGISTRATION_CHECK, CHECKED)
    complete(session, item.id, ACCEPTED, coordinator(session), CHECKED)
    assert known_outcome(session, StepKind.REGISTRATION_CHECK, subject, 1) is None

    state = advance(session, StepKind.REGISTRATION_CHECK, subject, REPORTED)

    assert (state.outcome, state.is_("accepted"), state.is_("returned")) == ("accepted", True, False)
    assert item.taken_up_at == REPORTED
    assert advance(session, StepKind.REGISTRATION_CHECK, subject, HELD) == state
    assert item.taken_up_at == REPORTED
    assert known_outcome(session, StepKind.REGISTRATION_CHECK, subject, 1) == state


def test_known_outcome_of_a_step_that_waits_or_was_never_opened_is_none(session: Session) -> None:
    attempt = submit(session)
    subject = attempt_subject(attempt.id)
    opened(session, attempt, StepKind.REGISTRATION_CHECK, CHECKED)

    assert known_outcome(session, StepKind.REGISTRATION_CHECK, subject, 1) is None
    assert known_outcome(session, StepKind.CONSULTING, subject, 1) is None


def test_turns_of_a_step_are_items_of_their_own(session: Session) -> None:
    attempt = accepted(session)

    first = opened(session, attempt, StepKind.CONSULTING, REPORTED)
    second = opened(session, attempt, StepKind.CONSULTING, REPORTED, turn=2)

    assert (first.key, second.key) == (f"attempt:{attempt.id}/consulting/1", f"attempt:{attempt.id}/consulting/2")


def test_sheet_is_no_case_to_advance(session: Session) -> None:
    with pytest.raises(WrongMomentError, match="sheet:1 không phải đợt, hồ sơ"):
        advance(session, StepKind.SCORE_SHEET, "sheet:1", HELD)


def test_steps_are_addressed_to_the_unit_that_acts(session: Session) -> None:
    attempt = decided(session, 60)
    for kind in (StepKind.SUPPLEMENT, StepKind.HIGHER_LEVEL_RESULT, StepKind.INSPECTION):
        opened(session, attempt, kind, HELD)

    items = session.scalars(select(WorkItem).where(WorkItem.kind != StepKind.SCORE_SHEET)).all()

    who = {
        item.kind: (item.office.code if item.office else None) or (item.assignee.code if item.assignee else None)
        for item in items
    }
    assert who == {
        StepKind.REGISTRATION_CHECK: "vpdp",
        StepKind.COMMUNE_ASSESSMENT: "xa-tho-dien",
        StepKind.CONSULTING: "tu-van",
        StepKind.SUPPLEMENT: None,
        StepKind.COUNCIL_EVALUATION: "thu-ky",
        StepKind.DECISION: "ubnd-huyen",
        StepKind.HIGHER_LEVEL_RESULT: "vpdp",
        StepKind.INSPECTION: "phong-nnptnt",
        StepKind.OUTREACH: "vpdp",
        StepKind.REGISTRATION_WINDOW: "vpdp",
        StepKind.COUNCIL_CONVENING: "thu-ky",
        StepKind.COUNCIL_SESSION: "thu-ky",
        StepKind.DECISION_SIGNING: "ubnd-huyen",
    }


def test_step_whose_unit_is_not_set_up_is_loud(session: Session) -> None:
    attempt = accepted(session)
    for office in session.scalars(select(Office).where(Office.kind == OfficeKind.CONSULTANT)):
        office.kind = OfficeKind.TECHNICAL

    with pytest.raises(FinalError, match="Chưa khai báo Đơn vị tư vấn"):
        opened(session, attempt, StepKind.CONSULTING, REPORTED)


def test_commune_without_an_office_is_loud(session: Session) -> None:
    attempt = accepted(session)
    office = session.scalars(select(Office).where(Office.code == "xa-tho-dien")).one()
    office.place_id = None

    with pytest.raises(FinalError, match="Chưa khai báo UBND xã Thọ Diên"):
        opened(session, attempt, StepKind.COMMUNE_ASSESSMENT, REPORTED)


def test_council_of_the_latest_decision_sits(session: Session) -> None:
    old = session.scalars(select(Council)).one()
    new = Council(
        office_id=old.office_id,
        name="Hội đồng mới",
        decision_number="1/QĐ",
        decided_on=date(2024, 5, 1),
        secretary_id=coordinator(session).person_id,
    )
    session.add(new)
    session.flush()

    item = opened(session, list_closed(session), StepKind.COUNCIL_CONVENING, HELD)

    assert item.assignee_id == new.secretary_id != old.secretary_id


def test_case_of_an_attempt_is_named_and_tagged_for_the_run_list(session: Session) -> None:
    attempt = submit(session)

    case = load_case(session, attempt_subject(attempt.id))

    assert (case.title, case.number, case.round_id) == (
        "Bánh gai Huân Hường · Thọ Diên · lần 1",
        attempt.id,
        attempt.round_id,
    )
    assert case.tags == ("đợt:2024-2", "xã:Thọ Diên", "hồ-sơ:2024-001", "lần:1")
    assert case.in_progress


def test_case_of_a_round_is_named_and_tagged(session: Session) -> None:
    round_ = open_round(session)

    case = load_case(session, round_subject(round_.id))

    assert (case.title, case.tags, case.in_progress) == ("Đợt 2 năm 2024", ("đợt:2024-2",), True)


@pytest.mark.parametrize(("today", "late"), [(date(2024, 7, 12), []), (date(2024, 7, 13), ["quá-hạn"])])
def test_tags_name_the_stage_and_what_is_late(session: Session, today: date, late: list[str]) -> None:
    case = load_case(session, attempt_subject(submit(session).id))

    tags = tags_at(case, StepKind.REGISTRATION_CHECK, date(2024, 7, 12), today)

    assert tags == ["đợt:2024-2", "xã:Thọ Diên", "hồ-sơ:2024-001", "lần:1", "chặng:2-đăng-ký", *late]


def test_case_that_ended_says_how(session: Session) -> None:
    attempt = concluded(session, 60).products[0].attempt
    attempt.ended_because = "Rút"
    attempt.status = type(attempt.status)("withdrawn")

    case = load_case(session, attempt_subject(attempt.id))

    assert (case.in_progress, case.ended_because) == (False, "Rút")
