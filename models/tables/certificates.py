"""Decisions, certificates and inspections."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.enums import Level
from models.tables.base import Base
from models.tables.dossiers import DossierAttempt
from models.tables.people import Person
from models.tables.products import Product


class Decision(Base):
    """One decision on results, with the number and date that the clerk's register gave it."""

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("issuer", "number", "signed_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"), index=True)
    level: Mapped[Level]
    issuer: Mapped[str]
    number: Mapped[str]
    signed_on: Mapped[date]
    signer: Mapped[str]
    signer_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    lines: Mapped[list[DecisionLine]] = relationship(back_populates="decision", order_by="DecisionLine.id")


class DecisionLine(Base):
    """One product recognised by one decision (a row of its annex)."""

    __tablename__ = "decision_lines"
    __table_args__ = (UniqueConstraint("decision_id", "attempt_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("dossier_attempts.id"), index=True)
    points: Mapped[str | None]
    stars: Mapped[int]

    decision: Mapped[Decision] = relationship(back_populates="lines")
    attempt: Mapped[DossierAttempt] = relationship()


class Certificate(Base):
    """One certificate of one product; its state follows from its dates and the law in force on the day asked."""

    __tablename__ = "certificates"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("dossier_attempts.id"), index=True)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    decision_number: Mapped[str]
    stars: Mapped[int]
    regime: Mapped[str]
    level: Mapped[Level]
    issued_on: Mapped[date]
    valid_until: Mapped[date] = mapped_column(index=True)
    revoked_on: Mapped[date | None]
    replaced_on: Mapped[date | None]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"))

    product: Mapped[Product] = relationship()
    inspections: Mapped[list[Inspection]] = relationship(back_populates="certificate", order_by="Inspection.id")

    @property
    def title(self) -> str:
        """The product with the certificate's code, as lists and runs name it."""
        return f"{self.product.name} · {self.code}"


class Inspection(Base):
    """One inspection of one recognised product, with its findings."""

    __tablename__ = "inspections"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), index=True)
    inspected_on: Mapped[date]
    inspector_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    passed: Mapped[bool]
    findings: Mapped[str]
    remedies: Mapped[list[str]] = mapped_column(default=list)

    certificate: Mapped[Certificate] = relationship(back_populates="inspections")
    inspector: Mapped[Person] = relationship()
