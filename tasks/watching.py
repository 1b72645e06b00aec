"""What the watch does: claims the rungs of late items, shows lateness in Prefect, delivers what was left behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.database import reading, transaction
from models.enums import ItemStatus
from models.office_clock import clock_for
from models.rounds.carrying import settle_carries
from models.settings import settings
from models.steps.cases import load_case, tags_at, waiting_message, waiting_name
from models.tables import EngineRun, WorkItem
from models.work_items.ladder import climb
from models.work_items.limiting import hold_all_to_limits
from tasks.base import domain_task
from tasks.events import deliver_events
from tasks.paper_orders import deliver_paper_orders
from tasks.prefect_client import read_run, rename_waiting, reschedule_orphans
from tasks.signals import deliver_signals, reconcile

POOL = "ocop"
HANGING_AFTER = timedelta(minutes=5)
"""Our runs take seconds; one that is under way for so long lost its process [ours]."""


@dataclass(frozen=True)
class Waiting:
    """What the run that waits for one item is to show today."""

    run_id: UUID
    state_name: str
    message: str
    tags: list[str]


@domain_task("tim-viec-qua-han")
async def find_late_items() -> int:
    """Claim every rung that was newly reached; events and notifications go to the outbox, once each."""
    with transaction() as session:
        clock = clock_for(session, settings())
        return len(list(climb(session, clock.now(), clock.today())))


@domain_task("chuyen-dot-va-han-chuyen-tiep")
async def settle_cut_offs() -> int:
    """Carry on what missed its council, move what waited for a next round, hold due dates to transition limits."""
    with transaction() as session:
        now = clock_for(session, settings()).now()
        return settle_carries(session, now) + hold_all_to_limits(session, now)


@domain_task("hien-thi-qua-han")
async def show_late_runs() -> int:
    """Give late runs the state name `Quá hạn: …` and the tag, take both from those that were given more days.

    Compared with what Prefect shows, not remembered: a run that was rebuilt, or not reached the last time, is
    put right at the next look. *Resume* keeps working.
    """
    with reading() as session:
        wanted = _to_show(session, clock_for(session, settings()).today())
    return sum(_show(one) for one in wanted)


def _to_show(session: Session, today: date) -> list[Waiting]:
    # An open item has another version than the first only when it was extended.
    query = (
        select(WorkItem, EngineRun.flow_run_id)
        .join(EngineRun, EngineRun.subject == WorkItem.subject)
        .where(
            WorkItem.status == ItemStatus.OPEN,
            or_(WorkItem.due_on < today, WorkItem.version > 1),
        )
        .order_by(WorkItem.due_on, WorkItem.id)
    )
    # A case may wait for several people at once: its run shows who is most late.
    most_urgent: dict[str, WorkItem] = {}
    for item, run_id in session.execute(query):
        if run_id:
            most_urgent.setdefault(run_id, item)
    return [_waiting(session, item, run_id, today) for run_id, item in most_urgent.items()]


def _waiting(session: Session, item: WorkItem, run_id: str, today: date) -> Waiting:
    return Waiting(
        UUID(run_id),
        waiting_name(item.kind, item.due_on, today),
        waiting_message(item.kind, item.due_on),
        tags_at(load_case(session, item.subject), item.kind, item.due_on, today),
    )


def _show(one: Waiting) -> bool:
    run = read_run(one.run_id)
    if run is None or not run.waiting:
        return False
    # A message without a due date is the reason of a refusal, which must stay.
    message = one.message if " Hạn: " in run.message else run.message
    if (run.state_name, run.message, set(run.tags)) == (one.state_name, message, set(one.tags)):
        return False
    return rename_waiting(one.run_id, one.state_name, one.tags, message)


@domain_task("phat-lai-tin-hieu")
async def redeliver_signals() -> int:
    """Deliver signals that were refused or lost, restart runs that Prefect no longer knows or that hang."""
    reschedule_orphans(POOL, HANGING_AFTER)
    reconcile()
    return deliver_signals()


def rounds_with_work() -> list[int]:
    """The rounds in which somebody is waited for: their boards change with the day."""
    with reading() as session:
        query = select(WorkItem.round_id).where(WorkItem.status == ItemStatus.OPEN).distinct()
        return sorted(round_id for round_id in session.scalars(query) if round_id is not None)


@domain_task("phat-lai-su-kien")
async def redeliver_events() -> int:
    """Send to Prefect's event feed what the dispatcher could not send."""
    return deliver_events()


@domain_task("phat-lai-giay-to")
async def redeliver_paper_orders() -> int:
    """Start the runs for papers after corrections that the dispatcher could not start."""
    return deliver_paper_orders()
