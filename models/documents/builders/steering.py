"""What reports of a round and of a year say of time, units, returns and star gates, with the charts of the portal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.charts import Chart
from models.charts.chart import number, percent
from models.charts.rounds import late_chart, progress_chart
from models.charts.stars import communes_chart, years_chart
from models.charts.times import times_chart
from models.documents.paper import Drawn, Paper
from models.documents.words import star_words
from models.reports.seeing import Steering
from models.reports.steering import MissedGateLine, RoundProgress, StepTimeLine, grouped

MOST_LINES = 20
"""Lines of a chart on paper; tables have all [ours]."""

MOST_GATES = 5
"""Gates of a criteria set on paper, those missed most often; the portal and the workbook have all [ours]."""


@dataclass(frozen=True)
class StepTimeRow:
    """How long a step took, of all or of one unit, against its term; days in the unit of the term."""

    step: str
    unit: str
    done: int
    median: str
    p90: int
    term: str
    late: int
    late_share: str


@dataclass(frozen=True)
class ReasonRow:
    """Why dossiers were returned, the most frequent first."""

    no: int
    reason: str
    dossiers: int
    share: str


@dataclass(frozen=True)
class GateRow:
    """A star gate that products of a criteria set missed, the one missed most often first; the set is named once."""

    set_name: str
    gate: str
    stars: str
    products: int
    share: str


@dataclass(frozen=True, kw_only=True)
class SteeringPaper(Paper):
    """What both reports have in common; charts are those of the portal."""

    times: list[StepTimeRow]
    unit_times: list[StepTimeRow]
    reasons: list[ReasonRow]
    gates: list[GateRow]
    progress_charts: list[Drawn]
    stars_charts: list[Drawn]
    late_charts: list[Drawn]
    times_charts: list[Drawn]


def steering_fields(found: Steering, *, of_year: bool) -> dict[str, Any]:
    """The fields of `SteeringPaper`; charts are numbered through in the order of the text.

    `of_year`: what was recognised is drawn, and progress of the rounds that are still under way only.
    """
    progress = {title: one for title, one in found.progress.items() if not of_year or _under_way(one)}
    stars = [years_chart(found.stars), communes_chart(found.communes, found.year, MOST_LINES)] if of_year else []
    charts = {
        "progress_charts": [progress_chart(one, title) for title, one in progress.items()],
        "stars_charts": stars,
        "late_charts": [late_chart(found.late, most=MOST_LINES)],
        "times_charts": [times_chart(found.times)],
    }
    reasons = enumerate(found.reasons, start=1)
    return _numbered(charts) | {
        "times": [_time(line) for line in found.times],
        "unit_times": [_time(line) for line in found.unit_times],
        "reasons": [ReasonRow(no, line.label, line.dossiers, _share(line.share)) for no, line in reasons],
        "gates": _gates(found.gates),
    }


def _under_way(progress: RoundProgress) -> bool:
    return progress.dossiers > sum(progress.ended.values())


def _gates(lines: Sequence[MissedGateLine]) -> list[GateRow]:
    rows = []
    for (_, place, name), own in grouped(lines, lambda line: (line.source, line.number, line.set_name)).items():
        for number_, line in enumerate(own[:MOST_GATES]):
            of = f"{place}. {name}" if number_ == 0 else ""
            rows.append(GateRow(of, line.title, star_words(line.stars), line.products, _share(line.share)))
    return rows


def _numbered(charts: dict[str, list[Chart]]) -> dict[str, list[Drawn]]:
    place = 0
    found: dict[str, list[Drawn]] = {}
    for name, some in charts.items():
        found[name] = []
        for chart in some:
            if chart.paint is not None:
                place += 1
                found[name].append(Drawn(f"Biểu đồ {place}. {chart.title}", chart.summary, chart))
    return found


def _time(line: StepTimeLine) -> StepTimeRow:
    return StepTimeRow(
        line.label, line.unit, line.done, number(line.median), line.p90, number(line.term), line.late,
        percent(line.late, line.done),
    )  # fmt: skip


def _share(share: float) -> str:
    return f"{round(share * 100)} %"
