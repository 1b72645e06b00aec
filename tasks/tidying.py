"""Forgetting what nobody will ask for again: drafts that were left."""

from __future__ import annotations

from models.database import transaction
from models.drafts import sweep_drafts
from models.office_clock import clock_for
from models.settings import settings
from tasks.base import domain_task


@domain_task("bo-ban-nhap-cu")
async def forget_old_drafts() -> int:
    """Drop drafts untouched for longer than `OCOP_DRAFT_DAYS`; how many.

    Raises:
        RetryableError: the database is busy; the task is tried again.
    """
    found = settings()
    with transaction() as session:
        return sweep_drafts(session, clock_for(session, found).now(), found.draft_days)
