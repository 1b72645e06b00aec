"""The year-end report of a plan: what was recognised against the targets, how dossiers ended, who was late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from models.certificates.life import CertificateState
from models.certificates.register import standing
from models.clock import vn_date
from models.enums import AttemptStatus, ItemStatus
from models.errors import NotFoundError
from models.offices.history import office_as_of, place_as_of, place_of_attempt
from models.rounds.listing import handed_in_count
from models.tables import (
    Certificate,
    CyclePlan,
    Decision,
    Dossier,
    DossierAttempt,
    Office,
    Place,
    PlannedProduct,
    Product,
    Round,
    WorkItem,
)
from models.work_items.authority import addressee

TARGETS = {3: "three_star", 4: "four_star", 5: "five_star"}
"""Under which name a plan gives the least number of products of that many stars."""


@dataclass(frozen=True)
class StarsLine:
    """How many products got so many stars in the year, the least that the plan asks for, and what it hopes for."""

    stars: int
    recognised: int
    target: int | None
    guided: int | None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; `None` without one."""
        return None if self.target is None else self.recognised >= self.target


@dataclass(frozen=True)
class RecognisedLine:
    """One product recognised in a round of the year, under the name that its place had then."""

    product: str
    producer: str
    commune: str
    kind_label: str
    stars: int
    certificate: str
    decision_number: str
    issued_on: date


@dataclass(frozen=True)
class RoundLine:
    """One round of the year: products planned, dossiers handed in, products recognised, numbers of its decisions."""

    code: str
    title: str
    status_label: str
    opens_on: date
    closes_on: date
    planned: int
    handed_in: int
    recognised: int
    decisions: list[str]


@dataclass(frozen=True)
class EndLine:
    """How many dossiers of the year stand or ended so (the latest attempt counts)."""

    status: str
    label: str
    dossiers: int


@dataclass(frozen=True)
class LateLine:
    """How many work items one unit or person closed after their due date, or has open past it."""

    unit: str
    closed_late: int
    still_late: int


@dataclass(frozen=True)
class EndingLine:
    """One certificate whose validity ends in the year after."""

    certificate: str
    product: str
    commune: str
    stars: int
    valid_until: date


@dataclass(frozen=True)
class YearReport:
    """The report of one plan as of one day; `made_by`: the office that made the plan."""

    year: int
    office: str
    made_by: str
    on: date
    stars: list[StarsLine]
    recognised: list[RecognisedLine]
    rounds: list[RoundLine]
    ends: list[EndLine]
    late: list[LateLine]
    ending: list[EndingLine]

    @property
    def summary(self) -> str:
        """The report in two sentences, for messages and headings."""
        stars = "; ".join(f"{line.stars} sao: {_against(line)}" for line in self.stars)
        dossiers = sum(line.dossiers for line in self.ends)
        late = sum(line.closed_late + line.still_late for line in self.late)
        return (
            f"Năm {self.year} (đến ngày {self.on:%d/%m/%Y}): {stars}. {dossiers} hồ sơ trong {len(self.rounds)} đợt, "
            f"{late} việc trễ hạn; {len(self.ending)} giấy chứng nhận hết hiệu lực trong năm {self.year + 1}."
        )


def plans_of(session: Session, year: int) -> list[CyclePlan]:
    """The plans of a year.

    Raises:
        NotFoundError: there is none.
    """
    plans = session.scalars(select(CyclePlan).where(CyclePlan.year == year).order_by(CyclePlan.id)).all()
    if not plans:
        known = ", ".join(str(y) for y in session.scalars(select(CyclePlan.year).distinct().order_by(CyclePlan.year)))
        raise NotFoundError(
            f"Chưa có kế hoạch năm {year}.", field="year", remedy=f"Các năm có kế hoạch: {known or 'chưa có'}."
        )
    return list(plans)


def year_report(session: Session, plan: CyclePlan, today: date) -> YearReport:
    """The year of a plan as it stands on `today`, or stood at the end of the year once that is past [ours].

    Recognised is what a round of the plan led to, also when the level above decided after the end of the year; only
    the highest stars of a product count. Places are named as on the day on which the dossier ended; offices as in
    the year, of a late item the one that held it when it fell due.
    """
    on = min(today, date(plan.year, 12, 31))
    office = office_as_of(session, f"plan:{plan.id}", plan.office, on)
    attempts = _latest_attempts(session, plan)
    certificates = _certificates(session, attempts)
    recognised = [_recognised(session, certificate, attempts) for certificate in certificates]
    return YearReport(
        year=plan.year,
        office=office.name,
        made_by=plan.home.name,
        on=today,
        stars=_stars(plan, recognised),
        recognised=recognised,
        rounds=[_round(session, round_, attempts, certificates) for round_ in plan.rounds],
        ends=_ends(attempts),
        late=_late(session, plan, on, today),
        ending=_ending(session, plan, office, on),
    )


def _against(line: StarsLine) -> str:
    if line.target is None:
        return f"{line.recognised} sản phẩm"
    return f"{line.recognised}/{line.target} sản phẩm ({'đạt' if line.met else 'chưa đạt'} chỉ tiêu)"


