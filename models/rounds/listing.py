"""Plans and rounds as lists and pages show them: `ocop plan show`, `ocop round list|show`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from models.errors import InputError, NotFoundError
from models.offices.history import office_as_of, place_as_of, place_of_attempt
from models.rounds.declined import DECLINED, declined_in
from models.rounds.queries import round_by_code
from models.tables import CyclePlan, Dossier, DossierAttempt, PlannedProduct, Product, Round, RoundCarry


@dataclass(frozen=True)
class RoundRow:
    """One round in a list: its days, and how many products are planned and handed in."""

    code: str
    title: str
    status: str
    status_label: str
    opens_on: date
    registration_closes_on: date
    council_on: date
    closes_on: date
    planned: int
    handed_in: int


@dataclass(frozen=True)
class PlannedRow:
    """One line of the plan, with the dossier that came of it, if any, or that none will come."""

    product: str
    aliases: list[str]
    producer: str
    producer_code: str
    commune: str
    kind: str
    kind_label: str
    from_stars: int | None
    target_stars: int
    criteria_set: int
    dossier: str | None
    dossier_status: str | None


@dataclass(frozen=True)
class RoundDetail:
    """One round with the lines of its plan."""

    round: RoundRow
    products: list[PlannedRow]


@dataclass(frozen=True)
class PlanDetail:
    """One year's plan; `made_by`: the office that made it, where another has taken it over since."""

    year: int
    office: str
    made_by: str
    authority: str
    targets: dict[str, Any]
    guided: dict[str, Any]
    legal_bases: list[dict[str, Any]]
    rounds: list[RoundDetail]


def round_rows(session: Session) -> list[RoundRow]:
    """All rounds in order of time."""
    rounds = session.scalars(select(Round).options(joinedload(Round.plan)).order_by(Round.opens_on, Round.id))
    return [round_row(session, round_) for round_ in rounds]


def round_detail(session: Session, code: str) -> RoundDetail:
    """One round.

    Raises:
        NotFoundError: there is none of this code.
    """
    return _detail(session, round_by_code(session, code))


def plan_detail(session: Session, year: int | None = None, office: str | None = None) -> PlanDetail:
    """The plan of a year as it is shown; errors as `plan_row`."""
    return detail_of(session, plan_row(session, year, office))


def plan_row(session: Session, year: int | None = None, office: str | None = None) -> CyclePlan:
    """The plan of a year, by default the latest; `office` (the code of who made it) says whose where several have one.

    Raises:
        NotFoundError: there is none.
        InputError: several offices have a plan of the year and none is named.
    """
    plans = [p for p in _plans_of_year(session, year) if office in {None, p.home.code}]
    if not plans:
        whose = f" của đơn vị «{office}»" if office is not None else ""
        raise NotFoundError(
            f"Chưa có kế hoạch nào{whose}." if year is None else f"Chưa có kế hoạch năm {year}{whose}.",
            field="year",
            remedy="Nhập kế hoạch: ocop plan import TỆP.",
        )
    latest = [p for p in plans if p.year == plans[0].year]
    if len(latest) > 1:
        offices = "; ".join(f"{p.home.code} ({p.home.name})" for p in latest)
        raise InputError(
            f"Năm {latest[0].year} có {len(latest)} kế hoạch.", field="office", remedy=f"Thêm --office MÃ: {offices}."
        )
    return latest[0]


def _plans_of_year(session: Session, year: int | None) -> Sequence[CyclePlan]:
    query = select(CyclePlan).order_by(CyclePlan.year.desc(), CyclePlan.id)
    return session.scalars(query if year is None else query.where(CyclePlan.year == year)).all()


def detail_of(session: Session, plan: CyclePlan) -> PlanDetail:
    """A plan as it is shown."""
    return PlanDetail(
        year=plan.year,
        office=office_as_of(session, f"plan:{plan.id}", plan.office, date(plan.year, 12, 31)).name,
        made_by=plan.home.name,
        authority=plan.authority,
        targets=plan.targets,
        guided=plan.guided,
        legal_bases=plan.legal_bases,
        rounds=[_detail(session, round_) for round_ in plan.rounds],
    )


def _detail(session: Session, round_: Round) -> RoundDetail:
    query = (
        select(PlannedProduct)
        .where(PlannedProduct.round_id == round_.id)
        .options(joinedload(PlannedProduct.product).joinedload(Product.place))
        .order_by(PlannedProduct.id)
    )
    declined = declined_in(session, round_.id)
    lines = [_planned_row(session, round_, p, declined=p.product_id in declined) for p in session.scalars(query)]
    return RoundDetail(round_row(session, round_), lines)


def round_row(session: Session, round_: Round) -> RoundRow:
    """One round with the counts of its products."""
    planned = select(func.count()).select_from(PlannedProduct).where(PlannedProduct.round_id == round_.id)
    return RoundRow(
        code=round_.code,
        title=round_.title,
        status=round_.status.value,
        status_label=round_.status.label,
        opens_on=round_.opens_on,
        registration_closes_on=round_.registration_closes_on,
        council_on=round_.council_on,
        closes_on=round_.closes_on,
        planned=session.scalar(planned) or 0,
        handed_in=handed_in_count(session, round_),
    )


def handed_in_count(session: Session, round_: Round) -> int:
    """How many dossiers were handed in for the round, with those that went on to another one."""
    counted = select(func.count(DossierAttempt.dossier_id.distinct())).where(_was_in(round_.id))
    return session.scalar(counted) or 0


def _was_in(round_id: int) -> ColumnElement[bool]:
    """Attempts handed in for the round, those that were carried on from it too."""
    carried = select(RoundCarry.attempt_id).where(RoundCarry.from_round_id == round_id)
    return or_(DossierAttempt.round_id == round_id, DossierAttempt.id.in_(carried))


def _planned_row(session: Session, round_: Round, planned: PlannedProduct, *, declined: bool) -> PlannedRow:
    product = planned.product
    attempt = session.scalar(
        select(DossierAttempt)
        .join(Dossier)
        .where(Dossier.product_id == product.id, _was_in(planned.round_id))
        .order_by(DossierAttempt.id.desc())
        .limit(1)
    )
    place = place_of_attempt(session, attempt) if attempt else place_as_of(session, product, round_.closes_on)
    return PlannedRow(
        product=product.name,
        aliases=[alias.name for alias in product.aliases],
        producer=product.producer.name,
        producer_code=product.producer.code,
        commune=place.title,
        kind=planned.kind.value,
        kind_label=planned.kind.label,
        from_stars=planned.from_stars,
        target_stars=planned.target_stars,
        criteria_set=product.criteria_set,
        dossier=attempt.dossier.code if attempt is not None else None,
        dossier_status=attempt.status.label if attempt is not None else DECLINED if declined else None,
    )
