"""Starting runs again that failed or fell silent, with a limit; telling the coordinator."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from models.database import transaction
from models.office_clock import clock_for
from models.settings import settings
from models.trouble import tell_run_trouble, tell_worker_away
from tasks.base import domain_task
from tasks.prefect_repairs import Repair, repair


@domain_task("chay-lai-luot-loi")
async def start_again(run_id: str, silent_since: str, most: int, pause_seconds: int) -> str:
    """Start the run again unless it was done `most` times within a day; says what became of it.

    Raises:
        RetryableError: Prefect or the database does not answer; the task is tried again.
    """
    since = datetime.fromisoformat(silent_since) if silent_since else None
    done = repair(UUID(run_id), most, timedelta(seconds=pause_seconds), since)
    if done.repair is not Repair.NOT_NEEDED:
        with transaction() as session:
            tell_run_trouble(
                session,
                run_id,
                done.name,
                done.why,
                again=done.repair is Repair.STARTED_AGAIN,
                number=done.number,
                now=clock_for(session, settings()).now(),
            )
    return f"{done.repair.label}: {done.name}"


@domain_task("bao-tien-trinh-vang")
async def tell_of_absence(pool: str, since: str) -> str:
    """Tell the coordinator since when no worker was there.

    Raises:
        RetryableError: the database is busy; the task is tried again.
    """
    with transaction() as session:
        tell_worker_away(session, pool, datetime.fromisoformat(since), clock_for(session, settings()).now())
    return f"Đã báo: nhóm {pool} vắng từ {since}"
