"""Dossiers that their communes have not proposed to the province yet, and telling so around the legal cut-offs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import outbox
from models.clock import vn_date
from models.enums import AttemptStatus, OutboxKind, Role
from models.regimes.cutoffs import Cutoff, cutoffs_in_force
from models.tables import CommuneAssessment, Dossier, DossierAttempt, Product, Round

LONGEST_AFTER = 30
"""Days after a cut-off in which a look that was missed is still caught up: later nobody can act on it [ours]."""


@dataclass(frozen=True)
class Unproposed:
    """What was told on one day about one cut-off."""

    cutoff: Cutoff
    attempts: Sequence[DossierAttempt]


def unproposed(session: Session, cutoff: Cutoff) -> list[DossierAttempt]:
    """The dossiers under way by the law of the cut-off that have no proposal of their commune, by round and code."""
    proposed = select(CommuneAssessment.attempt_id).where(CommuneAssessment.proposes.is_(True))
    query = (
        select(DossierAttempt)
        .join(Dossier)
        .options(joinedload(DossierAttempt.dossier).joinedload(Dossier.product).joinedload(Product.place))
        .where(
            DossierAttempt.status == AttemptStatus.IN_PROGRESS,
            DossierAttempt.regime == cutoff.regime,
            DossierAttempt.received_on <= cutoff.last_day,
            DossierAttempt.id.not_in(proposed),
        )
        .order_by(DossierAttempt.round_id, Dossier.code)
    )
    return list(session.scalars(query))


def tell_unproposed(session: Session, month: int, day: int, now: datetime) -> Unproposed | None:
    """Tell coordinators (a list a round) and communes (each of their dossiers) who is not proposed before that day.

    `None`: the law in force today names no such cut-off, or it is long past. One message for each day left, so that a
    second look on the same day tells nobody twice.
    """
    today = vn_date(now)
    cutoff = next((c for c in cutoffs_in_force(today) if (c.before.month, c.before.day) == (month, day)), None)
    if cutoff is None or (today - cutoff.last_day).days > LONGEST_AFTER:
        return None
    attempts = unproposed(session, cutoff)
    for attempt in attempts:
        _tell_commune(session, attempt, cutoff, today)
    by_round: dict[int, list[DossierAttempt]] = {}
    for attempt in attempts:
        by_round.setdefault(attempt.round_id, []).append(attempt)
    for round_id, late in by_round.items():
        _tell_coordinator(session, session.get_one(Round, round_id), late, cutoff, today)
    return Unproposed(cutoff, attempts)


def _when(cutoff: Cutoff, today: date) -> str:
    days = (cutoff.last_day - today).days
    if days < 0:
        return f"Đã quá hạn UBND xã gửi đề nghị (trước ngày {cutoff.before:%d/%m/%Y})"
    left = f"còn {days} ngày" if days else "hôm nay là ngày cuối"
    return f"Hạn UBND xã gửi đề nghị: trước ngày {cutoff.before:%d/%m/%Y}, {left}"


def _put(session: Session, subject: str, cutoff: Cutoff, today: date, facts: dict[str, object]) -> None:
    known = {
        "what": "legal-cutoff",
        "last_day": cutoff.last_day.isoformat(),
        "days_left": (cutoff.last_day - today).days,
    }
    key = f"notify:{subject}:legal-cutoff:{cutoff.last_day}:{today}"
    outbox.put(session, OutboxKind.NOTIFICATION, key, known | facts)


def _tell_commune(session: Session, attempt: DossierAttempt, cutoff: Cutoff, today: date) -> None:
    text = f"{_when(cutoff, today)}. Hồ sơ chưa được đề nghị: {_name(attempt)}."
    facts = {"attempt": attempt.id, "text": text, "to": [Role.COMMUNE_OFFICER.value]}
    _put(session, f"attempt:{attempt.id}", cutoff, today, facts)


def _tell_coordinator(
    session: Session, round_: Round, late: Sequence[DossierAttempt], cutoff: Cutoff, today: date
) -> None:
    names = "; ".join(_name(attempt) for attempt in late)
    text = (
        f"{_when(cutoff, today)}; kỳ này phải đánh giá xong trước ngày {cutoff.done_before:%d/%m/%Y}. "
        f"{round_.title} còn {len(late)} hồ sơ chưa được đề nghị: {names}."
    )
    facts = {
        "round": round_.id,
        "dossiers": [attempt.dossier.code for attempt in late],
        "text": text,
        "to": [Role.COORDINATOR.value],
    }
    _put(session, f"round:{round_.id}", cutoff, today, facts)


def _name(attempt: DossierAttempt) -> str:
    product = attempt.dossier.product
    return f"{product.name} ({attempt.dossier.code}, {product.place.title})"
