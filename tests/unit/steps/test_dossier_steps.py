"""Steps 2 to 4 of a dossier: check of completeness, commune's report, consulting loop."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.dossiers.evidence import in_force
from models.enums import AttemptStatus, CommuneTopic, ItemStatus
from models.errors import InputError
from models.process.kinds import StepKind
from models.tables import WorkItem
from tests.factories import (
    ACCEPTED,
    CHECKED,
    NOT_READY,
    READY,
    REPORTED,
    VISITED,
    accepted,
    close,
    in_consulting,
    opened,
    papers,
    producer_of,
    proposed,
    submit,
)


def test_acceptance_with_mandatory_papers_missing_is_refused_and_lists_them(session: Session) -> None:
    attempt = submit(session, evidence=papers("business_registration", "product_story", "awards"))

    with pytest.raises(InputError) as refused:
        close(session, attempt, StepKind.REGISTRATION_CHECK, ACCEPTED, CHECKED)

    (problem,) = refused.value.problems
    assert (problem.field, problem.problem) == (
        "outcome",
        "Hồ sơ còn thiếu giấy tờ bắt buộc: Nguồn gốc nguyên liệu, vùng nguyên liệu, liên kết chuỗi; "
        "Danh sách lao động địa phương.",
    )
    assert opened(session, attempt, StepKind.REGISTRATION_CHECK, CHECKED).status is ItemStatus.OPEN


def test_acceptance_of_a_complete_dossier_goes_on(session: Session) -> None:
    attempt = accepted(session)

    assert (attempt.status, attempt.ended_on) == (AttemptStatus.IN_PROGRESS, None)


def test_return_ends_the_attempt_with_the_list(session: Session) -> None:
    attempt = submit(session)
    returned = {"outcome": "returned", "missing": ["test_sheets", "traceability"]}

    close(session, attempt, StepKind.REGISTRATION_CHECK, returned, CHECKED)

    assert (attempt.status, attempt.ended_on) == (AttemptStatus.RETURNED, date(2024, 7, 9))
    assert attempt.ended_because == (
        "Thiếu hoặc chưa hợp lệ: Phiếu kiểm nghiệm (chất lượng, an toàn thực phẩm); Mã vạch, tem truy xuất nguồn gốc."
    )


def test_return_for_another_reason_keeps_the_reason(session: Session) -> None:
    attempt = submit(session)

    close(session, attempt, StepKind.REGISTRATION_CHECK, {"outcome": "returned", "note": "Sai mẫu 01."}, CHECKED)

    assert attempt.ended_because == "Sai mẫu 01."


def test_commune_report_keeps_four_findings_and_no_points(session: Session) -> None:
    attempt = accepted(session)
    findings = proposed()["findings"]
    findings["labour"] = {"described": "20 lao động", "found": "12 lao động", "agrees": False}

    close(session, attempt, StepKind.COMMUNE_ASSESSMENT, proposed(findings=findings), REPORTED)

    report = attempt.commune_assessment
    assert report is not None
    assert (report.report_number, report.signed_on, report.signer, report.proposes) == (
        "15/BC-UBND",
        date(2024, 7, 16),
        "Lê Văn Tư",
        True,
    )
    assert {finding.topic: finding.agrees for finding in report.findings} == {
        CommuneTopic.ORIGIN: True,
        CommuneTopic.LABOUR: False,
        CommuneTopic.IDEA: True,
        CommuneTopic.IDENTITY: True,
    }
    assert attempt.status is AttemptStatus.IN_PROGRESS


def test_commune_that_does_not_propose_ends_the_attempt(session: Session) -> None:
    attempt = accepted(session)
    refusal = proposed(outcome="not_proposed", note="Nguyên liệu nhập từ nơi khác.")

    close(session, attempt, StepKind.COMMUNE_ASSESSMENT, refusal, REPORTED)

    assert attempt.status is AttemptStatus.NOT_PROPOSED
    assert attempt.ended_because == "UBND xã không đề nghị (báo cáo 15/BC-UBND). Nguyên liệu nhập từ nơi khác."
    assert attempt.commune_assessment is not None
    assert attempt.commune_assessment.proposes is False


def test_ready_with_a_paper_that_expires_before_the_council_is_refused(session: Session) -> None:
    attempt = in_consulting(session, evidence=[*papers(), *papers("test_sheets", expires_on="2024-09-11")])

    with pytest.raises(InputError) as refused:
        close(session, attempt, StepKind.CONSULTING, READY, VISITED)

    (problem,) = refused.value.problems
    assert problem.field == "evidence"
    assert problem.problem == ("«Giấy test_sheets» hết hạn ngày 11/09/2024, trước ngày họp hội đồng (12/09/2024)")
    assert attempt.visits == []


def test_ready_with_a_mandatory_paper_gone_is_refused(session: Session) -> None:
    attempt = in_consulting(session)
    session.delete(attempt.evidence[-1])
    session.flush()
    session.expire(attempt, ["evidence"])

    with pytest.raises(InputError, match="evidence: thiếu Câu chuyện sản phẩm"):
        close(session, attempt, StepKind.CONSULTING, READY, VISITED)


def test_ready_with_a_paper_valid_on_the_day_of_the_council_is_accepted(session: Session) -> None:
    attempt = in_consulting(session, evidence=[*papers(), *papers("test_sheets", expires_on="2024-09-12")])

    assert close(session, attempt, StepKind.CONSULTING, READY, VISITED).code == "ready"


def test_ready_after_the_expiring_paper_is_replaced_is_accepted(session: Session) -> None:
    attempt = in_consulting(session, evidence=[*papers(), *papers("test_sheets", expires_on="2024-08-31")])
    close(session, attempt, StepKind.CONSULTING, NOT_READY, VISITED)
    supplement = {"outcome": "supplemented", "evidence": papers("test_sheets", expires_on="2025-08-31")}

    close(session, attempt, StepKind.SUPPLEMENT, supplement, VISITED)

    assert close(session, attempt, StepKind.CONSULTING, READY, VISITED, turn=2).code == "ready"
    assert [p.expires_on for p in in_force(attempt) if p.kind == "test_sheets"] == [date(2025, 8, 31)]
    assert len(attempt.evidence) == 6


def test_consulting_loop_keeps_each_visit(session: Session) -> None:
    attempt = in_consulting(session)
    close(session, attempt, StepKind.CONSULTING, {**NOT_READY, "missed_gates": ["3.6"]}, VISITED)
    close(session, attempt, StepKind.SUPPLEMENT, {"outcome": "supplemented", "note": "Đã sửa"}, VISITED)
    close(session, attempt, StepKind.CONSULTING, READY, VISITED, turn=2)

    assert [(visit.turn, visit.ready, visit.requests, visit.missed_gates) for visit in attempt.visits] == [
        (1, False, ["Sửa nhãn hàng hóa"], [{"criterion": "3.6"}]),
        (2, True, [], []),
    ]
    assert {visit.consultant.code for visit in attempt.visits} == {"tu-van-1"}


def test_supplement_is_addressed_to_the_producer(session: Session) -> None:
    attempt = in_consulting(session)
    close(session, attempt, StepKind.CONSULTING, NOT_READY, VISITED)

    item = opened(session, attempt, StepKind.SUPPLEMENT, VISITED)

    assert (
        item.producer_id
        == attempt.dossier.product.producer_id
        == producer_of(session, attempt.dossier.product).producer_id
    )
    assert (item.office_id, item.assignee_id) == (None, None)


def test_steps_of_a_dossier_are_opened_one_after_the_other(session: Session) -> None:
    attempt = in_consulting(session)

    items = session.scalars(select(WorkItem).where(WorkItem.attempt_id == attempt.id).order_by(WorkItem.id)).all()

    assert [(item.kind, item.status, item.office and item.office.code) for item in items] == [
        (StepKind.REGISTRATION_CHECK, ItemStatus.DONE, "vpdp"),
        (StepKind.COMMUNE_ASSESSMENT, ItemStatus.DONE, "xa-tho-dien"),
        (StepKind.CONSULTING, ItemStatus.OPEN, "tu-van"),
    ]
