"""Correcting recorded outcomes: both versions stay, and exactly what depended on the outcome opens again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.councils.sessions import latest_session, still_on_agenda
from models.enums import AttemptStatus, ItemStatus, Role
from models.errors import ConflictError, InputError, NotAllowedError, WrongMomentError
from models.process.kinds import StepKind
from models.signals import run_of, waits_for_engine
from models.steps.advancing import advance
from models.steps.correcting import correct
from models.subjects import attempt_subject, item_key, round_subject
from models.tables import AuditEntry, Certificate, Decision, DossierAttempt, OutboxMessage, Result, WorkItem
from models.work_items import complete, find_item
from tests.factories import (
    ACCEPTED,
    CALLED,
    CHECKED,
    HELD,
    LONGAN,
    NOT_READY,
    READY,
    REPORTED,
    SIGNED,
    VISITED,
    accepted,
    at,
    close,
    concluded,
    convened,
    coordinator,
    decided,
    hand_in,
    in_consulting,
    opened,
    proposed,
    sheet_of,
    sign,
    someone,
    submit,
    waiting_for_council,
)

LATER = at("2024-08-01")
RETURNED = {"outcome": "returned", "missing": ["awards"]}


def item_of(session: Session, attempt: DossierAttempt, kind: StepKind, turn: int = 1) -> WorkItem:
    item = find_item(session, item_key(attempt_subject(attempt.id), kind, turn))
    assert item is not None
    return item


def corrected(
    session: Session,
    attempt: DossierAttempt,
    kind: StepKind,
    changes: dict[str, Any],
    who: Actor | None = None,
    now: datetime = LATER,
    turn: int = 1,
) -> WorkItem:
    """The item after the coordinator corrected it."""
    item = item_of(session, attempt, kind, turn)
    correct(session, item.id, changes, "Ghi nhầm", who or coordinator(session), now)
    return item


def standing(session: Session, attempt: DossierAttempt) -> dict[str, str]:
    """Each step of the attempt and how it stands."""
    query = select(WorkItem).where(WorkItem.subject == attempt_subject(attempt.id)).order_by(WorkItem.id)
    return {f"{item.kind.value}/{item.turn}": item.status.value for item in session.scalars(query)}


def running(session: Session, attempt: DossierAttempt) -> str:
    """Its run is there and has noticed everything; gives the subject."""
    subject = attempt_subject(attempt.id)
    run_of(session, subject).flow_run_id = "run"
    session.flush()
    return subject


def test_number_of_a_report_is_corrected_without_consequences(session: Session) -> None:
    attempt = waiting_for_council(session)
    subject = running(session, attempt)
    before = standing(session, attempt)

    item = corrected(session, attempt, StepKind.COMMUNE_ASSESSMENT, {"report_number": "51/BC-UBND"})

    assert [(o.version, o.data["report_number"], o.reason) for o in item.outcomes] == [
        (1, "15/BC-UBND", ""),
        (2, "51/BC-UBND", "Ghi nhầm"),
    ]
    assert attempt.commune_assessment is not None
    assert (attempt.commune_assessment.report_number, len(attempt.commune_assessment.findings)) == ("51/BC-UBND", 4)
    assert (standing(session, attempt), waits_for_engine(session, subject)) == (before, False)
    assert item.closed_at == REPORTED


def test_correction_is_audited_and_told(session: Session) -> None:
    attempt = waiting_for_council(session)

    item = corrected(session, attempt, StepKind.COMMUNE_ASSESSMENT, {"report_number": "51/BC-UBND"})

    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "item.corrected")).one()
    key = f"notify:attempt:{attempt.id}:outcome-corrected:{item.id}:2"
    told = session.scalars(select(OutboxMessage).where(OutboxMessage.key == key)).one()
    assert (entry.reason, entry.capacity) == ("Ghi nhầm", Role.COORDINATOR)
    assert (told.payload["what"], told.payload["item"]) == ("outcome-corrected", item.id)
    assert "«Đánh giá cấp xã»" in told.payload["text"]


def test_accepted_dossier_corrected_to_returned_ends_and_is_taken_back(session: Session) -> None:
    attempt = in_consulting(session)
    subject = running(session, attempt)

    corrected(session, attempt, StepKind.REGISTRATION_CHECK, RETURNED)

    assert attempt.status is AttemptStatus.RETURNED
    assert attempt.ended_because.startswith("Thiếu hoặc chưa hợp lệ: ")
    assert standing(session, attempt) == {
        "registration_check/1": "done",
        "commune_assessment/1": "done",
        "consulting/1": "cancelled",
    }
    assert waits_for_engine(session, subject)


def test_returned_by_mistake_comes_to_life_and_what_was_done_holds(session: Session) -> None:
    attempt = in_consulting(session)
    subject = running(session, attempt)
    corrected(session, attempt, StepKind.REGISTRATION_CHECK, RETURNED)
    advance(session, StepKind.REGISTRATION_CHECK, subject, LATER)
    run_of(session, subject).ended_at = LATER

    corrected(session, attempt, StepKind.REGISTRATION_CHECK, {"outcome": "accepted", "missing": []})

    assert (attempt.status, attempt.ended_on, attempt.ended_because) == (AttemptStatus.IN_PROGRESS, None, "")
    assert run_of(session, subject).ended_at is None
    assert waits_for_engine(session, subject)
    check = advance(session, StepKind.REGISTRATION_CHECK, subject, LATER)
    report = advance(session, StepKind.COMMUNE_ASSESSMENT, subject, LATER)
    again = advance(session, StepKind.CONSULTING, subject, LATER)
    assert (check.outcome, report.outcome, again.outcome) == ("accepted", "proposed", None)
    assert item_of(session, attempt, StepKind.CONSULTING).status is ItemStatus.OPEN


def test_commune_that_does_not_propose_after_all_cancels_what_is_open_later(session: Session) -> None:
    attempt = waiting_for_council(session)

    corrected(session, attempt, StepKind.COMMUNE_ASSESSMENT, {"outcome": "not_proposed"})

    assert attempt.status is AttemptStatus.NOT_PROPOSED
    assert standing(session, attempt)["council_evaluation/1"] == "cancelled"
    assert standing(session, attempt)["consulting/1"] == "done"


def test_dossier_not_ready_after_all_leaves_the_council_and_is_supplemented(session: Session) -> None:
    attempt = waiting_for_council(session)
    subject = running(session, attempt)

    corrected(session, attempt, StepKind.CONSULTING, NOT_READY)

    assert standing(session, attempt)["council_evaluation/1"] == "cancelled"
    assert advance(session, StepKind.CONSULTING, subject, LATER).is_("not_ready")
    close(session, attempt, StepKind.SUPPLEMENT, {"outcome": "supplemented"}, LATER)
    close(session, attempt, StepKind.CONSULTING, READY, LATER, turn=2)
    waits = advance(session, StepKind.COUNCIL_EVALUATION, subject, LATER)
    council_item = item_of(session, attempt, StepKind.COUNCIL_EVALUATION)
    assert (waits.outcome, council_item.status, council_item.due_on.isoformat()) == (
        None,
        ItemStatus.OPEN,
        "2024-09-12",
    )
    assert [visit.ready for visit in attempt.visits] == [False, True]


def test_reopened_step_has_a_new_term_and_keeps_the_old_lines_of_its_ledger(session: Session) -> None:
    attempt = in_consulting(session)
    item = item_of(session, attempt, StepKind.CONSULTING)
    first_due = item.due_on
    corrected(session, attempt, StepKind.REGISTRATION_CHECK, RETURNED)
    corrected(session, attempt, StepKind.REGISTRATION_CHECK, ACCEPTED | {"missing": []}, now=at("2024-08-05"))

    opened(session, attempt, StepKind.CONSULTING, at("2024-08-06"))

    assert len(item.clock) == 2
    assert first_due < item.due_on
    assert (item.opened_at, item.closed_at) == (REPORTED, None)


def test_product_leaves_the_agenda_while_the_council_scores(session: Session) -> None:
    kept, other = waiting_for_council(session), waiting_for_council(session, LONGAN)
    meeting = convened(session, kept, other)
    hand_in(session, meeting.products[1], "hd-pho", sheet_of(60))

    corrected(session, other, StepKind.CONSULTING, NOT_READY, now=CALLED)

    assert [p.attempt for p in still_on_agenda(meeting)] == [kept]
    open_sheets = select(WorkItem.attempt_id).where(
        WorkItem.kind == StepKind.SCORE_SHEET, WorkItem.status == ItemStatus.OPEN
    )
    assert set(session.scalars(open_sheets)) == {kept.id}
    assert len(meeting.products[1].sheets) == 1  # history


def test_correction_after_the_council_concluded_reopens_the_evaluation(session: Session) -> None:
    meeting = concluded(session, 60)
    attempt = meeting.products[0].attempt
    subject = running(session, attempt)

    corrected(session, attempt, StepKind.CONSULTING, NOT_READY, now=HELD)

    assert (standing(session, attempt)["council_evaluation/1"], standing(session, attempt)["decision/1"]) == (
        "cancelled",
        "cancelled",
    )
    assert meeting.products[0].result is not None
    assert still_on_agenda(meeting) == []
    advance(session, StepKind.CONSULTING, subject, HELD)
    close(session, attempt, StepKind.SUPPLEMENT, {"outcome": "supplemented"}, HELD)
    close(session, attempt, StepKind.CONSULTING, READY, HELD, turn=2)
    assert advance(session, StepKind.COUNCIL_EVALUATION, subject, HELD).outcome is None
    assert len(item_of(session, attempt, StepKind.COUNCIL_EVALUATION).outcomes) == 1


def test_supplement_with_other_papers_reopens_the_visit_that_looked_at_them(session: Session) -> None:
    attempt = in_consulting(session)
    close(session, attempt, StepKind.CONSULTING, NOT_READY, VISITED)
    paper = {"kind": "test_sheets", "title": "Phiếu kiểm nghiệm", "number": "1"}
    close(session, attempt, StepKind.SUPPLEMENT, {"outcome": "supplemented", "evidence": [paper]}, VISITED)
    close(session, attempt, StepKind.CONSULTING, READY, LATER, turn=2)
    opened(session, attempt, StepKind.COUNCIL_EVALUATION, LATER)

    corrected(session, attempt, StepKind.SUPPLEMENT, {"evidence": [paper | {"number": "2"}]})

    assert standing(session, attempt) == {
        "registration_check/1": "done",
        "commune_assessment/1": "done",
        "consulting/1": "done",
        "supplement/1": "done",
        "consulting/2": "cancelled",
        "council_evaluation/1": "cancelled",
    }
    take = advance(session, StepKind.SUPPLEMENT, attempt_subject(attempt.id), LATER)
    item = opened(session, attempt, StepKind.CONSULTING, LATER, 2)
    assert (take.outcome, item.status, item.outcome) == ("supplemented", ItemStatus.OPEN, None)


def test_unnoticed_correction_stops_a_run_that_has_gone_past_it(session: Session) -> None:
    attempt = accepted(session)
    subject = running(session, attempt)
    corrected(session, attempt, StepKind.REGISTRATION_CHECK, RETURNED, now=CHECKED)

    state = advance(session, StepKind.COMMUNE_ASSESSMENT, subject, CHECKED)

    assert (state.overtaken, state.item_id) == (True, 0)
    assert "commune_assessment/1" not in standing(session, attempt)


def test_who_stated_it_may_correct_while_nothing_depends_on_it(session: Session) -> None:
    attempt = in_consulting(session)
    item = item_of(session, attempt, StepKind.COMMUNE_ASSESSMENT)
    officer = someone(session, item.outcome.actor.code, Role.COMMUNE_OFFICER)  # type: ignore[union-attr]

    corrected(session, attempt, StepKind.COMMUNE_ASSESSMENT, {"report_number": "1/BC"}, officer)
    close(session, attempt, StepKind.CONSULTING, READY, VISITED)

    with pytest.raises(NotAllowedError, match="Đã có bước sau") as refused:
        corrected(session, attempt, StepKind.COMMUNE_ASSESSMENT, {"report_number": "2/BC"}, officer)
    assert "Cán bộ điều phối" in refused.value.problems[0].remedy
    corrected(session, attempt, StepKind.COMMUNE_ASSESSMENT, {"report_number": "2/BC"})


def test_nobody_else_may_correct(session: Session) -> None:
    attempt = in_consulting(session)

    with pytest.raises(NotAllowedError):
        corrected(
            session,
            attempt,
            StepKind.COMMUNE_ASSESSMENT,
            {"report_number": "1/BC"},
            someone(session, "tu-van-1", Role.CONSULTANT),
        )


def test_correction_needs_a_reason_an_outcome_and_a_right_form(session: Session) -> None:
    attempt = in_consulting(session)
    who, report = coordinator(session), item_of(session, attempt, StepKind.COMMUNE_ASSESSMENT)

    with pytest.raises(InputError, match="phải ghi lý do"):
        correct(session, report.id, {"report_number": "1"}, "  ", who, LATER)
    with pytest.raises(InputError, match="không có mục này"):
        correct(session, report.id, {"reprt_number": "1"}, "Nhầm", who, LATER)
    with pytest.raises(WrongMomentError, match="không có kết quả đang có hiệu lực"):
        correct(session, item_of(session, attempt, StepKind.CONSULTING).id, {}, "Nhầm", who, LATER)


def test_same_outcome_again_changes_nothing(session: Session) -> None:
    attempt = in_consulting(session)
    item = item_of(session, attempt, StepKind.COMMUNE_ASSESSMENT)
    version = item.version

    corrected(session, attempt, StepKind.COMMUNE_ASSESSMENT, {"report_number": "15/BC-UBND"})

    assert (item.version, len(item.outcomes)) == (version, 1)


def test_first_statement_again_after_a_correction_is_conflict(session: Session) -> None:
    attempt = in_consulting(session)
    item = corrected(session, attempt, StepKind.COMMUNE_ASSESSMENT, {"report_number": "51/BC"})
    officer = someone(session, item.outcomes[0].actor.code, Role.COMMUNE_OFFICER)  # type: ignore[union-attr]

    with pytest.raises(ConflictError):
        complete(session, item.id, proposed(), officer, LATER)


def test_issued_certificate_stands_against_correcting_an_earlier_step(session: Session) -> None:
    attempt = decided(session, 60)
    code = session.scalars(select(Certificate.code)).one()

    with pytest.raises(WrongMomentError, match="Đã có quyết định") as refused:
        corrected(session, attempt, StepKind.CONSULTING, NOT_READY, now=SIGNED)
    assert code in refused.value.problems[0].remedy
    corrected(session, attempt, StepKind.COMMUNE_ASSESSMENT, {"report_number": "51/BC"}, now=SIGNED)  # words may


def test_refused_and_forwarded_dossiers_have_their_own_remedies(session: Session) -> None:
    refused_here = decided(session, 45)

    with pytest.raises(WrongMomentError, match="Đã có quyết định") as refused:
        corrected(session, refused_here, StepKind.CONSULTING, NOT_READY, now=SIGNED)
    assert "resubmit" in refused.value.problems[0].remedy


def test_withdrawn_or_resubmitted_attempts_go_no_other_way(session: Session) -> None:
    from models.dossiers.handing_in import resubmit, withdraw

    attempt = in_consulting(session)
    withdraw(session, attempt.dossier.code, "Thôi", coordinator(session), REPORTED)

    with pytest.raises(WrongMomentError, match="đã rút"):
        corrected(session, attempt, StepKind.REGISTRATION_CHECK, RETURNED)

    resubmit(session, attempt.dossier.code, {}, coordinator(session), REPORTED)
    returned = submit(session, LONGAN)
    close(session, returned, StepKind.REGISTRATION_CHECK, RETURNED, CHECKED)
    resubmit(session, returned.dossier.code, {}, coordinator(session), CHECKED)
    with pytest.raises(WrongMomentError, match="nộp lại"):
        corrected(session, returned, StepKind.REGISTRATION_CHECK, ACCEPTED | {"missing": []})


def test_note_of_a_returned_dossier_is_corrected_and_it_ended_when_it_ended(session: Session) -> None:
    attempt = submit(session)
    close(session, attempt, StepKind.REGISTRATION_CHECK, RETURNED, CHECKED)

    corrected(session, attempt, StepKind.REGISTRATION_CHECK, {"missing": ["market"]})

    assert attempt.status is AttemptStatus.RETURNED
    assert "thị trường" in attempt.ended_because.lower()
    assert attempt.ended_on == CHECKED.date()


# The council and the decision


def session_item(session: Session, attempt: DossierAttempt, kind: StepKind, turn: int = 1) -> WorkItem:
    item = find_item(session, item_key(round_subject(attempt.round_id), kind, turn))
    assert item is not None
    return item


def secretary(session: Session) -> Actor:
    return someone(session, "thu-ky", Role.COUNCIL_SECRETARY)


def leader(session: Session) -> Actor:
    return someone(session, "lanh-dao", Role.LEADER)


def test_sheet_and_evaluation_are_never_corrected_by_themselves(session: Session) -> None:
    meeting = concluded(session, 60)
    attempt = meeting.products[0].attempt
    sheet = session.scalars(select(WorkItem).where(WorkItem.kind == StepKind.SCORE_SHEET).limit(1)).one()

    for item in (sheet, item_of(session, attempt, StepKind.COUNCIL_EVALUATION)):
        with pytest.raises(WrongMomentError, match="không đính chính riêng được"):
            correct(session, item.id, {}, "Nhầm", coordinator(session), HELD)


def test_secretary_corrects_the_conclusion_before_the_decision(session: Session) -> None:
    meeting = concluded(session, 60)
    attempt = meeting.products[0].attempt
    code, item = attempt.dossier.code, session_item(session, attempt, StepKind.COUNCIL_SESSION)

    correct(session, item.id, {"eliminations": {code: ["9"]}}, "Bỏ sót căn cứ loại", secretary(session), HELD)

    evaluation = item_of(session, attempt, StepKind.COUNCIL_EVALUATION)
    assert [o.code for o in evaluation.outcomes] == ["evaluated", "eliminated"]
    assert attempt.status.value == "eliminated"
    assert standing(session, attempt)["decision/1"] == "cancelled"
    assert len(session.scalars(select(Result)).all()) == 1

    correct(session, item.id, {"eliminations": {}}, "Không có căn cứ", secretary(session), HELD)

    assert [o.code for o in evaluation.outcomes] == ["evaluated", "eliminated", "evaluated"]
    assert attempt.status.value == "in_progress"
    advance(session, StepKind.COUNCIL_EVALUATION, attempt_subject(attempt.id), HELD)
    opened(session, attempt, StepKind.DECISION, HELD)
    sign(session, meeting)
    assert attempt.status.value == "recognised"


def test_signed_decision_fixes_conclusions_but_not_the_number_of_the_minutes(session: Session) -> None:
    attempt = decided(session, 60)
    item = session_item(session, attempt, StepKind.COUNCIL_SESSION)

    fewer = {attempt.dossier.code: {"stars": 2, "reason": "Sót"}}
    correct(session, item.id, {"minutes_number": "50/BB-HĐ"}, "Nhầm số", secretary(session), SIGNED)
    with pytest.raises(WrongMomentError, match="Quyết định đã ký"):
        correct(session, item.id, {"conclusions": fewer}, "Sót", secretary(session), SIGNED)

    assert latest_session(session, attempt.round_id).minutes_number == "50/BB-HĐ"


def test_day_of_a_meeting_is_corrected_and_sheets_follow(session: Session) -> None:
    attempt = waiting_for_council(session)
    meeting = convened(session, attempt)
    item = session_item(session, attempt, StepKind.COUNCIL_CONVENING)

    correct(session, item.id, {"held_on": "2024-09-19"}, "Hội trường bận", secretary(session), CALLED)

    due = select(WorkItem.due_on).where(WorkItem.kind.in_([StepKind.SCORE_SHEET, StepKind.COUNCIL_SESSION]))
    assert (meeting.held_on.isoformat(), {d.isoformat() for d in session.scalars(due)}) == (
        "2024-09-19",
        {"2024-09-19"},
    )
    with pytest.raises(InputError, match="không đổi danh sách"):
        correct(session, item.id, {"dossiers": ["2024-009"]}, "Nhầm", secretary(session), CALLED)
    with pytest.raises(NotAllowedError):
        correct(session, item.id, {"place": "Phòng 2"}, "Nhầm", coordinator(session), CALLED)


def test_leader_corrects_number_and_day_on_decision_and_certificates(session: Session) -> None:
    attempt = decided(session, 60)
    item = session_item(session, attempt, StepKind.DECISION_SIGNING)

    correct(
        session,
        item.id,
        {"decision_number": "2501/QĐ-UBND", "signed_on": "2024-09-23"},
        "Nhầm",
        leader(session),
        at("2024-09-23"),
    )

    decision = session.scalars(select(Decision)).one()
    certificate = session.scalars(select(Certificate)).one()
    assert (decision.number, certificate.decision_number) == ("2501/QĐ-UBND", "2501/QĐ-UBND")
    assert (certificate.issued_on.isoformat(), decision.signed_on.isoformat()) == ("2024-09-23", "2024-09-23")
    assert certificate.valid_until.isoformat() > "2027-09-20"
    with pytest.raises(InputError, match="Năm của quyết định"):
        correct(session, item.id, {"signed_on": "2025-01-03"}, "Nhầm", leader(session), at("2025-01-03"))
    with pytest.raises(InputError, match="trước ngày họp hội đồng"):
        correct(session, item.id, {"signed_on": "2024-08-01"}, "Nhầm", leader(session), at("2024-09-23"))
    assert attempt.status is AttemptStatus.RECOGNISED
