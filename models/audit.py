"""The audit trail: one entry an act, in the same transaction as the act."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.actors import Actor
from models.tables import AuditEntry


def record(
    session: Session,
    who: Actor,
    act: str,
    subject: str,
    now: datetime,
    *,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Write that `who` did `act` to `subject` at `now`, and why."""
    session.add(
        AuditEntry(
            at=now,
            actor_id=who.person_id,
            on_behalf_of_id=who.on_behalf_of,
            capacity=who.role,
            act=act,
            subject=subject,
            reason=reason,
            data=data or {},
        )
    )
