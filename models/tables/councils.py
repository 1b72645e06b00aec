"""Councils, their sessions, recusals, score sheets and results."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.enums import CouncilRole, SessionStatus
from models.tables.base import Base
from models.tables.cycle import Round
from models.tables.dossiers import DossierAttempt
from models.tables.people import Office, Person


class Council(Base):
    """One council set up by one decision, with its working rules."""

    __tablename__ = "councils"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    name: Mapped[str]
    decision_number: Mapped[str]
    decided_on: Mapped[date]
    secretary_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    rules: Mapped[dict[str, Any]] = mapped_column(default=dict)

    office: Mapped[Office] = relationship()
    secretary: Mapped[Person] = relationship()
    members: Mapped[list[CouncilMember]] = relationship(back_populates="council", order_by="CouncilMember.id")


class CouncilMember(Base):
    """One seat of one council."""

    __tablename__ = "council_members"
    __table_args__ = (UniqueConstraint("council_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(ForeignKey("councils.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    role: Mapped[CouncilRole]
    post: Mapped[str] = mapped_column(default="")

    council: Mapped[Council] = relationship(back_populates="members")
    person: Mapped[Person] = relationship()


class CouncilSession(Base):
    """One meeting of one council for one round."""

    __tablename__ = "council_sessions"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    council_id: Mapped[int] = mapped_column(ForeignKey("councils.id"))
    number: Mapped[int]
    held_on: Mapped[date]
    place: Mapped[str]
    status: Mapped[SessionStatus] = mapped_column(default=SessionStatus.CALLED)
    minutes_number: Mapped[str | None]
    absent: Mapped[list[int]] = mapped_column(default=list)

    round: Mapped[Round] = relationship(back_populates="sessions")
    council: Mapped[Council] = relationship()
    products: Mapped[list[SessionProduct]] = relationship(back_populates="session", order_by="SessionProduct.position")


class SessionProduct(Base):
    """One product on the agenda of one session, with how far its scoring is and what was concluded.

    `taken_off` says why it is no longer on it (withdrawn, or an earlier step was corrected); what was scored stays.
    """

    __tablename__ = "session_products"
    __table_args__ = (UniqueConstraint("session_id", "attempt_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("council_sessions.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("dossier_attempts.id"), index=True)
    position: Mapped[int]
    scoring: Mapped[int] = mapped_column(default=1)
    eliminations: Mapped[list[str]] = mapped_column(default=list)
    conclusion: Mapped[str] = mapped_column(default="")
    taken_off: Mapped[str] = mapped_column(default="", server_default="")

    session: Mapped[CouncilSession] = relationship(back_populates="products")
    attempt: Mapped[DossierAttempt] = relationship()
    sheets: Mapped[list[ScoreSheet]] = relationship(back_populates="product", order_by="ScoreSheet.id")
    recusals: Mapped[list[Recusal]] = relationship(back_populates="product")
    result: Mapped[Result | None] = relationship(back_populates="product")


class Recusal(Base):
    """One member who does not score one product, with the interest that is the reason."""

    __tablename__ = "recusals"
    __table_args__ = (UniqueConstraint("session_product_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_product_id: Mapped[int] = mapped_column(ForeignKey("session_products.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("council_members.id"))
    reason: Mapped[str]
    recorded_at: Mapped[datetime]

    product: Mapped[SessionProduct] = relationship(back_populates="recusals")
    member: Mapped[CouncilMember] = relationship()


class ScoreSheet(Base):
    """One member's choices for one product in the first or second scoring; locked once it is there."""

    __tablename__ = "score_sheets"
    __table_args__ = (UniqueConstraint("session_product_id", "member_id", "scoring"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_product_id: Mapped[int] = mapped_column(ForeignKey("session_products.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("council_members.id"))
    scoring: Mapped[int]
    choices: Mapped[dict[str, Any]]
    total: Mapped[int]
    opinion: Mapped[str] = mapped_column(default="")
    submitted_at: Mapped[datetime]

    product: Mapped[SessionProduct] = relationship(back_populates="sheets")
    member: Mapped[CouncilMember] = relationship()


class Result(Base):
    """What the council concluded on one product: the scoring engine's answer, and an override if any.

    `mean` is an exact fraction as text ("493/7"); `stars` is what the council proposes.
    """

    __tablename__ = "results"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_product_id: Mapped[int] = mapped_column(ForeignKey("session_products.id"), unique=True)
    mean: Mapped[str | None]
    mean_cut: Mapped[str | None]
    spread: Mapped[str | None]
    band: Mapped[int | None]
    computed_stars: Mapped[int | None]
    stars: Mapped[int | None]
    override_reason: Mapped[str | None]
    missed_gates: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    eliminated: Mapped[list[str]] = mapped_column(default=list)
    granted_by: Mapped[str | None]
    forward_to: Mapped[str | None]
    explanation: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    concluded_at: Mapped[datetime]

    product: Mapped[SessionProduct] = relationship(back_populates="result")