def _latest_attempts(session: Session, plan: CyclePlan) -> dict[int, DossierAttempt]:
    """The latest attempt in the rounds of the plan, by dossier."""
    query = (
        select(DossierAttempt)
        .join(Round)
        .options(joinedload(DossierAttempt.dossier).joinedload(Dossier.product).joinedload(Product.producer))
        .where(Round.plan_id == plan.id)
        .order_by(DossierAttempt.number)
    )
    return {attempt.dossier_id: attempt for attempt in session.scalars(query)}


def _certificates(session: Session, attempts: dict[int, DossierAttempt]) -> list[Certificate]:
    """Of each product the certificate with the most stars."""
    query = (
        select(Certificate)
        .where(Certificate.attempt_id.in_([attempt.id for attempt in attempts.values()]))
        .order_by(Certificate.stars, Certificate.issued_on)
    )
    best = {certificate.product_id: certificate for certificate in session.scalars(query)}
    return sorted(best.values(), key=lambda one: (-one.stars, one.code))


def _recognised(session: Session, certificate: Certificate, attempts: dict[int, DossierAttempt]) -> RecognisedLine:
    attempt = next(a for a in attempts.values() if a.id == certificate.attempt_id)
    product = certificate.product
    return RecognisedLine(
        product=product.name,
        producer=product.producer.name,
        commune=place_of_attempt(session, attempt).title,
        kind_label=attempt.dossier.kind.label,
        stars=certificate.stars,
        certificate=certificate.code,
        decision_number=certificate.decision_number,
        issued_on=certificate.issued_on,
    )


def _stars(plan: CyclePlan, recognised: Sequence[RecognisedLine]) -> list[StarsLine]:
    counts = Counter(line.stars for line in recognised)
    lines = [
        StarsLine(stars, counts[stars], plan.targets.get(name), plan.guided.get(name))
        for stars, name in TARGETS.items()
    ]
    return [line for line in reversed(lines) if line.recognised or line.target is not None]


def _round(
    session: Session, round_: Round, attempts: dict[int, DossierAttempt], certificates: Sequence[Certificate]
) -> RoundLine:
    planned = select(func.count()).select_from(PlannedProduct).where(PlannedProduct.round_id == round_.id)
    numbers = session.scalars(
        select(Decision.number).where(Decision.round_id == round_.id).order_by(Decision.signed_on, Decision.id)
    )
    here = {attempt.id for attempt in attempts.values() if attempt.round_id == round_.id}
    return RoundLine(
        code=round_.code,
        title=round_.title,
        status_label=round_.status.label,
        opens_on=round_.opens_on,
        closes_on=round_.closes_on,
        planned=session.scalar(planned) or 0,
        handed_in=handed_in_count(session, round_),
        recognised=sum(certificate.attempt_id in here for certificate in certificates),
        decisions=list(numbers),
    )


def _ends(attempts: dict[int, DossierAttempt]) -> list[EndLine]:
    counts = Counter(attempt.status for attempt in attempts.values())
    return [EndLine(status.value, status.label, counts[status]) for status in AttemptStatus if counts[status]]


def _late(session: Session, plan: CyclePlan, on: date, today: date) -> list[LateLine]:
    query = (
        select(WorkItem)
        .join(Round, Round.id == WorkItem.round_id)
        .where(Round.plan_id == plan.id, WorkItem.status != ItemStatus.CANCELLED)
    )
    closed: Counter[str] = Counter()
    still: Counter[str] = Counter()
    for item in session.scalars(query):
        if item.closed_at is not None and vn_date(item.closed_at) > item.due_on:
            closed[addressee(session, item, min(item.due_on, on))] += 1
        elif item.status is ItemStatus.OPEN and item.suspended_on is None and item.due_on < today:
            still[addressee(session, item, min(item.due_on, on))] += 1
    units = sorted(closed.keys() | still.keys(), key=lambda unit: (-closed[unit] - still[unit], unit))
    return [LateLine(unit, closed[unit], still[unit]) for unit in units]


def _ending(session: Session, plan: CyclePlan, office: Office, on: date) -> list[EndingLine]:
    first, last = date(plan.year + 1, 1, 1), date(plan.year + 1, 12, 31)
    query = (
        select(Certificate)
        .options(joinedload(Certificate.product))
        .where(Certificate.valid_until.between(first, last), Certificate.issued_on <= on)
        .order_by(Certificate.valid_until, Certificate.code)
    )
    lines = []
    for certificate in session.scalars(query):
        over = standing(session, certificate, on).state in {CertificateState.REVOKED, CertificateState.REPLACED}
        place = place_as_of(session, certificate.product, on)
        if not over and _within(session, place, office):
            lines.append(
                EndingLine(
                    certificate.code, certificate.product.name, place.title, certificate.stars, certificate.valid_until
                )
            )
    return lines


def _within(session: Session, place: Place, office: Office) -> bool:
    """Whether the place lies in the area of the office; an office without a place answers for all."""
    at: Place | None = place
    while at is not None:
        if office.place_id in (None, at.id):
            return True
        at = session.get(Place, at.parent_id) if at.parent_id is not None else None
    return False
