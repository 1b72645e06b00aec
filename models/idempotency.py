"""An act sent twice is done once: its answer is kept under the key that the sender chose, and given again.

`remember` belongs in the transaction of the act itself: both are stored, or none. Of two that arrive at once the second
runs into the unique key, is rolled back as `RetryableError`, and finds the answer when it is tried again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.database import rows_touched
from models.errors import ConflictError
from models.retention import answers_kept
from models.tables import IdempotencyKey


@dataclass(frozen=True)
class Remembered:
    """What was answered."""

    status: int
    body: str


def request_fingerprint(act: str, data: Mapping[str, Any]) -> str:
    """SHA-256 of what was asked: the act (its path) and the data, in canonical form."""
    text = json.dumps([act, data], ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def recall(session: Session, person_id: int, key: str, fingerprint: str, now: datetime) -> Remembered | None:
    """The answer given under the key; none when the person has not used it lately (`retention.yaml`).

    Raises:
        ConflictError: the key was used for something else.
    """
    query = select(IdempotencyKey).where(IdempotencyKey.person_id == person_id, IdempotencyKey.key == key)
    row = session.scalar(query)
    if row is None or row.at <= now - answers_kept():
        return None
    if row.fingerprint != fingerprint:
        raise ConflictError(
            "Khóa chống gửi trùng này đã dùng cho một yêu cầu khác.",
            field="Idempotency-Key",
            remedy="Dùng khóa mới cho mỗi yêu cầu khác nhau.",
        )
    return Remembered(row.status, row.body)


def remember(session: Session, person_id: int, key: str, fingerprint: str, answer: Remembered, now: datetime) -> None:
    """Keep the answer under the key; what is too old to be given again gives way."""
    old = (IdempotencyKey.person_id == person_id, IdempotencyKey.key == key, IdempotencyKey.at <= now - answers_kept())
    session.execute(delete(IdempotencyKey).where(*old))
    session.add(
        IdempotencyKey(
            person_id=person_id, key=key, fingerprint=fingerprint, status=answer.status, body=answer.body, at=now
        )
    )
    session.flush()


def forget_old(session: Session, now: datetime) -> int:
    """Drop the answers that are given no more; how many."""
    return rows_touched(session, delete(IdempotencyKey).where(IdempotencyKey.at <= now - answers_kept()))
