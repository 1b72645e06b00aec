"""Step 6 and 7: the round's decision, the level above, the decision for one product alone, inspections."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.dossiers.handing_in import withdraw
from models.enums import AttemptStatus, Level, RoundStatus
from models.errors import InputError, NotAllowedError, WrongMomentError
from models.process.kinds import StepKind
from models.rounds.closing import close_round
from models.steps.decision import may_fall_back
from models.tables import AuditEntry, Certificate, Decision, DossierAttempt, WorkItem
from models.work_items import complete
from tests.factories import (
    ABOVE,
    CAKE,
    HELD,
    INSPECTED,
    LONGAN,
    RECOGNISED_ABOVE,
    REFUSED_ABOVE,
    SIGNED,
    SIGNING,
    close,
    close_meeting,
    concluded,
    coordinator,
    decided,
    opened,
    score,
    session_with,
    sign,
)

OWN = {
    "outcome": "recognised",
    "stars": 3,
    "decision_number": "3001/QĐ-UBND",
    "signed_on": "2024-11-26",
    "signer": "Nguyễn Quang Minh",
}


def certificates(session: Session) -> list[Certificate]:
    return list(session.scalars(select(Certificate).order_by(Certificate.id)))


def refused_above(session: Session, *, gates: int = 4, miss: tuple[str, ...] = ()) -> DossierAttempt:
    attempt = decided(session, 72, gates=gates, miss=miss)
    close(session, attempt, StepKind.HIGHER_LEVEL_RESULT, REFUSED_ABOVE, ABOVE)
    return attempt


def test_decision_recognises_three_stars(session: Session) -> None:
    attempt = decided(session, 60)

    (certificate,) = certificates(session)
    assert (certificate.stars, certificate.level, certificate.decision_number) == (3, Level.DISTRICT, "2105/QĐ-UBND")
    assert (attempt.status, attempt.ended_on) == (AttemptStatus.RECOGNISED, date(2024, 9, 20))
    assert attempt.ended_because == f"Công nhận 3 sao, giấy chứng nhận {certificate.code}."
    assert attempt.round.status is RoundStatus.DECIDED


def test_decision_has_a_line_for_each_product_recognised(session: Session) -> None:
    meeting = concluded(session, 60, CAKE, LONGAN)

    sign(session, meeting)

    (decision,) = session.scalars(select(Decision))
    assert [(line.attempt, line.points, line.stars) for line in decision.lines] == [
        (product.attempt, "60.00", 3) for product in meeting.products
    ]
    assert (decision.issuer, decision.number, decision.signed_on, decision.signer) == (
        "UBND huyện Thọ Xuân",
        "2105/QĐ-UBND",
        date(2024, 9, 20),
        "Nguyễn Quang Minh",
    )
    assert (decision.level, decision.round_id) == (Level.DISTRICT, meeting.round_id)


def test_decision_tells_one_below_fifty_the_reasons_without_number_or_certificate(session: Session) -> None:
    meeting = concluded(session, 45)

    sign(session, meeting, decision_number="", letter_number="")

    attempt = meeting.products[0].attempt
    assert attempt.status is AttemptStatus.NOT_RECOGNISED
    assert attempt.ended_because.startswith("Đạt 45 điểm (khung 2 sao): xếp hạng 2 sao; không ban hành quyết định")
    assert certificates(session) == []
    assert session.scalars(select(Decision)).all() == []


@pytest.mark.parametrize(
    ("total", "gates", "miss", "field"),
    [
        (60, 3, (), "decision_number"),
        (72, 4, (), "letter_number"),
        (72, 4, ("3.6",), "decision_number"),
        (72, 4, ("3.6",), "letter_number"),
    ],
)
def test_number_that_is_needed_is_asked_for(
    session: Session, total: int, gates: int, miss: tuple[str, ...], field: str
) -> None:
    meeting = concluded(session, total, gates=gates, miss=miss)

    with pytest.raises(InputError) as refused:
        sign(session, meeting, **{field: ""})

    assert refused.value.problems[0].field == field
    assert refused.value.problems[0].remedy == "Ghi số theo sổ văn thư."


def test_exactly_seventy_is_forwarded_with_four_stars_proposed(session: Session) -> None:
    attempt = decided(session, 70, gates=4)

    outcome = opened(session, attempt, StepKind.DECISION, SIGNED).outcome
    assert outcome is not None
    assert (outcome.code, outcome.data["forward_to"]) == ("forwarded", "province")
    assert attempt.status is AttemptStatus.IN_PROGRESS
    assert certificates(session) == []


def test_exactly_seventy_that_misses_a_gate_gets_three_stars_and_is_forwarded(session: Session) -> None:
    attempt = decided(session, 70, gates=4, miss=("3.6",))

    outcome = opened(session, attempt, StepKind.DECISION, SIGNED).outcome
    assert outcome is not None
    assert (outcome.code, outcome.data["stars"], outcome.data["forward_to"]) == ("recognised", 3, "province")
    assert attempt.status is AttemptStatus.RECOGNISED


def test_just_below_seventy_is_not_forwarded(session: Session) -> None:
    attempt = decided(session, [69] + [70] * 6)

    outcome = opened(session, attempt, StepKind.DECISION, SIGNED).outcome
    assert outcome is not None
    assert (outcome.code, outcome.data["forward_to"]) == ("recognised", None)


def test_decision_of_one_product_waits_for_that_of_the_round(session: Session) -> None:
    meeting = concluded(session, 60)

    with pytest.raises(WrongMomentError, match="do quyết định của đợt ghi"):
        close(session, meeting.products[0].attempt, StepKind.DECISION, OWN, ABOVE)


def test_decision_before_the_council_concluded_is_refused(session: Session) -> None:
    meeting = session_with(session)

    with pytest.raises(WrongMomentError, match="Hội đồng chưa kết luận"):
        sign(session, meeting)


def test_decision_is_the_leaders(session: Session) -> None:
    meeting = concluded(session, 60)
    item = opened(session, meeting.round, StepKind.DECISION_SIGNING, SIGNED)

    with pytest.raises(NotAllowedError, match="vai trò «Cán bộ điều phối» không làm bước này"):
        complete(session, item.id, SIGNING, coordinator(session), SIGNED)


def test_decision_does_not_wait_for_the_engine_to_bring_the_dossiers(session: Session) -> None:
    """The leader signs before the runs of the dossiers were resumed; they take up what is there."""
    meeting = session_with(session)
    score(session, meeting.products[0], 60)
    close_meeting(session, meeting)

    sign(session, meeting)

    attempt = meeting.products[0].attempt
    assert attempt.status is AttemptStatus.RECOGNISED
    assert opened(session, attempt, StepKind.DECISION, SIGNED).outcome is not None


def test_product_withdrawn_before_the_decision_does_not_hold_up_the_others(session: Session) -> None:
    meeting = concluded(session, 60, CAKE, LONGAN)
    gone, other = (product.attempt for product in meeting.products)
    withdraw(session, gone.dossier.code, "Ngừng sản xuất", coordinator(session), HELD)

    sign(session, meeting)

    assert (gone.status, other.status) == (AttemptStatus.WITHDRAWN, AttemptStatus.RECOGNISED)
    assert [certificate.attempt_id for certificate in certificates(session)] == [other.id]


def test_signing_twice_issues_once(session: Session) -> None:
    meeting = concluded(session, 60)
    first = sign(session, meeting)

    assert sign(session, meeting) is first
    assert len(certificates(session)) == 1


def test_each_product_decided_leaves_its_own_audit_entries(session: Session) -> None:
    attempt = decided(session, 60)

    acts = session.scalars(select(AuditEntry).where(AuditEntry.at == SIGNED).order_by(AuditEntry.id)).all()

    subject, round_subject = f"attempt:{attempt.id}", f"round:{attempt.round_id}"
    assert [(entry.act, entry.subject) for entry in acts] == [
        ("item.opened", round_subject),
        ("item.completed", subject),
        ("attempt.recognised", subject),
        ("item.completed", round_subject),
    ]


def test_province_recognises_four_stars(session: Session) -> None:
    attempt = decided(session, 72, gates=4)

    close(session, attempt, StepKind.HIGHER_LEVEL_RESULT, RECOGNISED_ABOVE, ABOVE)

    (certificate,) = certificates(session)
    assert (certificate.stars, certificate.level, certificate.issued_on) == (4, Level.PROVINCE, date(2024, 11, 26))
    assert (attempt.status, attempt.ended_because) == (
        AttemptStatus.RECOGNISED,
        "UBND tỉnh Thanh Hóa công nhận 4 sao (số 4711/QĐ-UBND).",
    )


def test_province_s_certificate_replaces_the_districts(session: Session) -> None:
    attempt = decided(session, 72, gates=4, miss=("3.6",))

    close(session, attempt, StepKind.HIGHER_LEVEL_RESULT, RECOGNISED_ABOVE, ABOVE)

    own, above = certificates(session)
    assert (own.stars, own.replaced_on, own.replaced_by_id) == (3, date(2024, 11, 26), above.id)
    assert (above.stars, above.replaced_on) == (4, None)


def test_province_s_refusal_leaves_the_districts_certificate(session: Session) -> None:
    attempt = refused_above(session, miss=("3.6",))

    (own,) = certificates(session)
    assert (own.stars, own.replaced_on, attempt.status) == (3, None, AttemptStatus.RECOGNISED)


def test_five_stars_are_the_ministrys(session: Session) -> None:
    """Forwarded to the province, which sent it on: the certificate is of the level that grants five stars."""
    attempt = decided(session, 92, gates=5)
    five = {**RECOGNISED_ABOVE, "stars": 5, "points": "93.10", "issuer": "Bộ Nông nghiệp và PTNT"}

    close(session, attempt, StepKind.HIGHER_LEVEL_RESULT, five, ABOVE)

    assert [(c.stars, c.level) for c in certificates(session)] == [(5, Level.MINISTRY)]


def test_refusal_above_of_a_first_evaluation_leaves_it_to_this_level(session: Session) -> None:
    attempt = refused_above(session)
    assert attempt.ended_on is None

    close(session, attempt, StepKind.DECISION, OWN, ABOVE, turn=2)

    (certificate,) = certificates(session)
    assert (certificate.stars, certificate.level, certificate.decision_number) == (3, Level.DISTRICT, "3001/QĐ-UBND")
    assert attempt.status is AttemptStatus.RECOGNISED


def test_refusal_above_of_an_upgrade_ends_it_and_its_old_certificate_stays(session: Session) -> None:
    attempt = concluded(session, 72, gates=4).products[0].attempt
    attempt.dossier.kind = type(attempt.dossier.kind)("upgrade")
    sign_round_of(session, attempt)

    close(session, attempt, StepKind.HIGHER_LEVEL_RESULT, REFUSED_ABOVE, ABOVE)

    assert (attempt.status, attempt.ended_because) == (
        AttemptStatus.NOT_RECOGNISED,
        "UBND tỉnh Thanh Hóa không công nhận (số 88/TB-HĐ).",
    )


def sign_round_of(session: Session, attempt: DossierAttempt) -> None:
    close(session, attempt.round, StepKind.DECISION_SIGNING, SIGNING, SIGNED)


@pytest.mark.parametrize("stars", [4, 5, 2])
def test_decision_for_one_product_gives_only_what_this_level_grants(session: Session, stars: int) -> None:
    attempt = refused_above(session)

    with pytest.raises(InputError, match=f"cấp huyện không công nhận {stars} sao"):
        close(session, attempt, StepKind.DECISION, {**OWN, "stars": stars}, ABOVE, turn=2)

    assert certificates(session) == []


def test_decision_for_one_product_gives_no_more_than_the_council_proposed(session: Session) -> None:
    attempt = decided(session, 72, gates=2, miss=("1.1",))
    close(session, attempt, StepKind.HIGHER_LEVEL_RESULT, REFUSED_ABOVE, ABOVE)
    assert attempt.status is AttemptStatus.NOT_RECOGNISED

    with pytest.raises(InputError, match="hội đồng đề xuất 2 sao"):
        close(session, attempt, StepKind.DECISION, OWN, ABOVE, turn=2)


@pytest.mark.parametrize("missing", ["stars", "decision_number", "signed_on", "signer"])
def test_decision_for_one_product_needs_number_day_signer_and_stars(session: Session, missing: str) -> None:
    attempt = refused_above(session)
    form = {name: value for name, value in OWN.items() if name != missing}

    with pytest.raises(InputError, match="phải có số quyết định, ngày ký, người ký và số sao"):
        close(session, attempt, StepKind.DECISION, form, ABOVE, turn=2)


def test_decision_for_one_product_recognises_or_does_not(session: Session) -> None:
    attempt = refused_above(session)

    with pytest.raises(InputError, match="Quyết định riêng chỉ công nhận hoặc không công nhận"):
        close(session, attempt, StepKind.DECISION, {"outcome": "forwarded"}, ABOVE, turn=2)


def test_decision_for_one_product_may_refuse(session: Session) -> None:
    attempt = refused_above(session)
    refusal = {"outcome": "not_recognised", "reasons": "Theo kết quả của tỉnh."}

    close(session, attempt, StepKind.DECISION, refusal, ABOVE, turn=2)

    assert (attempt.status, attempt.ended_because) == (AttemptStatus.NOT_RECOGNISED, "Theo kết quả của tỉnh.")


def test_inspection_is_kept_with_the_certificate_in_force(session: Session) -> None:
    attempt = decided(session, 72, gates=4, miss=("3.6",))
    close(session, attempt, StepKind.HIGHER_LEVEL_RESULT, RECOGNISED_ABOVE, ABOVE)
    failed = {**INSPECTED, "outcome": "failed", "remedies": ["Sửa nhãn"]}

    close(session, attempt, StepKind.INSPECTION, failed, ABOVE)

    own, above = certificates(session)
    assert own.inspections == []
    (inspection,) = above.inspections
    assert (inspection.passed, inspection.inspected_on, inspection.remedies, inspection.inspector.code) == (
        False,
        date(2024, 11, 26),
        ["Sửa nhãn"],
        "kiem-tra",
    )


def test_two_inspections_are_both_kept(session: Session) -> None:
    attempt = decided(session, 60)

    for turn in (1, 2):
        close(session, attempt, StepKind.INSPECTION, INSPECTED, ABOVE, turn=turn)

    assert [inspection.passed for inspection in certificates(session)[0].inspections] == [True, True]


def test_inspection_without_a_certificate_is_refused(session: Session) -> None:
    attempt = decided(session, 45)

    with pytest.raises(WrongMomentError, match="chưa có giấy chứng nhận"):
        close(session, attempt, StepKind.INSPECTION, INSPECTED, ABOVE)


def test_round_is_closed_once(session: Session) -> None:
    round_ = decided(session, 60).round

    for _ in range(2):
        close_round(session, round_.id, ABOVE)

    assert round_.status is RoundStatus.CLOSED
    assert len(session.scalars(select(AuditEntry).where(AuditEntry.act == "round.closed")).all()) == 1


def test_nothing_is_left_open_once_a_round_is_decided(session: Session) -> None:
    decided(session, 60)

    assert session.scalars(select(WorkItem).where(WorkItem.closed_at.is_(None))).all() == []


@pytest.mark.parametrize(
    ("total", "gates", "miss", "falls_back"),
    [(72, 4, (), True), (72, 4, ("3.6",), False), (72, 2, ("1.1",), False)],
    ids=["forwarded without a certificate", "recognised here already", "below three stars here"],
)
def test_level_decides_itself_only_what_it_forwarded_without_a_certificate(
    session: Session, total: int, gates: int, miss: tuple[str, ...], falls_back: bool
) -> None:
    attempt = decided(session, total, gates=gates, miss=miss)

    assert may_fall_back(session, attempt) is falls_back


def test_decision_of_a_day_before_the_meeting_is_refused(session: Session) -> None:
    meeting = concluded(session, 60)

    with pytest.raises(InputError) as refused:
        sign(session, meeting, signed_on="2024-09-11")

    (problem,) = refused.value.problems
    assert (problem.field, problem.problem) == (
        "signed_on",
        "ngày 11/09/2024 trước ngày họp hội đồng (12/09/2024)",
    )
    sign(session, meeting, signed_on="2024-09-12")
    assert [one.issued_on for one in certificates(session)] == [date(2024, 9, 12)]


def test_answer_of_the_level_above_from_before_the_meeting_is_refused(session: Session) -> None:
    attempt = decided(session, 72, gates=4)

    with pytest.raises(InputError, match="decided_on: ngày 11/09/2024 trước ngày họp hội đồng"):
        close(session, attempt, StepKind.HIGHER_LEVEL_RESULT, {**REFUSED_ABOVE, "decided_on": "2024-09-11"}, ABOVE)


def test_decision_for_one_product_from_before_the_answer_above_is_refused(session: Session) -> None:
    attempt = refused_above(session)

    with pytest.raises(InputError, match="signed_on: ngày 25/11/2024 trước ngày văn bản của cấp trên"):
        close(session, attempt, StepKind.DECISION, {**OWN, "signed_on": "2024-11-25"}, ABOVE, turn=2)

    assert certificates(session) == []
