"""How the system itself does, as far as its data tell: what waits, what failed, what is broken, the last backup."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import func, make_url, select, text
from sqlalchemy.orm import Session

from models.backups import Backup, last_backup
from models.enums import OutboxKind
from models.notifications.channels import ChannelRow, broken_channels
from models.settings import Settings
from models.tables import Delivery, EngineRun, OutboxMessage

PARTS = ("ocop-cycle", "prefect", "fastapi", "sqlalchemy", "pydantic")
"""Whose versions are told."""

LITTLE_ROOM = 1_000_000_000
"""Bytes below which the disk counts as nearly full [ours]."""


@dataclass(frozen=True)
class Queue:
    """What waits to leave, by its kind: how many, since when the oldest, what the last trouble was."""

    kind: str
    label: str
    waiting: int
    since: datetime | None
    error: str | None


@dataclass(frozen=True)
class SystemStatus:
    """One look at the system. `revision` is that of the database; places are told without passwords."""

    database: str
    revision: str | None
    database_bytes: int | None
    queues: list[Queue]
    deliveries: int
    runs: int
    broken: list[ChannelRow]
    backup: Backup | None
    disk_free: int
    disk_total: int
    versions: dict[str, str]
    public_url: str | None

    @property
    def little_room(self) -> bool:
        """Whether the disk is nearly full."""
        return self.disk_free < LITTLE_ROOM


def system_status(session: Session, found: Settings) -> SystemStatus:
    """Look at everything that is quick to look at."""
    url = make_url(found.domain_url)
    sqlite = url.get_backend_name() == "sqlite"
    file = Path(url.database or "")
    room = shutil.disk_usage(found.home if found.home.exists() else found.home.parent)
    return SystemStatus(
        database="SQLite" if sqlite else f"{url.get_backend_name()} · {url.host or ''}",
        revision=session.scalar(text("SELECT version_num FROM alembic_version")),
        database_bytes=file.stat().st_size if sqlite and file.exists() else None,
        queues=[_queue(session, kind) for kind in OutboxKind],
        deliveries=session.scalar(select(func.count()).select_from(Delivery).where(Delivery.done.is_(False))) or 0,
        runs=session.scalar(select(func.count()).select_from(EngineRun).where(EngineRun.ended_at.is_(None))) or 0,
        broken=broken_channels(session),
        backup=last_backup(session),
        disk_free=room.free,
        disk_total=room.total,
        versions={name: version(name) for name in PARTS},
        public_url=found.public_url,
    )


def _queue(session: Session, kind: OutboxKind) -> Queue:
    waiting = (OutboxMessage.kind == kind, OutboxMessage.sent_at.is_(None))
    number, since = session.execute(select(func.count(), func.min(OutboxMessage.created_at)).where(*waiting)).one()
    failed = select(OutboxMessage.last_error).where(*waiting, OutboxMessage.last_error.is_not(None))
    error = session.scalar(failed.order_by(OutboxMessage.id.desc()).limit(1))
    return Queue(kind.value, kind.label, number, since, error)
