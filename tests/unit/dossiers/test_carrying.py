"""What of an earlier attempt holds when a dossier is handed in again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.dossiers.carry_rules import carry_rules, report_days
from models.dossiers.comparing import compare
from models.dossiers.handing_in import resubmit, withdraw
from models.dossiers.queries import dossier_detail
from models.enums import CommuneTopic, ItemStatus
from models.errors import FinalError
from models.process.kinds import StepKind
from models.signals import run_of, waits_for_engine
from models.steps.advancing import advance
from models.subjects import attempt_subject, item_key
from models.tables import AuditEntry, DossierAttempt, WorkItem
from models.work_items import find_item
from tests.factories import (
    ACCEPTED,
    CHECKED,
    NOT_READY,
    REPORTED,
    accepted,
    at,
    close,
    coordinator,
    in_consulting,
    open_round,
    papers,
    proposed,
    submit,
)

AGAIN = at("2024-07-18")
NEXT_ROUND = at("2024-08-20")
FACTS: dict[str, Any] = {
    "registration": {"unit": "HTX Huân Hường", "phone": "0912"},
    "self_assessment": {"workers": 12, "scores": {}},
}


def again(
    session: Session, old: DossierAttempt, now: datetime = AGAIN, *, taken_back: bool = True, **changes: Any
) -> DossierAttempt:
    """Withdrawn after the commune's report, and handed in again."""
    if taken_back:
        withdraw(session, old.dossier.code, "Đổi mẫu nhãn", coordinator(session), now)
    return resubmit(session, old.dossier.code, changes, coordinator(session), now)


def report_of(session: Session, attempt: DossierAttempt) -> WorkItem | None:
    return find_item(session, item_key(attempt_subject(attempt.id), StepKind.COMMUNE_ASSESSMENT, 1))


def carried(session: Session, attempt: DossierAttempt) -> bool:
    item = report_of(session, attempt)
    return item is not None and item.outcome is not None and item.outcome.carried_from is not None


def why_not(session: Session, attempt: DossierAttempt) -> str:
    query = select(AuditEntry.reason).where(
        AuditEntry.act == "findings.not_carried", AuditEntry.subject == attempt_subject(attempt.id)
    )
    return session.scalars(query).one()


def test_report_is_taken_over_with_its_person_moment_and_number(session: Session) -> None:
    old = in_consulting(session, **FACTS)

    new = again(session, old, registration={"phone": "0988"})

    was, item = report_of(session, old), report_of(session, new)
    assert was is not None
    assert item is not None
    outcome, original = item.outcome, was.outcome
    assert outcome is not None
    assert original is not None
    assert (outcome.carried_from, outcome.original) == (original, original)
    assert (outcome.actor, outcome.capacity, outcome.recorded_at) == (original.actor, original.capacity, REPORTED)
    assert (item.closed_at, item.taken_up_at, item.office_id) == (AGAIN, None, was.office_id)
    assert new.commune_assessment is not None
    assert (new.commune_assessment.report_number, new.commune_assessment.signer) == ("15/BC-UBND", "Lê Văn Tư")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "item.carried")).one()
    assert (entry.data["from_attempt"], entry.data["report"]) == (1, "15/BC-UBND")


def test_run_takes_up_the_carried_report_only_when_it_gets_there(session: Session) -> None:
    new = again(session, in_consulting(session))
    subject = attempt_subject(new.id)
    run_of(session, subject).flow_run_id = "run"

    assert advance(session, StepKind.REGISTRATION_CHECK, subject, AGAIN).outcome is None
    assert not waits_for_engine(session, subject)  # a report that lies ahead is no news
    close(session, new, StepKind.REGISTRATION_CHECK, ACCEPTED, AGAIN)
    report = advance(session, StepKind.COMMUNE_ASSESSMENT, subject, AGAIN)
    visit = advance(session, StepKind.CONSULTING, subject, AGAIN)

    assert (report.outcome, visit.outcome, visit.overtaken) == ("proposed", None, False)


def test_returned_before_the_commune_reported_nothing_is_carried_and_nothing_said(session: Session) -> None:
    old = submit(session)
    close(session, old, StepKind.REGISTRATION_CHECK, {"outcome": "returned", "missing": ["awards"]}, CHECKED)

    new = again(session, old, taken_back=False)

    assert report_of(session, new) is None
    assert session.scalars(select(AuditEntry).where(AuditEntry.act == "findings.not_carried")).all() == []


@pytest.mark.parametrize(
    ("kind", "topic"), [("material_origin", "Nguồn gốc"), ("local_labour", "lao động"), ("product_story", "ý tưởng")]
)
def test_paper_that_a_topic_rests_on_changed_and_the_commune_reports_anew(
    session: Session, kind: str, topic: str
) -> None:
    new = again(session, in_consulting(session), evidence=papers(kind, number="2"))

    assert not carried(session, new)
    assert topic in why_not(session, new)


def test_other_papers_may_change(session: Session) -> None:
    new = again(session, in_consulting(session), evidence=papers("business_registration", "test_sheets", number="2"))

    assert carried(session, new)


