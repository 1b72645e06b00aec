"""Acts that were asked for under a key: asked again, the first answer is given again and nothing is done twice."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import IdempotencyKey

DONE = 200


def remembered(session: Session, person_id: int, key: str) -> IdempotencyKey | None:
    """What this person asked for under this key before, if anything."""
    query = select(IdempotencyKey).where(IdempotencyKey.person_id == person_id, IdempotencyKey.key == key)
    return session.scalar(query)


def remember(session: Session, person_id: int, key: str, fingerprint: str, answer: Any, now: datetime) -> None:
    """Keep what was asked (`fingerprint`) and answered, in the transaction of the act itself."""
    body = json.dumps(answer, ensure_ascii=False)
    session.add(IdempotencyKey(person_id=person_id, key=key, fingerprint=fingerprint, status=DONE, body=body, at=now))
    session.flush()
