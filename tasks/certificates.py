"""The sweep of the certificates as a task: one transaction, nothing kept by the engine."""

from __future__ import annotations

from models.certificates.sweeping import sweep
from models.database import transaction
from models.office_clock import clock_for
from models.settings import settings
from tasks.base import domain_task


@domain_task("quet-giay-chung-nhan")
async def sweep_certificates() -> int:
    """How many certificates passed a milestone since the last look.

    Raises:
        RetryableError: the database is busy; the task is tried again.
    """
    with transaction() as session:
        return len(sweep(session, clock_for(session, settings()).now()))
