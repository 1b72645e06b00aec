"""What happens to certificates after issue, and how things moved when administrative units changed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.certificates.kinds import Milestone
from models.process.kinds import Scope
from models.tables.base import Base
from models.tables.certificates import Certificate, Inspection
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


class CertificateCase:
    """What the cases of a certificate's life share: they are under way until `closed_on`, which says why they ended.

    Their work items belong to the subject `<scope>:<id>`; one flow run carries each case.
    """

    scope: ClassVar[Scope]

    id: Mapped[int] = mapped_column(primary_key=True)
    closed_on: Mapped[date | None]
    closed_because: Mapped[str] = mapped_column(default="", server_default="")

    @property
    def subject(self) -> str:
        """The name that its work items, its run and its signals share."""
        return f"{self.scope}:{self.id}"


class Revocation(CertificateCase, Base):
    """One finding that may cost one certificate, with the day to decide by and, once signed, the decision.

    `confirm_by`: until when the commune is to say whether production stopped, where the days to decide start with that.
    """

    __tablename__ = "revocations"
    scope = Scope.REVOCATION

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), index=True)
    ground: Mapped[str]
    finding: Mapped[str]
    found_on: Mapped[date]
    regime: Mapped[str]
    confirm_by: Mapped[date | None]
    confirmed_on: Mapped[date | None]
    due_on: Mapped[date | None] = mapped_column(index=True)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decision_number: Mapped[str | None]
    decided_on: Mapped[date | None]
    signer: Mapped[str | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    certificate: Mapped[Certificate] = relationship()


class PlannedInspection(CertificateCase, Base):
    """One inspection that is to be made by a day; `inspection_id` names the one that was made.

    `opened_on`: since when it is under way; `remedy_by`: until when what it found is to be mended.
    """

    __tablename__ = "planned_inspections"
    __table_args__ = (UniqueConstraint("certificate_id", "planned_on"),)
    scope = Scope.INSPECTION

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"))
    planned_on: Mapped[date] = mapped_column(index=True)
    ad_hoc: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(default="")
    opened_on: Mapped[date | None]
    inspection_id: Mapped[int | None] = mapped_column(ForeignKey("inspections.id"))
    remedy_by: Mapped[date | None]

    inspection: Mapped[Inspection | None] = relationship()
    certificate: Mapped[Certificate] = relationship()


class RenewalCandidate(CertificateCase, Base):
    """One certificate whose product is expected to be evaluated again: the round, and the old dossier's papers.

    `papers` are copies of the papers in force, each marked `keep` or `renew` (it expires before the round's council).
    `regime` is the law that gave `file_by` and, where it asks for a written notice, `notice_by`.
    """

    __tablename__ = "renewal_candidates"
    scope = Scope.RENEWAL

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), index=True)
    opened_on: Mapped[date]
    file_by: Mapped[date]
    notice_by: Mapped[date | None]
    regime: Mapped[str] = mapped_column(default="", server_default="")
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
