"""What happens to certificates after issue, and how things moved when administrative units changed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.certificates.kinds import Milestone
from models.tables.base import Base
from models.tables.certificates import Certificate
from models.tables.cycle import Round


class CertificateMilestone(Base):
    """One milestone that one certificate has passed; inserting the row is the claim to tell people of it."""

    __tablename__ = "certificate_milestones"
    __table_args__ = (UniqueConstraint("certificate_id", "milestone"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"))
    milestone: Mapped[Milestone]
    on: Mapped[date]
    claimed_at: Mapped[datetime]


class Revocation(Base):
    """One finding that may cost one certificate, with the day to decide by and, once signed, the decision."""

    __tablename__ = "revocations"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), unique=True)
    ground: Mapped[str]
    finding: Mapped[str]
    found_on: Mapped[date]
    regime: Mapped[str]
    due_on: Mapped[date | None] = mapped_column(index=True)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decision_number: Mapped[str | None]
    decided_on: Mapped[date | None]
    signer: Mapped[str | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    certificate: Mapped[Certificate] = relationship()


class PlannedInspection(Base):
    """One inspection that is to be made by a day; `inspection_id` names the one that was made."""

    __tablename__ = "planned_inspections"
    __table_args__ = (UniqueConstraint("certificate_id", "planned_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"))
    planned_on: Mapped[date] = mapped_column(index=True)
    ad_hoc: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(default="")
    inspection_id: Mapped[int | None] = mapped_column(ForeignKey("inspections.id"))

    certificate: Mapped[Certificate] = relationship()


class RenewalCandidate(Base):
    """One certificate whose product is expected to be evaluated again: the round, and the old dossier's papers.

    `papers` are copies of the papers in force, each marked `keep` or `renew` (it expires before the round's council).
    """

    __tablename__ = "renewal_candidates"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), unique=True)
    opened_on: Mapped[date]
    file_by: Mapped[date]
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"), index=True)
    papers: Mapped[list[dict[str, Any]]] = mapped_column(default=list)

    certificate: Mapped[Certificate] = relationship()
    round: Mapped[Round | None] = relationship()


class UnitTransfer(Base):
    """One thing (`product:3`, `item:7`) that moved from one unit to its successor on a day.

    `from_id` and `to_id` are places for products and producers, offices for everything else.
    """

    __tablename__ = "unit_transfers"
    __table_args__ = (UniqueConstraint("subject", "moved_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    from_id: Mapped[int]
    to_id: Mapped[int]
    moved_on: Mapped[date]
    recorded_at: Mapped[datetime]
