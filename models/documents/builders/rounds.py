"""Papers of a round: the notice that opens it and the report when it is decided."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.documents.builders.common import ProductLine, frame_of_plan, outcome_of_round, product_line, regimes_of
from models.documents.builders.steering import SteeringPaper, steering_fields
from models.documents.building import builds
from models.documents.framing import Making
from models.documents.kinds import Kind
from models.documents.paper import Paper
from models.documents.words import points, spelled_out, star_words
from models.enums import RoundStatus
from models.process.kinds import StepKind
from models.regimes import Regime, regime_for
from models.regimes.kinds import DossierKind
from models.reports.seeing import steering
from models.tables import Certificate, Decision, DossierAttempt, PlannedProduct, Result, Round, SessionProduct
from models.vietnamese import long_date, short_date
from models.vietnamese.numbers import counted


@dataclass(frozen=True)
class PlannedLine:
    """A product that the plan expects in the round."""

    no: int
    product: str
    commune: str
    kind: str
    target: str


@dataclass(frozen=True, kw_only=True)
class RoundNoticePaper(Paper):
    """The notice of a round: who may register, until when, with what."""

    addressees: list[str]
    round_title: str
    office: str
    regime: str
    opens_on: str
    registration_closes_on: str
    council_on: str
    applicants: str
    papers: list[str]
    paper_sets: str
    planned: list[PlannedLine]
    planned_count: str


@dataclass(frozen=True)
class DossierLine:
    """A dossier of the round: what came out of it."""

    no: int
    product: str
    producer: str
    commune: str
    kind: str
    points: str
    stars: str
    status: str


@dataclass(frozen=True)
class CountLine:
    """How many dossiers ended so."""

    label: str
    count: int


@dataclass(frozen=True, kw_only=True)
class RoundReportPaper(SteeringPaper):
    """The report of a round that is decided."""

    round_title: str
    authority: str
    office: str
    opens_on: str
    registration_closes_on: str
    held_on: str
    notice: str
    activities: int
    people: int
    planned: str
    handed_in: str
    recognised: str
    ends: list[CountLine]
    decisions: list[str]
    rows: list[DossierLine]


@builds("round_notice", fields=RoundNoticePaper)
def round_notice(making: Making, kind: Kind, round_: Round) -> RoundNoticePaper:
    """The notice; number and date as the outreach step recorded them."""
    recorded = outcome_of_round(making.session, round_, StepKind.OUTREACH)
    regime = regime_for(round_.opens_on, DossierKind.FIRST)
    dated = date.fromisoformat(recorded["notice_date"]) if recorded.get("notice_date") else None
    frame = frame_of_plan(making, round_.plan, dated)
    sets = regime.submission
    return RoundNoticePaper(
        addressees=[spelled_out(frame.communes), "Các chủ thể OCOP"],
        round_title=round_.title,
        office=frame.office.name,
        regime=" và ".join(f"Quyết định số {one.no}" for one in regime.decisions),
        opens_on=long_date(round_.opens_on),
        registration_closes_on=long_date(round_.registration_closes_on),
        council_on=long_date(round_.council_on),
        applicants=_applicants(regime),
        papers=[entry.kind.label for entry in regime.checklist if entry.mandatory],
        paper_sets=f"{sets.paper_sets:02d} bộ giấy và {sets.electronic_sets:02d} bộ điện tử" if sets else "",
        planned=[_planned(p, no) for no, p in enumerate(round_.planned_products, start=1)],
        planned_count=counted(len(round_.planned_products)),
        **frame.parts(
            kind,
            number=recorded.get("notice_number"),
            dated=dated,
            bases=frame.bases(round_.plan, [regime]),
        ),
    )


def _applicants(regime: Regime) -> str:
    """Who may register; those of tourism alone are said to be so [law]."""
    tourism = ", ".join(regime.tourism_applicants)
    return ", ".join(regime.applicants) + (f"; riêng nhóm du lịch thêm {tourism}" if tourism else "")


def _planned(planned: PlannedProduct, no: int) -> PlannedLine:
    product = planned.product
    return PlannedLine(no, product.name, product.place.title, planned.kind.label, star_words(planned.target_stars))


@builds("round_report", fields=RoundReportPaper)
def round_report(making: Making, kind: Kind, round_: Round) -> RoundReportPaper | None:
    """What the round came to; none before it is decided."""
    if round_.status not in {RoundStatus.DECIDED, RoundStatus.CLOSED}:
        return None
    frame = frame_of_plan(making, round_.plan)
    query = select(DossierAttempt).where(DossierAttempt.round_id == round_.id).order_by(DossierAttempt.id)
    latest = {attempt.dossier_id: attempt for attempt in making.session.scalars(query)}
    rows = [_line(making, attempt, no) for no, attempt in enumerate(latest.values(), start=1)]
    outreach = outcome_of_round(making.session, round_, StepKind.OUTREACH)
    activities = outreach.get("activities", [])
    ends = Counter(attempt.status.label for attempt in latest.values())
    decisions = making.session.scalars(select(Decision).where(Decision.round_id == round_.id).order_by(Decision.id))
    return RoundReportPaper(
        round_title=round_.title,
        authority=spelled_out(frame.authority_name),
        office=frame.office.name,
        opens_on=short_date(round_.opens_on),
        registration_closes_on=short_date(round_.registration_closes_on),
        held_on=short_date(round_.held_on),
        notice=str(outreach.get("notice_number", "")),
        activities=len(activities),
        people=sum(int(activity.get("people", 0)) for activity in activities),
        planned=counted(len(round_.planned_products)),
        handed_in=counted(len(latest)),
        recognised=counted(sum(row.stars not in {"–", ""} for row in rows)),
        ends=[CountLine(label, count) for label, count in ends.items()],
        decisions=[f"Quyết định số {d.number} {long_date(d.signed_on)}" for d in decisions],
        rows=rows,
        **steering_fields(steering(making.session, [round_], [], making.today), of_year=False),
        **frame.parts(kind, bases=frame.bases(round_.plan, regimes_of(making.session, [round_]))),
    )


def _line(making: Making, attempt: DossierAttempt, no: int) -> DossierLine:
    about: ProductLine = product_line(making.session, attempt, no)
    results = select(Result).join(Result.product).where(SessionProduct.attempt_id == attempt.id)
    result = making.session.scalars(results.where(SessionProduct.taken_off == "").order_by(Result.id.desc())).first()
    issued = select(Certificate).where(Certificate.attempt_id == attempt.id).order_by(Certificate.stars.desc())
    certificate = making.session.scalars(issued).first()
    return DossierLine(
        no,
        about.product,
        about.producer,
        about.commune,
        about.kind,
        points(result.mean_cut) if result else "–",
        star_words(certificate.stars if certificate else None),
        attempt.status.label,
    )
