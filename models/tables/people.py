"""Places, offices, people and the capacities in which they act."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.enums import Level, OfficeKind, Role
from models.tables.base import Base


class Place(Base):
    """One administrative unit over one span of days; a code is meaningful only inside it (domain.md §8)."""

    __tablename__ = "places"
    __table_args__ = (UniqueConstraint("code", "level", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    level: Mapped[Level]
    kind: Mapped[str]
    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))

    @property
    def title(self) -> str:
        """Kind and name as people write them: "xã Thọ Diên"."""
        return f"{self.kind} {self.name}"


class Office(Base):
    """One body that acts in the cycle: coordination office, commune, technical office, authority, consultant."""

    __tablename__ = "offices"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[OfficeKind]
    level: Mapped[Level]
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)

    place: Mapped[Place | None] = relationship()
    parent: Mapped[Office | None] = relationship(remote_side=[id])


class Person(Base):
    """One human being who acts in the cycle."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)

    capacities: Mapped[list[Capacity]] = relationship(back_populates="person")


class Capacity(Base):
    """One role of one person in one office or for one producer, over a span of days."""

    __tablename__ = "capacities"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "office_id", "producer_id", "valid_from"),
        Index("ix_capacities_office_id_role", "office_id", "role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    role: Mapped[Role]
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))
    producer_id: Mapped[int | None] = mapped_column(ForeignKey("producers.id"))
    title: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="capacities")
    office: Mapped[Office | None] = relationship()

    def holds_on(self, day: date) -> bool:
        """Whether the capacity is in force on `day` (both ends included)."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
