"""Reports as somebody may see them: of the rounds and plans that they see as a whole."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import sees_whole_round
from models.errors import NotFoundError
from models.reports.steering import (
    LateUnit,
    MissedGateLine,
    ReasonLine,
    RoundProgress,
    StarsLine,
    StepTimeLine,
    late_units,
    missed_gates,
    return_reasons,
    stars_by_commune,
    stars_by_year,
    step_times,
)
from models.reports.steering_rows import done_items, gates_missed, open_items, progress_of, recognised, returned_for
from models.reports.year import YearReport, year_report
from models.tables import Capacity, Round


@dataclass(frozen=True)
class Steering:
    """The figures by which a year is steered. `years`: those there are figures of; `progress` by title of the round.

    `times` are of each step, `unit_times` of each step and unit. `stars` counts what was recognised up to the day by
    the offices of the rounds, `communes` that of the year.
    """

    year: int
    years: list[int]
    progress: dict[str, RoundProgress]
    late: list[LateUnit]
    times: list[StepTimeLine]
    unit_times: list[StepTimeLine]
    reasons: list[ReasonLine]
    gates: list[MissedGateLine]
    stars: list[StarsLine]
    communes: list[StarsLine]


def whole_rounds(session: Session, capacities: Collection[Capacity]) -> list[Round]:
    """The rounds that these capacities see as a whole, in order of time."""
    query = select(Round).order_by(Round.opens_on, Round.id)
    return [round_ for round_ in session.scalars(query) if sees_whole_round(session, capacities, round_)]


def rounds_of_year(
    session: Session, capacities: Collection[Capacity], year: int | None
) -> tuple[int, list[int], list[Round]]:
    """The year (the latest by default), the years there are, and the rounds of the year.

    Raises:
        NotFoundError: there is none in that year for them.
    """
    rounds = whole_rounds(session, capacities)
    years = sorted({round_.plan.year for round_ in rounds}, reverse=True)
    chosen = year if year is not None else next(iter(years), 0)
    if chosen not in years:
        known = ", ".join(str(one) for one in years) or "chưa có"
        raise NotFoundError(f"Không có số liệu năm {chosen}.", field="year", remedy=f"Các năm có số liệu: {known}.")
    return chosen, years, [round_ for round_ in rounds if round_.plan.year == chosen]


def steering(session: Session, rounds: Collection[Round], years: list[int], today: date) -> Steering:
    """All figures of the rounds of one year (at least one round), which their reader sees as a whole."""
    year = next(round_.plan.year for round_ in rounds)
    ids = [round_.id for round_ in rounds]
    issued = recognised(session, today, {round_.plan.office_id for round_ in rounds})
    done = done_items(session, ids)
    return Steering(
        year=year,
        years=years,
        progress={round_.title: progress_of(session, round_, today) for round_ in rounds},
        late=late_units(open_items(session, ids), today),
        times=step_times(done),
        unit_times=step_times(done, by_unit=True),
        reasons=return_reasons(returned_for(session, ids)),
        gates=missed_gates(gates_missed(session, ids)),
        stars=stars_by_year(issued),
        communes=[line for line in stars_by_commune(issued) if line.year == year],
    )


def visible_year_reports(
    session: Session, capacities: Collection[Capacity], today: date, year: int
) -> list[YearReport]:
    """The report of each plan of the year that they see as a whole.

    Raises:
        NotFoundError: there is none for them.
    """
    _, _, rounds = rounds_of_year(session, capacities, year)
    plans = {round_.plan_id: round_.plan for round_ in rounds}
    return [year_report(session, plan, today) for plan in plans.values()]
