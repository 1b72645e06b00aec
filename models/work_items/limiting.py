"""Keeping the due dates of a pending dossier within the transition limit of its old rules."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, outbox
from models.actors import SYSTEM
from models.clock import vn_date
from models.dossiers.limits import finish_limit, regimes_with_a_limit
from models.enums import AttemptStatus, ItemStatus, OutboxKind
from models.subjects import attempt_subject
from models.tables import DossierAttempt, WorkItem
from models.work_items.opening import restart_clock
from models.work_items.terms import Budget

RULE = "Điều khoản chuyển tiếp: xong theo quy định cũ chậm nhất ngày này"


def hold_all_to_limits(session: Session, now: datetime) -> int:
    """Look at every attempt in progress; gives how many due dates were moved. A second look moves none."""
    limited = regimes_with_a_limit(vn_date(now))
    query = select(DossierAttempt).where(
        DossierAttempt.status == AttemptStatus.IN_PROGRESS, DossierAttempt.regime.in_(limited)
    )
    return sum(hold_to_limit(session, attempt, now) for attempt in session.scalars(query).all()) if limited else 0


def hold_to_limit(session: Session, attempt: DossierAttempt, now: datetime) -> int:
    """Let nothing of the attempt be due after its limit, and tell the coordinator that there is one, once."""
    limit = finish_limit(session, attempt, vn_date(now))
    if limit is None:
        return 0
    open_ = WorkItem.attempt_id == attempt.id, WorkItem.status == ItemStatus.OPEN, WorkItem.due_on > limit
    moved = [item for item in session.scalars(select(WorkItem).where(*open_)).all() if item.clock[-1].until != limit]
    for item in moved:
        restart_clock(session, item, Budget(0, "date", RULE, limit), now)
        facts = {"item": item.id, "due_on": item.due_on.isoformat()}
        audit.record(session, SYSTEM, "item.limited", item.subject, now, reason=RULE, data=facts)
    subject = attempt_subject(attempt.id)
    text = (
        f"Hồ sơ {attempt.dossier.code} ({attempt.title}) nhận ngày {attempt.received_on:%d/%m/%Y} "
        f"theo {attempt.regime} phải xong chậm nhất {limit:%d/%m/%Y}. Hạn các việc đang mở đã được đặt trong ngày đó."
    )
    payload = {"what": "transition-limit", "attempt": attempt.id, "finish_by": limit.isoformat(), "text": text}
    outbox.put(
        session,
        OutboxKind.NOTIFICATION,
        f"notify:{subject}:transition-limit:{limit}",
        payload | {"to": ["coordinator"]},
    )
    return len(moved)
