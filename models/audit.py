"""The audit trail: one entry an act, in the same transaction as the act."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.actors import Actor
from models.clock import vn_date
from models.delegations.rules import check_stands_in
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
    """Write that `who` did `act` to `subject` at `now`, and why.

    Every act passes here: one in place of another is refused without a delegation in force at that moment.

    Raises:
        NotAllowedError: `who` stands in for somebody who has not delegated it.
    """
    check_stands_in(session, who, vn_date(now))
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
