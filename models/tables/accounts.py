"""How people get in and stand in for one another: accounts, sessions, tokens, delegations, acts sent twice."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.enums import SignedInBy
from models.tables.base import Base
from models.tables.people import Person


class Account(Base):
    """The way in of one person: password, second factor, and how many wrong tries there were since the last right one.

    The login is the person's code, or the e-mail address where it is one person's only. `totp_last_step`: the latest
    30-second step whose code was used, so that none is taken twice. `recovery_codes`: SHA-256 of those not used yet.
    """

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    password_hash: Mapped[str]
    password_set_at: Mapped[datetime]
    must_change: Mapped[bool] = mapped_column(default=True)
    totp_secret: Mapped[str | None]
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]
    recovery_codes: Mapped[list[str]] = mapped_column(default=list)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    signed_in_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class PortalSession(Base):
    """One stay of one person in the portal, from signing in to leaving; its secret is kept as SHA-256 only.

    `signed_in_by`: the own password, or the sign-in of the organisation (OpenID Connect).
    """

    __tablename__ = "portal_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    signed_in_by: Mapped[SignedInBy] = mapped_column(default=SignedInBy.PASSWORD, server_default=SignedInBy.PASSWORD)
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class ApiToken(Base):
    """One key with which a program of one person uses the API; its secret is kept as SHA-256 only."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    expires_on: Mapped[date]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class Delegation(Base):
    """One rule by which one person stands in for another (thay mặt) over a span of days, for some kinds of work or all.

    `kinds` are values of `StepKind`; none means all of the other's work. A person has one rule at a time that is not
    ended: the index holds that.
    """

    __tablename__ = "delegations"
    __table_args__ = (
        Index(
            "uq_delegations_from_person_id_not_ended",
            "from_person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    to_person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kinds: Mapped[list[str]] = mapped_column(default=list)
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    reason: Mapped[str]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    from_person: Mapped[Person] = relationship(foreign_keys=[from_person_id])
    to_person: Mapped[Person] = relationship(foreign_keys=[to_person_id])

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force on `day` (both ends included)."""
        return self.ended_at is None and self.valid_from <= day <= self.valid_to

    def covers(self, kind: str) -> bool:
        """Whether the rule is for this kind of work."""
        return not self.kinds or kind in self.kinds


class IdempotencyKey(Base):
    """One act that one person sent under a key of their own, with the answer: sent again, the answer is given again."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("person_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    key: Mapped[str]
    fingerprint: Mapped[str]
    status: Mapped[int]
    body: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
