"""A database as large as a province's after years: `python -m benchmarks.portal_data FILE --dossiers 10000`.

The demo's office with its people; per 100 dossiers there are 500 work items, 120 of them open:

| of 100 | where they are                              | open items          |
|-------:|---------------------------------------------|---------------------|
|     25 | in the round that takes dossiers            | one each            |
|      9 | before the council                          | one and seven sheets|
|     10 | returned, or not proposed by the commune    | none                |
|     37 | recognised in past rounds, with certificate | 23 inspections      |
|     19 | evaluated in past rounds, not recognised    | none                |

Rows go in by bulk inserts; each looks as the domain's own calls would have left it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from benchmarks.portal_rows import Cast, Rows, rows_of_dossier
from benchmarks.watch import DEMO
from deployments.database_upgrade import upgrade
from models.actors import actor
from models.database import transaction
from models.enums import Role, RoundStatus
from models.offices.setup import read_office_file, set_up_office
from models.rounds.plan_import import import_plan, read_plan
from models.tables import Base, Capacity, Council, CouncilSession, CyclePlan, Decision, Office, Place, Round

TODAY = date(2025, 6, 18)  # a Wednesday without holidays near it
NOW = datetime(2025, 6, 18, 2, tzinfo=UTC)
BATCH = 1_000
PLANNED = datetime(2024, 2, 23, 2, tzinfo=UTC)


@dataclass(frozen=True)
class RoundDays:
    """The days of one more round, with how far it is."""

    year: int
    number: int
    opens_on: date
    status: RoundStatus


MORE_ROUNDS = (
    RoundDays(2023, 1, date(2023, 3, 1), RoundStatus.CLOSED),
    RoundDays(2023, 2, date(2023, 6, 1), RoundStatus.CLOSED),
    RoundDays(2023, 3, date(2023, 8, 15), RoundStatus.CLOSED),
    RoundDays(2025, 1, date(2025, 2, 10), RoundStatus.EVALUATING),
    RoundDays(2025, 2, date(2025, 5, 12), RoundStatus.OPEN),
    RoundDays(2025, 3, date(2025, 9, 1), RoundStatus.PLANNED),
)


def main() -> int:
    """Fill the file named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--dossiers", type=int, default=10_000)
    asked = parser.parse_args()
    began = time.perf_counter()
    fill(f"sqlite:///{asked.file}", asked.dossiers)
    print(f"{asked.dossiers} dossiers in {time.perf_counter() - began:.1f} s")
    return 0


def fill(url: str, dossiers: int) -> None:
    """The demo's office with so many dossiers and all that belongs to them."""
    upgrade(url)
    with transaction(url) as session:
        set_up_office(session, read_office_file(DEMO / "office.yaml"), PLANNED)
        who = actor(session, "dieu-phoi", Role.COORDINATOR, PLANNED.date())
        import_plan(session, read_plan(DEMO / "plan-2024.yaml"), who, PLANNED)
        cast = _cast(session)
        for start in range(0, dossiers, BATCH):
            _insert(session, _rows(cast, range(start, min(start + BATCH, dossiers))))


def _rows(cast: Cast, numbers: range) -> Iterator[Rows]:
    for number in numbers:
        yield rows_of_dossier(cast, number)


def _insert(session: Session, found: Iterator[Rows]) -> None:
    by_table: dict[type[Base], list[dict[str, Any]]] = {}
    for rows in found:
        for table, row in rows:
            by_table.setdefault(table, []).append(row)
    order = {table: place for place, table in enumerate(Base.metadata.sorted_tables)}
    for table in sorted(by_table, key=lambda table: order[table.__table__]):  # type: ignore[index]
        session.execute(insert(table), by_table[table])


def _cast(session: Session) -> Cast:
    """Who and what the rows refer to: offices, people, rounds with their sessions and decisions."""
    rounds = _rounds(session)
    council = session.scalars(select(Council)).one()
    offices = {office.code: office.id for office in session.scalars(select(Office))}
    communes = session.execute(
        select(Place.id, Office.id, Capacity.person_id)
        .join(Office, Office.place_id == Place.id)
        .join(Capacity, Capacity.office_id == Office.id)
        .where(Capacity.role == Role.COMMUNE_OFFICER)
        .order_by(Place.id)
    ).all()
    people = {
        role: person
        for person, role in session.execute(select(Capacity.person_id, Capacity.role).order_by(Capacity.id.desc()))
    }
    past = [round_ for round_ in rounds if round_.status is RoundStatus.CLOSED]
    (council_round,) = [round_ for round_ in rounds if round_.status is RoundStatus.EVALUATING]
    (current,) = [round_ for round_ in rounds if round_.status is RoundStatus.OPEN]
    held = [*past, council_round]
    meetings = {
        r.id: CouncilSession(round=r, council=council, number=1, held_on=r.council_on, place="Hội trường") for r in held
    }
    decisions = {r.id: _decision(r) for r in past}
    session.add_all([*meetings.values(), *decisions.values()])
    session.flush()
    return Cast(
        today=TODAY,
        now=NOW,
        past=past,
        council=council_round,
        current=current,
        office=offices["vpdp"],
        offices=offices,
        communes=[(place, office, person) for place, office, person in communes],
        people=people,
        members=[(seat.id, seat.person_id) for seat in council.members],
        sessions={round_id: meeting.id for round_id, meeting in meetings.items()},
        decisions={round_id: (decision.id, decision.number) for round_id, decision in decisions.items()},
    )


def _rounds(session: Session) -> list[Round]:
    plan = session.scalars(select(CyclePlan)).one()
    for round_ in plan.rounds:
        round_.status = RoundStatus.CLOSED
    plans = {plan.year: plan}
    for days in MORE_ROUNDS:
        year = plans.get(days.year) or CyclePlan(
            home=plan.home, year=days.year, authority=plan.authority, targets=plan.targets, imported_at=PLANNED
        )
        plans[days.year] = year
        session.add(_round(year, days))
    session.flush()
    return list(session.scalars(select(Round).order_by(Round.opens_on)))


def _round(plan: CyclePlan, days: RoundDays) -> Round:
    return Round(
        plan=plan,
        code=f"{days.year}-{days.number}",
        number=days.number,
        opens_on=days.opens_on,
        registration_closes_on=days.opens_on + timedelta(days=45),
        council_on=days.opens_on + timedelta(days=75),
        closes_on=days.opens_on + timedelta(days=100),
        status=days.status,
    )


def _decision(round_: Round) -> Decision:
    return Decision(
        round_id=round_.id,
        level="district",
        issuer="UBND huyện Thọ Xuân",
        number=f"{1000 + round_.id}/QĐ-UBND",
        signed_on=round_.closes_on - timedelta(days=7),
        signer="Nguyễn Quang Minh",
    )


if __name__ == "__main__":
    sys.exit(main())