def test_paper_of_a_topic_that_expired_is_a_change(session: Session) -> None:
    old = in_consulting(session, evidence=papers(expires_on="2024-07-17"))

    new = again(session, old, evidence=papers())

    assert not carried(session, new)
    assert "đã đổi" in why_not(session, new)


def test_paper_that_a_supplement_changed_after_the_report_is_a_change(session: Session) -> None:
    old = in_consulting(session)
    close(session, old, StepKind.CONSULTING, {**NOT_READY, "visited_on": "2024-07-16"}, REPORTED)
    new_labour = papers("local_labour", number="2")
    close(session, old, StepKind.SUPPLEMENT, {"outcome": "supplemented", "evidence": new_labour}, REPORTED)

    new = again(session, old)

    assert "lao động" in why_not(session, new)


@pytest.mark.parametrize(
    ("changes", "free"),
    [
        ({"registration": {"phone": "0988"}}, True),
        ({"registration": {"unit": "Công ty Huân Hường"}}, False),
        ({"registration": {"address": "Thọ Xương"}}, False),
        ({"self_assessment": {"scores": {"1.1": 3}}}, True),
        ({"self_assessment": {"workers": 5}}, False),
    ],
)
def test_fields_of_the_forms_that_no_finding_rests_on_may_change(
    session: Session, changes: dict[str, Any], free: bool
) -> None:
    assert carried(session, again(session, in_consulting(session, **FACTS), **changes)) is free


def test_report_holds_for_the_days_that_the_office_sets(session: Session) -> None:
    old = in_consulting(session)
    office = old.round.plan.office
    withdraw(session, old.dossier.code, "Mất mùa", coordinator(session), AGAIN)
    open_round(session, "2024-3")
    office.settings = office.settings | {"carry_over": {"commune_report_days": 34}}

    new = again(session, old, NEXT_ROUND, taken_back=False)

    assert why_not(session, new) == "báo cáo đã quá 34 ngày"
    office.settings = office.settings | {"carry_over": {"commune_report_days": "nhiều"}}
    with pytest.raises(FinalError, match="Cài đặt mang sang"):
        report_days(office)


def test_report_of_the_last_day_still_holds_in_the_next_round(session: Session) -> None:
    old = in_consulting(session)
    office = old.round.plan.office
    withdraw(session, old.dossier.code, "Mất mùa", coordinator(session), AGAIN)
    open_round(session, "2024-3")
    office.settings = office.settings | {"carry_over": {"commune_report_days": 35}}

    new = again(session, old, NEXT_ROUND, taken_back=False)

    assert (new.round.code, carried(session, new)) == ("2024-3", True)


def test_other_regime_needs_a_new_report(session: Session) -> None:
    old = in_consulting(session)
    old.regime = "qd1489-2025"

    assert "quy định" in why_not(session, again(session, old))


def test_commune_that_did_not_propose_is_asked_again(session: Session) -> None:
    old = accepted(session)
    close(session, old, StepKind.COMMUNE_ASSESSMENT, proposed(outcome="not_proposed"), REPORTED)

    new = again(session, old, taken_back=False)

    assert "ubnd xã không đề nghị" in why_not(session, new)


def test_carried_twice_it_still_names_the_attempt_where_it_was_stated(session: Session) -> None:
    second = again(session, in_consulting(session))
    close(session, second, StepKind.REGISTRATION_CHECK, {"outcome": "returned", "note": "Thiếu chữ ký"}, AGAIN)

    third = again(session, second, taken_back=False)

    step = next(s for s in shown(session, third)[2].steps if s.kind == "commune_assessment")
    assert (step.carried_from, step.status, step.versions) == (1, ItemStatus.DONE.label, 1)
    assert (step.outcome, step.stated_by is not None) == ("proposed", True)


def shown(session: Session, attempt: DossierAttempt) -> list[Any]:
    return dossier_detail(session, attempt.dossier.code, AGAIN.date()).attempts


def test_attempts_are_linked_both_ways_and_changes_are_marked(session: Session) -> None:
    old = in_consulting(session, **FACTS)
    new = again(session, old, registration={"phone": "0988"}, evidence=papers("test_sheets"))

    first, second = shown(session, new)

    assert (first.next, first.previous, second.previous, second.next) == (2, None, 1, None)
    assert first.changes == []
    assert [(line.part, line.change) for line in second.changes] == [
        ("Minh chứng", "added"),
        ("Phiếu đăng ký", "changed"),
    ]


def test_comparison_shows_the_carried_report_as_carried(session: Session) -> None:
    new = again(session, in_consulting(session))

    lines = compare(session, new.dossier.code).lines

    report = {line.what: line.change for line in lines if line.what.startswith("Đánh giá cấp xã")}
    assert set(report.values()) == {"carried"}
    assert "Đánh giá cấp xã · Số báo cáo" in report


def test_every_topic_rests_on_papers() -> None:
    assert set(carry_rules().topics) == set(CommuneTopic)
    assert all(carry_rules().topics.values())
