"""What the watch does: claims the rungs of late items, shows lateness in Prefect, delivers what was left behind."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from deployments.prefect_client import rename_waiting
from models.database import transaction
from models.enums import Rung
from models.office_clock import clock_for
from models.process import step_definition
from models.settings import settings
from models.steps.cases import load_case, tags_at
from models.tables import EngineRun
from models.work_items.ladder import climb
from tasks.base import domain_task
from tasks.events import deliver_events
from tasks.signals import deliver_signals, reconcile


@dataclass(frozen=True)
class Late:
    """One item that climbed a rung: what its run is to show."""

    subject: str
    round_id: int
    rung: Rung
    run_id: str | None
    state_name: str
    tags: list[str]


@domain_task("tim-viec-qua-han")
async def find_late_items() -> list[Late]:
    """Claim every rung that was newly reached; events and notifications go to the outbox, once each."""
    with transaction() as session:
        clock = clock_for(session, settings())
        today = clock.today()
        found = []
        for climbed in climb(session, clock.now(), today):
            item = climbed.item
            if item.subject.startswith("sheet:"):
                continue
            run = session.scalar(select(EngineRun.flow_run_id).where(EngineRun.subject == item.subject))
            case = load_case(session, item.subject)
            late = item.due_on < today
            name = step_definition(item.kind).waiting
            found.append(
                Late(
                    item.subject,
                    item.round_id,
                    climbed.rung,
                    run,
                    f"Quá hạn: {name}" if late else name,
                    tags_at(case, item.kind, item.due_on, today),
                )
            )
        return found


@domain_task("hien-thi-qua-han")
async def show_late_runs(late: list[Late]) -> int:
    """Give the waiting runs the state name `Quá hạn: …` and the tag; *Resume* keeps working."""
    shown = 0
    for one in late:
        if one.run_id is not None and one.state_name.startswith("Quá hạn"):
            shown += rename_waiting(UUID(one.run_id), one.state_name, one.tags)
    return shown


@domain_task("phat-lai-tin-hieu")
async def redeliver_signals() -> int:
    """Deliver signals that were refused or lost, restart runs that Prefect no longer knows."""
    reconcile()
    return deliver_signals()


@domain_task("phat-lai-su-kien")
async def redeliver_events() -> int:
    """Send to Prefect's event feed what the dispatcher could not send."""
    return deliver_events()
