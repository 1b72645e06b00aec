"""Forgetting what nobody will ask for again: drafts that were left, answers given long ago, sessions that are over."""

from __future__ import annotations

from models import idempotency
from models.accounts import sessions
from models.clock import SystemClock
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


@domain_task("bo-cau-tra-loi-cu")
async def forget_old_answers() -> int:
    """Drop answers to acts that are given no more (`retention.yaml`), by the office's time; how many.

    Raises:
        RetryableError: the database is busy; the task is tried again.
    """
    with transaction() as session:
        return idempotency.forget_old(session, clock_for(session, settings()).now())


@domain_task("bo-phien-dang-nhap-cu")
async def forget_old_sessions() -> int:
    """Drop sessions that are long over (`retention.yaml`), by the clock on the wall as all sessions; how many.

    Raises:
        RetryableError: the database is busy; the task is tried again.
    """
    with transaction() as session:
        return sessions.forget_over(session, SystemClock().now())
