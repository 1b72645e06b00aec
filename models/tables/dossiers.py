"""Dossiers, their attempts, their evidence, and what commune and consultant found."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.enums import AttemptStatus, CommuneTopic
from models.regimes.evidence_kinds import EvidenceKind
from models.regimes.kinds import DossierKind
from models.tables.base import Base
from models.tables.cycle import Round
from models.tables.people import Office, Person
from models.tables.products import Product


class Dossier(Base):
    """One candidacy of one product for one recognition, through all the times it is handed in."""

    __tablename__ = "dossiers"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    kind: Mapped[DossierKind]
    target_stars: Mapped[int]
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("dossiers.id"))

    product: Mapped[Product] = relationship()
    office: Mapped[Office] = relationship()
    attempts: Mapped[list[DossierAttempt]] = relationship(back_populates="dossier", order_by="DossierAttempt.number")

    @property
    def latest(self) -> DossierAttempt:
        """The attempt that counts now."""
        return self.attempts[-1]


class DossierAttempt(Base):
    """One handing-in of a dossier: one flow run, with the rules pinned that were in force on its day."""

    __tablename__ = "dossier_attempts"
    __table_args__ = (UniqueConstraint("dossier_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossiers.id"))
    number: Mapped[int]
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    received_on: Mapped[date]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    regime: Mapped[str]
    criteria_source: Mapped[str]
    criteria_set: Mapped[int]
    case: Mapped[int | None]
    process_version: Mapped[str]
    registration: Mapped[dict[str, Any]] = mapped_column(default=dict)
    self_assessment: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[AttemptStatus] = mapped_column(default=AttemptStatus.IN_PROGRESS, index=True)
    ended_on: Mapped[date | None]
    ended_because: Mapped[str] = mapped_column(default="")

    dossier: Mapped[Dossier] = relationship(back_populates="attempts")
    round: Mapped[Round] = relationship()
    evidence: Mapped[list[Evidence]] = relationship(back_populates="attempt", order_by="Evidence.id")
    commune_assessment: Mapped[CommuneAssessment | None] = relationship(back_populates="attempt")
    visits: Mapped[list[ConsultingVisit]] = relationship(back_populates="attempt", order_by="ConsultingVisit.turn")

    @property
    def previous(self) -> DossierAttempt | None:
        """The handing-in before this one."""
        return next((a for a in self.dossier.attempts if a.number == self.number - 1), None)

    @property
    def next(self) -> DossierAttempt | None:
        """The handing-in after this one."""
        return next((a for a in self.dossier.attempts if a.number == self.number + 1), None)

    @property
    def title(self) -> str:
        """Product, commune and attempt, as the run list shows them."""
        product = self.dossier.product
        return f"{product.name} · {product.place.name} · lần {self.number}"


class RoundCarry(Base):
    """One attempt that was not ready when its round went to the council, and the round it goes on in.

    `to_round_id` is empty while no later round is planned. The attempt stays the same, with its rules.
    """

    __tablename__ = "round_carries"
    __table_args__ = (UniqueConstraint("attempt_id", "from_round_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("dossier_attempts.id"))
    from_round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    to_round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"))
    decided_on: Mapped[date]
    moved_on: Mapped[date | None]
    reason: Mapped[str]

    attempt: Mapped[DossierAttempt] = relationship()
    from_round: Mapped[Round] = relationship(foreign_keys=[from_round_id])
    to_round: Mapped[Round | None] = relationship(foreign_keys=[to_round_id])


class Evidence(Base):
    """One paper of one attempt, of one of the 15 kinds; it may prove several criteria."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("dossier_attempts.id"), index=True)
    kind: Mapped[EvidenceKind]
    title: Mapped[str]
    number: Mapped[str | None]
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    page_from: Mapped[int | None]
    page_to: Mapped[int | None]
    file_name: Mapped[str | None]
    file_sha256: Mapped[str | None]
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"))
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"))

    attempt: Mapped[DossierAttempt] = relationship(back_populates="evidence")
    uses: Mapped[list[EvidenceUse]] = relationship(back_populates="evidence", cascade="all, delete-orphan")


class EvidenceUse(Base):
    """One criterion that one paper proves, with the pages to look at."""

    __tablename__ = "evidence_uses"
    __table_args__ = (UniqueConstraint("evidence_id", "criterion"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"))
    criterion: Mapped[str]
    page_from: Mapped[int | None]
    page_to: Mapped[int | None]

    evidence: Mapped[Evidence] = relationship(back_populates="uses")


class CommuneAssessment(Base):
    """The commune's signed report on one attempt (form 03)."""

    __tablename__ = "commune_assessments"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("dossier_attempts.id"), unique=True)
    report_number: Mapped[str]
    signed_on: Mapped[date]
    signer: Mapped[str]
    proposes: Mapped[bool]

    attempt: Mapped[DossierAttempt] = relationship(back_populates="commune_assessment")
    findings: Mapped[list[CommuneFinding]] = relationship(back_populates="assessment")


class CommuneFinding(Base):
    """What the commune found on one of the four topics; findings, never points."""

    __tablename__ = "commune_findings"
    __table_args__ = (UniqueConstraint("assessment_id", "topic"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("commune_assessments.id"))
    topic: Mapped[CommuneTopic]
    described: Mapped[str] = mapped_column(default="")
    found: Mapped[str]
    agrees: Mapped[bool]

    assessment: Mapped[CommuneAssessment] = relationship(back_populates="findings")


class ConsultingVisit(Base):
    """One visit of a consultant to a producer, with what was found, improved and asked for."""

    __tablename__ = "consulting_visits"
    __table_args__ = (UniqueConstraint("attempt_id", "turn"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("dossier_attempts.id"))
    turn: Mapped[int]
    visited_on: Mapped[date]
    consultant_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    findings: Mapped[str]
    improved: Mapped[str] = mapped_column(default="")
    requests: Mapped[list[str]] = mapped_column(default=list)
    ready: Mapped[bool]
    missed_gates: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    recorded_at: Mapped[datetime]

    attempt: Mapped[DossierAttempt] = relationship(back_populates="visits")
    consultant: Mapped[Person] = relationship()
