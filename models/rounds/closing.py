"""Closing a round once its decision is recorded."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models import audit
from models.actors import SYSTEM
from models.enums import RoundStatus
from models.rounds.telling import tell_round
from models.subjects import round_subject
from models.tables import Round


def close_round(session: Session, round_id: int, now: datetime) -> None:
    """Mark the round as ended; a second time changes nothing."""
    round_ = session.get_one(Round, round_id)
    if round_.status is RoundStatus.CLOSED:
        return
    round_.status = RoundStatus.CLOSED
    audit.record(session, SYSTEM, "round.closed", round_subject(round_id), now)
    tell_round(session, round_, "closed")
