"""Reminders by the calendar of the year, as tasks: one transaction each, told once."""

from __future__ import annotations

from models.database import transaction
from models.dossiers.proposals import tell_unproposed
from models.office_clock import clock_for
from models.rounds import missing_plans
from models.settings import settings
from tasks.base import domain_task


@domain_task("nhac-ke-hoach-nam")
async def tell_missing_plans() -> int:
    """How many offices have no plan for the year.

    Raises:
        RetryableError: the database is busy; the task is tried again.
    """
    with transaction() as session:
        return len(missing_plans.tell_missing_plans(session, clock_for(session, settings()).now()))


@domain_task("nhac-han-luat-dinh")
async def tell_cutoff(month: int, day: int) -> int:
    """How many dossiers are not proposed before that day of the law.

    Raises:
        RetryableError: the database is busy; the task is tried again.
    """
    with transaction() as session:
        told = tell_unproposed(session, month, day, clock_for(session, settings()).now())
        return len(told.attempts) if told is not None else 0
