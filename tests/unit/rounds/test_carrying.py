"""The cut-off for the council: what is not ready goes on in the next round, and nobody has to remember it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.dossiers.handing_in import withdraw
from models.dossiers.listing import dossier_rows
from models.dossiers.queries import dossier_detail
from models.enums import ItemStatus, RoundStatus
from models.notifications.composing import compose
from models.process.kinds import StepKind
from models.rounds.board import board
from models.rounds.carrying import settle_carries
from models.rounds.listing import round_detail
from models.rounds.queries import round_by_code
from models.steps.cases import load_case
from models.subjects import attempt_subject, item_key
from models.tables import AuditEntry, DossierAttempt, OutboxMessage, Round, RoundCarry, WorkItem
from models.work_items import find_item
from models.work_items.opening import due_by_ledger
from tests.factories import (
    CAKE,
    CALLED,
    LONGAN,
    READY,
    ROUND,
    at,
    close,
    convened,
    coordinator,
    in_consulting,
    open_round,
    opened,
    waiting_for_council,
)

DAY_AFTER = at("2024-09-13")


def late_one(session: Session) -> DossierAttempt:
    """A dossier that still waits for the consultant when the council of its round is called for another."""
    late = in_consulting(session, LONGAN)
    convened(session, waiting_for_council(session, CAKE))
    return late


def without_next_round(session: Session) -> Round:
    """Round 3 has closed: nothing comes after round 2."""
    third = round_by_code(session, "2024-3")
    third.status = RoundStatus.CLOSED
    session.flush()
    return third


def told(session: Session, kind: str) -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.key.contains("dossier-carried"), OutboxMessage.kind == kind)
    return list(session.scalars(query.order_by(OutboxMessage.id)))


def test_dossier_that_is_not_ready_goes_on_in_the_next_round_with_a_notice(session: Session) -> None:
    late = late_one(session)

    carry = session.scalars(select(RoundCarry)).one()
    assert (carry.attempt, carry.from_round.code, carry.to_round and carry.to_round.code) == (late, ROUND, "2024-3")
    assert (late.round.code, late.regime, late.number) == ("2024-3", "qd148-2023", 1)
    assert load_case(session, attempt_subject(late.id)).tags[0] == "đợt:2024-3"
    (notice,) = told(session, "notification")
    assert (notice.payload["what"], notice.payload["attempt"]) == ("dossier-carried", late.id)
    assert notice.payload["to"] == ["producer", "commune_officer", "coordinator"]
    assert "Đợt 3 năm 2024" in notice.payload["text"]
    assert compose(session, notice.payload, "A", CALLED).message.subject == (
        f"Hồ sơ {late.dossier.code} chuyển sang Đợt 3 năm 2024 – {LONGAN}"
    )
    (event,) = told(session, "event")
    assert (event.payload["event"], event.payload["to"]) == ("ocop.dossier.carried", "2024-3")
    assert session.scalars(select(AuditEntry).where(AuditEntry.act == "attempt.carried")).one().data["from"] == ROUND


def test_open_term_stays_and_belongs_to_the_new_round(session: Session) -> None:
    late = in_consulting(session, LONGAN)
    item = session.scalars(select(WorkItem).where(WorkItem.attempt_id == late.id, WorkItem.kind == "consulting")).one()
    due = item.due_on

    convened(session, waiting_for_council(session, CAKE))

    assert (item.round.code, item.due_on, len(item.clock)) == ("2024-3", due, 1)


def test_date_of_the_old_round_gives_way_to_that_of_the_new_one(session: Session) -> None:
    left_out = waiting_for_council(session, LONGAN)  # ready, and not put on the agenda
    convened(session, waiting_for_council(session, CAKE))

    item = find_item(session, item_key(attempt_subject(left_out.id), StepKind.COUNCIL_EVALUATION, 1))
    assert item is not None
    assert item.due_on == round_by_code(session, "2024-3").council_on
    assert item.due_on == due_by_ledger(item, left_out.round.plan.office)
    assert "chuyển từ Đợt 2 năm 2024" in item.clock[-1].rule


def test_board_of_the_old_round_says_where_it_went(session: Session) -> None:
    late = late_one(session)
    today = CALLED.date()
    session.flush()

    (left,) = [row for row in board(session, round_by_code(session, ROUND), today).rows if row.product == LONGAN]
    (came,) = [row for row in board(session, round_by_code(session, "2024-3"), today).rows if row.product == LONGAN]

    assert (left.status, left.stage, left.late) == ("Chuyển đợt sau", "Chuyển sang Đợt 3 năm 2024", False)
    assert (came.status, came.stage, came.dossier) == ("Đang xử lý", "4. Tư vấn hoàn thiện", late.dossier.code)
    assert round_detail(session, ROUND).round.handed_in == 2
    assert [row.code for row in dossier_rows(session, late.round_id)] == [late.dossier.code]
    assert late.dossier.code in [row.code for row in dossier_rows(session, round_by_code(session, ROUND).id)]
    assert dossier_detail(session, late.dossier.code, today).attempts[0].carried_rounds == [(ROUND, "2024-3")]


def test_without_a_next_round_it_waits_and_is_moved_when_there_is_one(session: Session) -> None:
    third = without_next_round(session)
    late = late_one(session)

    assert (late.round.code, session.scalars(select(RoundCarry)).one().to_round) == (ROUND, None)
    (row,) = [r for r in board(session, late.round, CALLED.date()).rows if r.product == LONGAN]
    assert (row.status, row.stage) == ("Chờ đợt kế tiếp", "4. Tư vấn hoàn thiện")
    assert settle_carries(session, CALLED) == 0

    third.status = RoundStatus.PLANNED
    assert settle_carries(session, CALLED) == 1
    assert settle_carries(session, CALLED) == 0

    assert late.round.code == "2024-3"
    assert [n.payload["to_round"] for n in told(session, "notification")] == [None, "2024-3"]


def test_opening_the_next_round_moves_what_waited(session: Session) -> None:
    third = without_next_round(session)
    late = late_one(session)
    third.status = RoundStatus.PLANNED

    open_round(session, "2024-3")

    assert late.round.code == "2024-3"


def test_planned_day_of_the_council_passes_and_only_ready_ones_stay(session: Session) -> None:
    ready, late = waiting_for_council(session, CAKE), in_consulting(session, LONGAN)

    assert settle_carries(session, at("2024-09-12")) == 0
    assert settle_carries(session, DAY_AFTER) == 1

    assert (ready.round.code, late.round.code) == (ROUND, "2024-3")
    assert session.scalars(select(RoundCarry)).one().decided_on == date(2024, 9, 13)


def test_withdrawn_while_it_waits_it_is_not_moved(session: Session) -> None:
    third = without_next_round(session)
    late = late_one(session)
    withdraw(session, late.dossier.code, "Thôi", coordinator(session), CALLED)
    third.status = RoundStatus.PLANNED

    assert settle_carries(session, CALLED) == 0
    assert late.round.code == ROUND


def test_carried_dossier_comes_before_the_council_of_the_new_round(session: Session) -> None:
    late = late_one(session)
    close(session, late, StepKind.CONSULTING, READY, CALLED)
    opened(session, late, StepKind.COUNCIL_EVALUATION, CALLED)

    meeting = convened(session, late)

    assert (meeting.round.code, [p.attempt for p in meeting.products]) == ("2024-3", [late])
    item = find_item(session, item_key(attempt_subject(late.id), StepKind.COUNCIL_EVALUATION, 1))
    assert item is not None
    assert (item.status, item.round.code) == (ItemStatus.OPEN, "2024-3")
