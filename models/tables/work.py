"""Work items with their clocks, rungs and outcomes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.enums import ClockEvent, ItemStatus, Role, Rung
from models.process.kinds import StepKind
from models.tables.base import Base
from models.tables.certificates import Certificate
from models.tables.cycle import Round
from models.tables.dossiers import DossierAttempt
from models.tables.people import Office, Person
from models.tables.products import Producer


class WorkItem(Base):
    """One thing that one person or unit has to do: for an attempt of a dossier, for a round, or for a certificate.

    `owner_office_id` is the coordination office whose calendar counts its days and whose ladder it climbs.
    `key` (subject, step, turn) makes opening idempotent. `due_on` is what the ledger of the clock gives,
    kept beside it so that one index finds what is late; whether it *is* late is never stored.
    `suspended_on`: since when the clock stands, likewise by the ledger; such an item is not late.
    `claimed_by_id`: who of the unit does it, so that no other does; empty while it is anybody's of the unit.
    """

    __tablename__ = "work_items"
    __table_args__ = (
        Index("ix_work_items_status_due_on", "status", "due_on"),
        Index("ix_work_items_status_role_due_on", "status", "role", "due_on"),
        Index("ix_work_items_round_id_status", "round_id", "status"),
        Index("ix_work_items_subject_kind_turn", "subject", "kind", "turn"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    subject: Mapped[str]
    kind: Mapped[StepKind]
    turn: Mapped[int] = mapped_column(default=1)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("dossier_attempts.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"))
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"), index=True)
    owner_office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    role: Mapped[Role]
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"), index=True)
    producer_id: Mapped[int | None] = mapped_column(ForeignKey("producers.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    claimed_at: Mapped[datetime | None]
    status: Mapped[ItemStatus] = mapped_column(default=ItemStatus.OPEN)
    opened_at: Mapped[datetime]
    due_on: Mapped[date]
    suspended_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    taken_up_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    attempt: Mapped[DossierAttempt | None] = relationship()
    of_round: Mapped[Round | None] = relationship()
    certificate: Mapped[Certificate | None] = relationship()
    owner_office: Mapped[Office] = relationship(foreign_keys=[owner_office_id])
    office: Mapped[Office | None] = relationship(foreign_keys=[office_id])
    producer: Mapped[Producer | None] = relationship()
    assignee: Mapped[Person | None] = relationship(foreign_keys=[assignee_id])
    claimed_by: Mapped[Person | None] = relationship(foreign_keys=[claimed_by_id])
    clock: Mapped[list[ClockEntry]] = relationship(back_populates="item", order_by="ClockEntry.id")
    outcomes: Mapped[list[Outcome]] = relationship(back_populates="item", order_by="Outcome.version")

    @property
    def case(self) -> DossierAttempt:
        """The attempt of an item that belongs to one (steps of a dossier, score sheets)."""
        if self.attempt is None:
            raise TypeError(f"{self.key} does not belong to an attempt")
        return self.attempt

    @property
    def round(self) -> Round:
        """The round of an item that belongs to one (steps of a round, a dossier, score sheets)."""
        if self.of_round is None:
            raise TypeError(f"{self.key} does not belong to a round")
        return self.of_round

    @property
    def outcome(self) -> Outcome | None:
        """The outcome in force; none while the item is open (again) or after it was cancelled."""
        return self.outcomes[-1] if self.outcomes and self.status is ItemStatus.DONE else None


class ClockEntry(Base):
    """One line of the ledger of a work item's clock: its budget when started, then what moved it, with the reason.

    `days` of a suspension or resumption: what is left of the term, in its unit.
    """

    __tablename__ = "clock_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("work_items.id"), index=True)
    event: Mapped[ClockEvent]
    on: Mapped[date]
    days: Mapped[int]
    unit: Mapped[str]
    until: Mapped[date | None]
    rule: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime]

    item: Mapped[WorkItem] = relationship(back_populates="clock")


class RungClaim(Base):
    """One rung that one work item has climbed; inserting the row is the claim to tell people of it."""

    __tablename__ = "rung_claims"
    __table_args__ = (UniqueConstraint("item_id", "rung", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("work_items.id"))
    rung: Mapped[Rung]
    due_on: Mapped[date]
    claimed_at: Mapped[datetime]

    item: Mapped[WorkItem] = relationship()


class Outcome(Base):
    """What one person stated when closing one work item; a correction adds a version, nothing is overwritten.

    `reason` is that of a correction. `carried_from_id`: the outcome of an earlier attempt that was taken over; person,
    capacity and moment are then those of the original. `on_behalf_of_id`: for whom the person stood in.
    """

    __tablename__ = "outcomes"
    __table_args__ = (UniqueConstraint("item_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("work_items.id"))
    version: Mapped[int]
    code: Mapped[str]
    data: Mapped[dict[str, Any]]
    fingerprint: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    capacity: Mapped[Role]
    recorded_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("outcomes.id"))

    item: Mapped[WorkItem] = relationship(back_populates="outcomes")
    actor: Mapped[Person | None] = relationship(foreign_keys=[actor_id])
    on_behalf_of: Mapped[Person | None] = relationship(foreign_keys=[on_behalf_of_id])
    carried_from: Mapped[Outcome | None] = relationship(remote_side=[id])

    @property
    def original(self) -> Outcome:
        """Where it was first stated, through all the attempts that carried it over; itself when it was not carried."""
        return self if self.carried_from is None else self.carried_from.original
