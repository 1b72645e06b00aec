"""A dossier that is returned late, misses its council, comes back in the next round and keeps what still holds."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.dossiers.comparing import compare
from models.dossiers.handing_in import resubmit
from models.dossiers.queries import dossier_detail
from models.enums import AttemptStatus
from models.process.kinds import StepKind
from models.rounds.board import board
from models.rounds.carrying import settle_carries
from models.steps.advancing import advance
from models.steps.correcting import correct
from models.subjects import attempt_subject, item_key
from models.tables import Certificate, DossierAttempt, WorkItem
from models.work_items import find_item
from tests.factories import (
    ACCEPTED,
    CAKE,
    LONGAN,
    NOT_READY,
    READY,
    at,
    close,
    close_meeting,
    concluded,
    convened,
    coordinator,
    in_consulting,
    open_round,
    opened,
    papers,
    producer_of,
    score,
    sign,
    waiting_for_council,
)

IN_AUGUST, IN_OCTOBER = at("2024-08-20"), at("2024-10-07")


def steps(session: Session, attempt: DossierAttempt) -> list[tuple[str, str | None, int | None]]:
    """Kind, outcome and, where it was carried over, the attempt it comes from."""
    detail = dossier_detail(session, attempt.dossier.code, IN_OCTOBER.date()).attempts[attempt.number - 1]
    return [(step.kind, step.outcome, step.carried_from) for step in detail.steps]


def test_returned_dossier_comes_back_in_the_next_round_with_the_communes_report(session: Session) -> None:
    # Round 2: the commune has reported when the office finds that the dossier should never have been accepted.
    first = in_consulting(session, registration={"unit": "Cơ sở Huân Hường", "phone": "0912"})
    check = find_item(session, item_key(attempt_subject(first.id), StepKind.REGISTRATION_CHECK, 1))
    assert check is not None
    unsigned = {"outcome": "returned", "note": "Phiếu đăng ký chưa ký"}
    correct(session, check.id, unsigned, "Bỏ sót chữ ký khi kiểm tra", coordinator(session), at("2024-07-29"))
    assert (first.status, first.ended_because) == (AttemptStatus.RETURNED, "Phiếu đăng ký chưa ký")

    # The window of round 2 is over; in August round 3 takes dossiers. What changed is the telephone and one paper.
    open_round(session, "2024-3")
    changes = {"registration": {"phone": "0988"}, "evidence": papers("test_sheets", number="88/KN")}
    second = resubmit(session, first.dossier.code, changes, producer_of(session, first.dossier.product), IN_AUGUST)
    assert (second.number, second.round.code, second.previous) == (2, "2024-3", first)
    assert steps(session, second) == [("commune_assessment", "proposed", 1)]

    # Only what is needed opens again: the check, then at once the consultant.
    close(session, second, StepKind.REGISTRATION_CHECK, ACCEPTED, at("2024-08-21"))
    subject = attempt_subject(second.id)
    assert advance(session, StepKind.COMMUNE_ASSESSMENT, subject, at("2024-08-21")).is_("proposed")
    close(session, second, StepKind.CONSULTING, READY, at("2024-09-10"))
    opened(session, second, StepKind.COUNCIL_EVALUATION, at("2024-09-10"))
    changed = {
        (line.what, line.change) for line in compare(session, second.dossier.code).lines if line.change != "same"
    }
    assert ("Điện thoại", "changed") in changed
    assert ("Đánh giá cấp xã · Số báo cáo", "carried") in changed

    meeting = convened(session, second)
    score(session, meeting.products[0], 60)
    close_meeting(session, meeting)
    opened(session, second, StepKind.DECISION, IN_OCTOBER)
    sign(session, meeting)
    assert second.status is AttemptStatus.RECOGNISED
    assert session.scalars(select(Certificate.attempt_id)).all() == [second.id]


def test_dossier_that_misses_its_council_goes_on_without_anybody_remembering(session: Session) -> None:
    # Two dossiers of round 2; one still owes papers when the council is called.
    slow = in_consulting(session, LONGAN)
    close(session, slow, StepKind.CONSULTING, NOT_READY, at("2024-09-02"))
    opened(session, slow, StepKind.SUPPLEMENT, at("2024-09-02"))
    meeting = convened(session, waiting_for_council(session, CAKE))
    score(session, meeting.products[0], 60)
    close_meeting(session, meeting)
    opened(session, meeting.products[0].attempt, StepKind.DECISION, at("2024-09-12"))
    sign(session, meeting)

    # Round 2 is decided without it; its rules, done steps and open term are what they were.
    assert (slow.round.code, slow.status, slow.regime) == ("2024-3", AttemptStatus.IN_PROGRESS, "qd148-2023")
    supplement = session.scalars(select(WorkItem).where(WorkItem.kind == StepKind.SUPPLEMENT)).one()
    assert (supplement.due_on.isoformat(), supplement.round.code) == (
        "2024-09-17",
        "2024-3",
    )  # 2 and 3 September are days off
    (left,) = [r for r in board(session, meeting.round, at("2024-09-20").date()).rows if r.product == LONGAN]
    assert left.stage == "Chuyển sang Đợt 3 năm 2024"

    # It catches up and is on the agenda of round 3.
    close(session, slow, StepKind.SUPPLEMENT, {"outcome": "supplemented"}, at("2024-09-12"))
    close(session, slow, StepKind.CONSULTING, READY, at("2024-09-16"), turn=2)
    opened(session, slow, StepKind.COUNCIL_EVALUATION, at("2024-09-16"))
    open_round(session, "2024-3")
    third = convened(session, slow)
    assert [product.attempt for product in third.products] == [slow]
    assert settle_carries(session, IN_OCTOBER) == 0


def test_correction_after_the_council_sends_the_product_to_the_next_one(session: Session) -> None:
    # The council of round 2 has concluded on two products; then a forged test sheet comes to light.
    meeting = concluded(session, 60, CAKE, LONGAN)
    kept, sent_back = (product.attempt for product in meeting.products)
    visit = find_item(session, item_key(attempt_subject(sent_back.id), StepKind.CONSULTING, 1))
    assert visit is not None

    correct(session, visit.id, NOT_READY, "Phiếu kiểm nghiệm không đúng lô", coordinator(session), at("2024-09-13"))
    settle_carries(session, at("2024-09-13"))
    sign(session, meeting)

    assert (kept.status, sent_back.status) == (AttemptStatus.RECOGNISED, AttemptStatus.IN_PROGRESS)
    assert sent_back.round.code == "2024-3"
    advance(session, StepKind.CONSULTING, attempt_subject(sent_back.id), at("2024-09-13"))
    close(session, sent_back, StepKind.SUPPLEMENT, {"outcome": "supplemented"}, at("2024-09-20"))
    close(session, sent_back, StepKind.CONSULTING, READY, at("2024-09-23"), turn=2)
    opened(session, sent_back, StepKind.COUNCIL_EVALUATION, at("2024-09-23"))
    again = convened(session, sent_back)
    score(session, again.products[0], 55)
    close_meeting(session, again)
    opened(session, sent_back, StepKind.DECISION, IN_OCTOBER)
    sign(session, again, decision_number="2999/QĐ-UBND")
    assert sent_back.status is AttemptStatus.RECOGNISED
    item = find_item(session, item_key(attempt_subject(sent_back.id), StepKind.COUNCIL_EVALUATION, 1))
    assert item is not None
    assert [outcome.data["mean"] for outcome in item.outcomes] == ["60.00", "55.00"]
