"""When the data were last backed up, and where to: what `ocop db backup` leaves, what the system's page shows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models import audit
from models.actors import Actor
from models.tables import InstanceSetting

KEY = "backup"


@dataclass(frozen=True)
class Backup:
    """One backup. `at` is real time; `database` names the copy, `files` counts the uploaded files beside it."""

    at: datetime
    folder: str
    database: str
    database_bytes: int
    files: int
    files_bytes: int


def note_backup(session: Session, made: Backup, who: Actor, now: datetime) -> None:
    """Keep that a backup was made; it counts as the last one from now on."""
    value = asdict(made) | {"at": made.at.isoformat()}
    row = session.get(InstanceSetting, KEY)
    if row is None:
        session.add(InstanceSetting(key=KEY, value=value))
    else:
        row.value = value
    audit.record(session, who, "database.backed_up", "database", now, data=value)
    session.flush()


def last_backup(session: Session) -> Backup | None:
    """The last backup; none when there never was one."""
    row = session.get(InstanceSetting, KEY)
    return Backup(**(row.value | {"at": datetime.fromisoformat(row.value["at"])})) if row is not None else None
