"""The year's plan: from its file into rounds and planned products."""

from __future__ import annotations

from pathlib import Path

from models.actors import actor
from models.database import transaction
from models.enums import Role
from models.office_clock import clock_for
from models.rounds.opening import open_as_planned
from models.rounds.plan_import import import_plan, read_plan
from models.settings import settings
from tasks.base import domain_task


@domain_task("0-nhap-ke-hoach")
async def import_year_plan(plan_file: str, coordinator: str) -> list[str]:
    """Import the plan in one transaction; gives the codes of its rounds.

    Raises:
        InputError, NotFoundError, NotAllowedError: a person's errors, not tried again.
    """
    plan = read_plan(Path(plan_file))
    with transaction() as session:
        clock = clock_for(session, settings())
        who = actor(session, coordinator, Role.COORDINATOR, clock.today())
        row = import_plan(session, plan, who, clock.now())
        session.flush()
        session.refresh(row)
        return [round_.code for round_ in row.rounds]


@domain_task("0-mo-dot")
async def open_planned_round(round_id: int) -> str:
    """Open the round on the ground of its plan; gives what became of it, in words.

    Raises:
        RetryableError: the database is busy; the task is tried again.
    """
    with transaction() as session:
        return open_as_planned(session, round_id, clock_for(session, settings()).now()).label
