"""Reports as somebody may see them: of the rounds and plans that they see as a whole."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import sees_whole_round
from models.errors import NotFoundError
from models.reports.steering import (
    LateUnit,
    MissedGateLine,
    ReasonLine,
    Recognised,
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

    `stars` counts what was recognised up to the day, `communes` that of the year.
    """

    year: int
    years: list[int]
    progress: dict[str, RoundProgress]
    late: list[LateUnit]
    times: list[StepTimeLine]
    reasons: list[ReasonLine]
    gates: list[MissedGateLine]
    stars: list[StarsLine]
    communes: list[StarsLine]


@dataclass
class Figures:
    """The same, each looked up when it is asked for: a picture needs one of them."""

    session: Session
    today: date
    year: int
    years: list[int]
    rounds: list[Round]

    @cached_property
    def _ids(self) -> list[int]:
        return [round_.id for round_ in self.rounds]

    @cached_property
    def _issued(self) -> list[Recognised]:
        return recognised(self.session, self.today)

    def progress_of(self, round_: Round) -> RoundProgress:
        """Where the dossiers of one of the rounds are."""
        return progress_of(self.session, round_, self.today)

    @cached_property
    def late(self) -> list[LateUnit]:
        """Units with late items."""
        return late_units(open_items(self.session, self._ids), self.today)

    @cached_property
    def times(self) -> list[StepTimeLine]:
        """How long the steps took."""
        return step_times(done_items(self.session, self._ids))

    @cached_property
    def reasons(self) -> list[ReasonLine]:
        """Why dossiers came back."""
        return return_reasons(returned_for(self.session, self._ids))

    @cached_property
    def gates(self) -> list[MissedGateLine]:
        """Gates that products missed."""
        return missed_gates(gates_missed(self.session, self._ids))

    @cached_property
    def stars(self) -> list[StarsLine]:
        """What was recognised, by year."""
        return stars_by_year(self._issued)

    @cached_property
    def communes(self) -> list[StarsLine]:
        """What was recognised in the year, by commune."""
        return [line for line in stars_by_commune(self._issued) if line.year == self.year]


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


def figures(session: Session, capacities: Collection[Capacity], today: date, year: int | None = None) -> Figures:
    """The figures of a year, by default the latest.

    Raises:
        NotFoundError: there are none for them.
    """
    chosen, years, rounds = rounds_of_year(session, capacities, year)
    return Figures(session, today, chosen, years, rounds)


def steering(session: Session, capacities: Collection[Capacity], today: date, year: int | None = None) -> Steering:
    """All figures of a year, by default the latest.

    Raises:
        NotFoundError: there are none for them.
    """
    found = figures(session, capacities, today, year)
    return Steering(
        year=found.year,
        years=found.years,
        progress={round_.title: found.progress_of(round_) for round_ in found.rounds},
        late=found.late,
        times=found.times,
        reasons=found.reasons,
        gates=found.gates,
        stars=found.stars,
        communes=found.communes,
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
