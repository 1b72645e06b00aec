"""The year's plan and its rounds."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, ForeignKey, UniqueConstraint, func
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.enums import RoundStatus
from models.regimes.kinds import DossierKind
from models.tables.base import Base
from models.tables.people import Office
from models.tables.products import Product

if TYPE_CHECKING:
    from models.tables.councils import CouncilSession


class CyclePlan(Base):
    """The plan of one office for one year: legal bases, targets, rounds.

    `home` made it and stays as its history; `taken_over_by` is who goes on with it once `home` ended (decision 0005):
    a successor may have several plans of one year, its own and those of the offices that merged into it.
    """

    __tablename__ = "cycle_plans"
    __table_args__ = (UniqueConstraint("office_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    home_id: Mapped[int] = mapped_column("office_id", ForeignKey("offices.id"))
    taken_over_by_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))
    year: Mapped[int]
    authority: Mapped[str]
    targets: Mapped[dict[str, Any]]
    guided: Mapped[dict[str, Any]] = mapped_column(default=dict)
    legal_bases: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    activities: Mapped[dict[str, Any]] = mapped_column(default=dict)
    imported_at: Mapped[datetime]

    home: Mapped[Office] = relationship(foreign_keys=[home_id])
    taken_over_by: Mapped[Office | None] = relationship(foreign_keys=[taken_over_by_id])
    rounds: Mapped[list[Round]] = relationship(back_populates="plan", order_by="Round.number")

    @property
    def office(self) -> Office:
        """Who works by the plan: its people, calendar and rules count for the rounds."""
        return self.taken_over_by or self.home

    @hybrid_property
    def office_id(self) -> int:
        """The id of `office`, in queries too."""
        return self.taken_over_by_id or self.home_id

    @office_id.inplace.expression
    @classmethod
    def _office_id(cls) -> ColumnElement[int]:
        return func.coalesce(cls.taken_over_by_id, cls.home_id)


class Round(Base):
    """One round of evaluation (đợt) of one year's plan."""

    __tablename__ = "rounds"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("cycle_plans.id"))
    code: Mapped[str] = mapped_column(index=True)
    number: Mapped[int]
    opens_on: Mapped[date]
    registration_closes_on: Mapped[date]
    council_on: Mapped[date]
    closes_on: Mapped[date]
    status: Mapped[RoundStatus] = mapped_column(default=RoundStatus.PLANNED)

    plan: Mapped[CyclePlan] = relationship(back_populates="rounds")
    planned_products: Mapped[list[PlannedProduct]] = relationship(back_populates="round")
    sessions: Mapped[list[CouncilSession]] = relationship(back_populates="round", order_by="CouncilSession.number")

    @property
    def held_on(self) -> date:
        """The day of the latest council session; before one is convened the day that the plan names."""
        return self.sessions[-1].held_on if self.sessions else self.council_on

    @property
    def title(self) -> str:
        """As people say it: "Đợt 2 năm 2024"."""
        return f"Đợt {self.number} năm {self.plan.year}"


class PlannedProduct(Base):
    """One line of the plan: a product expected in a round, with the stars aimed at."""

    __tablename__ = "planned_products"
    __table_args__ = (UniqueConstraint("round_id", "product_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    kind: Mapped[DossierKind]
    target_stars: Mapped[int]
    from_stars: Mapped[int | None]
    set_sure: Mapped[str] = mapped_column(default="high")

    round: Mapped[Round] = relationship(back_populates="planned_products")
    product: Mapped[Product] = relationship()
