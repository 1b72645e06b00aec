"""Rounds and dossiers at a step, on a fixed day, for the pages that show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.database import transaction
from models.enums import ItemStatus
from models.office_clock import set_stored_now
from models.process.kinds import StepKind
from models.tables import DossierAttempt, WorkItem
from tests.factories import producer_of


@dataclass(frozen=True)
class Scene:
    """One dossier as a test finds it, with who its producer is."""

    code: str
    attempt: int
    producer: str


def stage(url: str, now: datetime, make: Callable[..., DossierAttempt], *args: Any, **changed: Any) -> Scene:
    """Bring a dossier to a step by a factory, and let it be that day."""
    with transaction(url) as session:
        set_stored_now(session, now)
        attempt = make(session, *args, **changed)
        producer_of(session, attempt.dossier.product)
        return Scene(attempt.dossier.code, attempt.id, f"chu-the-{attempt.dossier.product.producer_id}")


def open_item(session: Session, scene: Scene, kind: StepKind) -> int:
    """The open item of this step of the dossier."""
    query = select(WorkItem.id).where(
        WorkItem.attempt_id == scene.attempt, WorkItem.kind == kind, WorkItem.status == ItemStatus.OPEN
    )
    return session.scalars(query).one()
