"""Telling coordinators of trouble with the machinery: runs that failed, workers that were away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit, outbox
from models.actors import SYSTEM
from models.clock import VN_TZ
from models.enums import OutboxKind, Role
from models.process import Scope
from models.steps.whose import CASE_TABLES, case_row
from models.subjects import split_subject
from models.tables import EngineRun


def tell_run_trouble(
    session: Session, run_id: str, name: str, why: str, *, again: bool, number: int, now: datetime
) -> None:
    """Leave `run-failed` for coordinators: which run, why, and whether it was started again (the `number`th time).

    Told the first time, and when nobody tries again any more; the times between are only in the audit trail.
    """
    subject = session.scalar(select(EngineRun.subject).where(EngineRun.flow_run_id == run_id))
    facts = {"run": run_id, "name": name, "why": why, "number": number}
    audit.record(
        session, SYSTEM, "run.started-again" if again else "run.given-up", subject or f"run:{run_id}", now, data=facts
    )
    if again and number > 1:
        return
    word = "again" if again else "given-up"
    done = (
        "Hệ thống đã tự chạy lại." if again else f"Đã chạy lại {number} lần không được; cần người quản trị xem nhật ký."
    )
    _notify(
        session,
        f"notify:run:{run_id}:run-failed:{word}:{now:%Y-%m-%d}",
        {
            "what": "run-failed",
            **_case(session, subject),
            **facts,
            "text": f"Lượt chạy «{name}» gặp lỗi («{why}»). {done}",
        },
    )


def tell_worker_away(session: Session, pool: str, since: datetime, now: datetime) -> None:
    """Leave `worker-offline` for coordinators: from when to when nothing moved. Read once somebody works again."""
    text = (
        f"Tiến trình xử lý của nhóm «{pool}» đã ngừng từ {_hour(since)}; chạy lại lúc {_hour(now)}. "
        "Không có dữ liệu nào mất; các việc bị chậm đang được xử lý tiếp."
    )
    audit.record(session, SYSTEM, "worker.away", f"pool:{pool}", now, data={"since": since.isoformat()})
    facts = {"what": "worker-offline", "pool": pool, "since": since.isoformat(), "text": text}
    _notify(session, f"notify:pool:{pool}:worker-offline:{since.isoformat()}", facts)


def _case(session: Session, subject: str | None) -> dict[str, int]:
    if subject is None:
        return {}
    scope, number = split_subject(subject)
    if scope in CASE_TABLES:
        return {"certificate": case_row(session, subject).certificate_id}
    return {"attempt" if scope is Scope.ATTEMPT else "round": number}


def _hour(moment: datetime) -> str:
    return f"{moment.astimezone(VN_TZ):%H:%M ngày %d/%m/%Y}"


def _notify(session: Session, key: str, facts: dict[str, Any]) -> None:
    outbox.put(session, OutboxKind.NOTIFICATION, key, facts | {"to": [Role.COORDINATOR.value]})
