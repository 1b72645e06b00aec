"""The year-end report of a plan, against its targets."""

from __future__ import annotations

from dataclasses import dataclass

from models.documents.builders.common import frame_of_plan, regimes_of
from models.documents.builders.steering import SteeringPaper, steering_fields
from models.documents.building import builds
from models.documents.framing import Making
from models.documents.kinds import Kind
from models.documents.words import spelled_out, star_words
from models.reports.seeing import steering
from models.reports.year import EndingLine, LateLine, YearReport, year_report
from models.tables import CyclePlan
from models.vietnamese import long_date, short_date
from models.vietnamese.numbers import counted


@dataclass(frozen=True)
class TargetLine:
    """So many stars: recognised, the least that the plan asks for, what it hopes for, whether the target is met."""

    stars: str
    recognised: int
    target: str
    guided: str
    met: str


@dataclass(frozen=True)
class RoundRow:
    """One round of the year."""

    title: str
    days: str
    planned: int
    handed_in: int
    recognised: int
    decisions: str


@dataclass(frozen=True)
class RecognisedRow:
    """One product recognised in the year."""

    no: int
    product: str
    producer: str
    commune: str
    kind: str
    stars: str
    certificate: str
    decision: str


@dataclass(frozen=True)
class LateRow:
    """A unit that was late: how often it closed late, and what is still open past its day."""

    unit: str
    closed_late: int
    still_late: int


@dataclass(frozen=True)
class EndingRow:
    """A certificate that ends in the year after."""

    certificate: str
    product: str
    commune: str
    stars: str
    valid_until: str


@dataclass(frozen=True, kw_only=True)
class YearReportPaper(SteeringPaper):
    """The report of a year."""

    year: int
    next_year: int
    office: str
    authority: str
    as_of: str
    summary: str
    targets: list[TargetLine]
    rounds: list[RoundRow]
    ends: list[str]
    recognised: list[RecognisedRow]
    recognised_count: str
    late: list[LateRow]
    ending: list[EndingRow]
    ending_count: str


@builds("year_report", fields=YearReportPaper)
def year_report_paper(making: Making, kind: Kind, plan: CyclePlan) -> YearReportPaper:
    """The report as of the day on which it is made."""
    frame = frame_of_plan(making, plan)
    report: YearReport = year_report(making.session, plan, making.today)
    return YearReportPaper(
        year=plan.year,
        next_year=plan.year + 1,
        office=frame.office.name,
        authority=spelled_out(frame.authority_name),
        as_of=long_date(report.on),
        summary=report.summary,
        targets=[
            TargetLine(
                star_words(line.stars),
                line.recognised,
                "–" if line.target is None else str(line.target),
                "–" if line.guided is None else str(line.guided),
                {True: "đạt", False: "chưa đạt", None: ""}[line.met],
            )
            for line in report.stars
        ],
        rounds=[
            RoundRow(
                line.title,
                f"{short_date(line.opens_on)} – {short_date(line.closes_on)}",
                line.planned,
                line.handed_in,
                line.recognised,
                ", ".join(line.decisions) or "–",
            )
            for line in report.rounds
        ],
        ends=[f"{line.label}: {line.dossiers} hồ sơ" for line in report.ends],
        recognised=[
            RecognisedRow(
                no,
                line.product,
                line.producer,
                line.commune,
                line.kind_label,
                star_words(line.stars),
                line.certificate,
                f"{line.decision_number}, {short_date(line.issued_on)}",
            )
            for no, line in enumerate(report.recognised, start=1)
        ],
        recognised_count=counted(len(report.recognised)),
        late=[_late(line) for line in report.late],
        ending=[_ending(line) for line in report.ending],
        ending_count=counted(len(report.ending)),
        **steering_fields(steering(making.session, plan.rounds, [], making.today), of_year=True),
        **frame.parts(kind, bases=frame.bases(plan, regimes_of(making.session, plan.rounds))),
    )


def _late(line: LateLine) -> LateRow:
    return LateRow(line.unit, line.closed_late, line.still_late)


def _ending(line: EndingLine) -> EndingRow:
    return EndingRow(line.certificate, line.product, line.commune, star_words(line.stars), short_date(line.valid_until))
