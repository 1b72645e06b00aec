"""What ties the domain to its surroundings: runs, outbox, audit, settings of the instance."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.enums import OutboxKind, Role
from models.tables.base import Base
from models.tables.people import Person


class EngineRun(Base):
    """The flow run that carries one subject (an attempt, a round); rebuilt when the engine's database is lost."""

    __tablename__ = "engine_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(unique=True)
    flow_run_id: Mapped[str | None] = mapped_column(index=True)
    generation: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]


class OutboxMessage(Base):
    """One message that must leave, written in the transaction that gave rise to it, sent once per key."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_kind_sent_at_next_try_at", "kind", "sent_at", "next_try_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[OutboxKind]
    key: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


class AuditEntry(Base):
    """One act: who, in which capacity, standing in for whom (if so), when, on what, and why."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_actor_id_id", "actor_id", "id"),
        Index("ix_audit_act_id", "act", "id"),
        Index("ix_audit_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    capacity: Mapped[Role]
    act: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)

    actor: Mapped[Person | None] = relationship(foreign_keys=[actor_id])
    on_behalf_of: Mapped[Person | None] = relationship(foreign_keys=[on_behalf_of_id])


class InstanceSetting(Base):
    """One setting of this instance that lives with its data (kind of data, simulated day)."""

    __tablename__ = "instance_settings"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]
