"""What we last sent to Prefect, kept with the data of the installation: it tells our changes from a person's."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from models.database import transaction
from models.tables import InstanceSetting


def recall(session: Session, key: str) -> dict[str, Any]:
    """Everything remembered under this key."""
    row = session.get(InstanceSetting, key)
    return dict(row.value) if row is not None else {}


def remember(key: str, facts: dict[str, Any]) -> None:
    """Add these facts to what is remembered, take away those that are `None`; without a change nothing is written."""
    with transaction() as session:
        row = session.get(InstanceSetting, key)
        before = dict(row.value) if row is not None else {}
        after = {name: value for name, value in (before | facts).items() if value is not None}
        if after == before:
            return
        if row is None:
            session.add(InstanceSetting(key=key, value=after))
        else:
            row.value = after
