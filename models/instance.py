"""What tells this installation from every other: its id, made on first use."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy.orm import Session

from models.tables import InstanceSetting

KEY = "instance"


def instance_id(session: Session) -> str:
    """The id of the installation: 32 hexadecimal digits that never change."""
    row = session.get(InstanceSetting, KEY)
    if row is None:
        row = InstanceSetting(key=KEY, value={"id": uuid4().hex})
        session.add(row)
        session.flush()
    return str(row.value["id"])
