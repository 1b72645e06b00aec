"""One look of the watch at many open items: `python -m benchmarks.watch --items 100000 --overdue 1000 --json`.

SQLite in a temporary folder. The look runs in a process of its own, so that `peak_mb` is the memory of a watch
and not that of filling the database. The items that are not newly overdue: half are not due for long, a quarter is due
later than the reminder, a quarter is late and was told so already, as after years of use.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from deployments.database_upgrade import upgrade
from models.actors import actor
from models.database import engine_for, transaction
from models.enums import ItemStatus, Role, Rung
from models.offices.setup import read_office_file, set_up_office
from models.process.kinds import StepKind
from models.rounds.plan_import import import_plan, read_plan
from models.tables import CyclePlan, Office, Round, RungClaim, WorkItem
from models.work_items.ladder import candidates, climb, last_days
from models.work_items.rungs import DEFAULT_RUNGS, rungs_of
from models.work_items.terms import office_calendar

DEMO = Path(__file__).parents[1] / "deployments" / "demo"
TODAY = date(2024, 7, 24)  # a Wednesday without holidays near it
YESTERDAY = TODAY - timedelta(days=1)
NOW = datetime(2024, 7, 24, 2, tzinfo=UTC)
BATCH = 5_000
BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1024


def main() -> int:
    """Fill, look, print; the last line is the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--overdue", type=int, default=1_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(measure(asked.measure)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/ocop.sqlite"
        fill(url, asked.items, asked.overdue)
        call = [sys.executable, "-m", "benchmarks.watch", "--measure", url]
        done = subprocess.run(call, check=True, capture_output=True, text=True)
    found = {"items": asked.items, "overdue": asked.overdue, **json.loads(done.stdout)}
    if found["told"] != asked.overdue:
        print(f"told {found['told']} instead of {asked.overdue}", file=sys.stderr)
        return 1
    if not asked.json:
        print(*found.pop("plan"), sep="\n")
    print(json.dumps(found, ensure_ascii=False))
    return 0


def fill(url: str, items: int, overdue: int) -> None:
    """The demo's office with `items` open items, `overdue` of which became overdue today."""
    upgrade(url)
    with transaction(url) as session:
        planned = datetime(2024, 2, 23, 2, tzinfo=UTC)
        set_up_office(session, read_office_file(DEMO / "office.yaml"), planned)
        import_plan(
            session,
            read_plan(DEMO / "plan-2024.yaml"),
            actor(session, "dieu-phoi", Role.COORDINATOR, planned.date()),
            planned,
        )
        first = session.scalars(select(Round).order_by(Round.id)).first()
        assert first is not None
        for start in range(0, items, BATCH):
            numbers = range(start, min(start + BATCH, items))
            session.execute(insert(WorkItem), [_item(n, first, overdue) for n in numbers])
            claims = [claim for n in numbers for claim in _claims(n, overdue)]
            if claims:
                session.execute(insert(RungClaim), claims)


def _due(n: int, overdue: int) -> date:
    if n < overdue:
        return YESTERDAY
    days = {0: -30, 1: 15}.get(n % 4, 90)
    return TODAY + timedelta(days=days + n % 7)


def _item(n: int, round_: Round, overdue: int) -> dict[str, Any]:
    return {
        "id": n + 1,
        "key": f"attempt:{n}:commune_assessment:1",
        "subject": f"attempt:{n}",
        "kind": StepKind.COMMUNE_ASSESSMENT,
        "round_id": round_.id,
        "owner_office_id": round_.plan.office_id,
        "role": Role.COMMUNE_OFFICER,
        "status": ItemStatus.OPEN,
        "opened_at": NOW - timedelta(days=60),
        "due_on": _due(n, overdue),
    }


def _claims(n: int, overdue: int) -> list[dict[str, Any]]:
    due = _due(n, overdue)
    rungs = [Rung.DUE_SOON] if n < overdue else list(DEFAULT_RUNGS) if due < TODAY else []
    return [{"item_id": n + 1, "rung": rung, "due_on": due, "claimed_at": NOW} for rung in rungs]


def measure(url: str) -> dict[str, Any]:
    """One look, committed; with the plan of its query."""
    began = time.perf_counter()
    with transaction(url) as session:
        told = sum(1 for _ in climb(session, NOW, TODAY))
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * BYTES_PER_UNIT / 2**20
    with Session(engine_for(url)) as session:
        plan = query_plan(session)
    scans = [line for line in plan if line.startswith("SCAN")]
    return {
        "told": told,
        "plan": plan,
        "table_scans": len(scans),
        "seconds": round(seconds, 3),
        "peak_mb": round(peak, 1),
    }


def query_plan(session: Session) -> list[str]:
    """How SQLite answers the one query for candidates."""
    office = session.scalars(select(Office).join(CyclePlan, CyclePlan.office_id == Office.id)).one()
    query = candidates(last_days(TODAY, office_calendar(office), rungs_of(office)))
    compiled = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    return [str(row[3]) for row in session.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]


if __name__ == "__main__":
    sys.exit(main())
