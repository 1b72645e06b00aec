"""The rows of a board asked for one by one: what the board's few queries must come to."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.dossiers.limits import finish_limit
from models.enums import AttemptStatus, ItemStatus
from models.offices.history import place_as_of, place_of_attempt
from models.process import step_definition
from models.rounds.board import CARRIED, ENGINE, WAITS_FOR_ROUND, BoardRow
from models.subjects import attempt_subject, round_subject
from models.tables import DossierAttempt, PlannedProduct, Round, RoundCarry, WorkItem
from models.work_items import addressee


def plain_rows(session: Session, round_: Round, today: date) -> list[BoardRow]:
    items = _open_items(session, round_)
    own = [_round_row(session, round_, item, today) for item in items.get(round_subject(round_.id), [])]
    carried = [carry for carry in _carried(session, round_) if carry.attempt.round_id != round_.id]
    gone = {carry.attempt.dossier_id for carry in carried}
    attempts = [a for a in _latest_attempts(session, round_) if a.dossier_id not in gone]
    rows = [_attempt_row(session, a, items.get(attempt_subject(a.id), []), today) for a in attempts]
    rows += [_carried_row(session, carry) for carry in carried]
    handed_in = {a.dossier.product_id for a in [*attempts, *(carry.attempt for carry in carried)]}
    absent = [_planned_row(session, round_, p) for p in _planned(session, round_) if p.product_id not in handed_in]
    return [*own, *rows, *absent]


def _open_items(session: Session, round_: Round) -> dict[str, list[WorkItem]]:
    query = select(WorkItem).where(WorkItem.round_id == round_.id, WorkItem.status == ItemStatus.OPEN)
    query = query.order_by(WorkItem.due_on, WorkItem.id)
    found: dict[str, list[WorkItem]] = {}
    for item in session.scalars(query):
        found.setdefault(item.subject, []).append(item)
    return found


def _latest_attempts(session: Session, round_: Round) -> list[DossierAttempt]:
    query = select(DossierAttempt).where(DossierAttempt.round_id == round_.id)
    latest: dict[int, DossierAttempt] = {}
    for attempt in session.scalars(query.order_by(DossierAttempt.number)):
        latest[attempt.dossier_id] = attempt
    return sorted(latest.values(), key=lambda attempt: attempt.dossier.code)


def _carried(session: Session, round_: Round) -> list[RoundCarry]:
    query = select(RoundCarry).where(RoundCarry.from_round_id == round_.id)
    return list(session.scalars(query.order_by(RoundCarry.id)))


def _carried_row(session: Session, carry: RoundCarry) -> BoardRow:
    """What missed the council of this round: from here on it is on the board of the other."""
    dossier, to = carry.attempt.dossier, carry.to_round
    return BoardRow(
        subject=attempt_subject(carry.attempt_id),
        product=dossier.product.name,
        commune=place_of_attempt(session, carry.attempt).title,
        dossier=dossier.code,
        attempt=carry.attempt.number,
        target_stars=dossier.target_stars,
        status=CARRIED,
        step=None,
        stage=f"Chuyển sang {to.title}" if to is not None else WAITS_FOR_ROUND,
    )


def _planned(session: Session, round_: Round) -> list[PlannedProduct]:
    query = select(PlannedProduct).where(PlannedProduct.round_id == round_.id)
    return list(session.scalars(query.order_by(PlannedProduct.id)))


def _round_row(session: Session, round_: Round, item: WorkItem, today: date) -> BoardRow:
    return BoardRow(
        subject=item.subject,
        product=f"({round_.title})",
        commune="",
        dossier=None,
        attempt=None,
        target_stars=None,
        status=round_.status.label,
        **_waiting(session, item, today),
    )


def _attempt_row(session: Session, attempt: DossierAttempt, items: list[WorkItem], today: date) -> BoardRow:
    in_progress = attempt.status is AttemptStatus.IN_PROGRESS
    between: dict[str, Any] = {
        "step": None,
        "stage": "Đang chuyển bước" if in_progress else attempt.status.label,
        "waiting_for": ENGINE if in_progress else None,
    }
    dossier = attempt.dossier
    return BoardRow(
        subject=attempt_subject(attempt.id),
        product=dossier.product.name,
        commune=place_of_attempt(session, attempt).title,
        dossier=dossier.code,
        attempt=attempt.number,
        target_stars=dossier.target_stars,
        status=WAITS_FOR_ROUND if _waits_for_round(session, attempt) else attempt.status.label,
        finish_by=finish_limit(session, attempt, today),
        **(_waiting(session, items[0], today) if items else between),
    )


def _waits_for_round(session: Session, attempt: DossierAttempt) -> bool:
    if attempt.status is not AttemptStatus.IN_PROGRESS:
        return False
    query = select(RoundCarry.id).where(RoundCarry.attempt_id == attempt.id, RoundCarry.to_round_id.is_(None))
    return session.scalar(query.limit(1)) is not None


def _planned_row(session: Session, round_: Round, planned: PlannedProduct) -> BoardRow:
    return BoardRow(
        subject=None,
        product=planned.product.name,
        commune=place_as_of(session, planned.product, round_.closes_on).title,
        dossier=None,
        attempt=None,
        target_stars=planned.target_stars,
        status="Chưa nộp hồ sơ",
        step=None,
        stage="Chưa nộp hồ sơ",
    )


def _waiting(session: Session, item: WorkItem, today: date) -> dict[str, Any]:
    definition = step_definition(item.kind)
    return {
        "step": definition.step,
        "stage": f"{definition.step}. {definition.label}",
        "item": item.id,
        "waiting_for": addressee(session, item),
        "due_on": item.due_on,
        "days_left": (item.due_on - today).days,
        "late": item.suspended_on is None and item.due_on < today,
    }
