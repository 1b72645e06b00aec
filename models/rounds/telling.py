"""Telling Prefect's event feed what became of a round."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models import outbox
from models.enums import OutboxKind
from models.tables import Round


def tell_round(session: Session, round_: Round, what: str) -> None:
    """Leave the event `ocop.round.<what>` (opened, list-closed, decided, closed), once a round and word."""
    name = f"ocop.round.{what}"
    outbox.put(session, OutboxKind.EVENT, f"event:{name}:{round_.id}", {"event": name, "round": round_.id})
