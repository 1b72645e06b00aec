"""Our deployments and their schedules in Prefect; made again they stay the same, and what a person changed stays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from deployments.keeping import Facts, Standing, decide
from deployments.remembering import recall, remember
from deployments.scheduled import Scheduled, load_scheduled
from deployments.wanted import Wanted, wanted_schedules
from models.database import reading
from models.office_clock import clock_for
from models.settings import settings
from tasks.prefect_client import ensure_deployment
from tasks.prefect_schedules import (
    Shown,
    change_schedule,
    create_schedule,
    delete_schedule,
    read_schedules,
    schedule_facts,
)
from tasks.watching import POOL
from tasks.worker_pool import IN_PROCESS

NAME = "ocop"
SENT = "prefect-schedules"


@dataclass(frozen=True)
class ScheduleLine:
    """One schedule after deploying: what Prefect has now (`None` when it is gone) and how it came to stand so."""

    flow: str
    slug: str
    facts: Facts | None
    standing: Standing


@dataclass(frozen=True)
class Deployed:
    """What deploying did: the ids of the deployments by the name of the flow, and their schedules."""

    ids: dict[str, UUID]
    schedules: list[ScheduleLine] = field(default_factory=list)


def deploy(
    pool: str = POOL,
    *,
    kind: str = IN_PROCESS,
    env: dict[str, str] | None = None,
    scheduled: bool = True,
    reset: bool = False,
    data: Scheduled | None = None,
) -> Deployed:
    """Make the deployments on a pool, and their schedules unless told otherwise.

    `reset` puts back the schedules that a person changed or deleted in Prefect.

    Raises:
        RetryableError: Prefect does not answer.
    """
    data = data or load_scheduled()
    ids = {
        flow.name: ensure_deployment(flow, NAME, pool, kind=kind, env=env, tags=["ocop"], description=entry.about)
        for entry, flow in ((entry, entry.flow()) for entry in data.flows)
    }
    return Deployed(ids, keep_schedules(ids, data, reset=reset) if scheduled else [])


def keep_schedules(ids: dict[str, UUID], data: Scheduled | None = None, *, reset: bool = False) -> list[ScheduleLine]:
    """Bring the schedules of the deployments to what the data ask for today."""
    data = data or load_scheduled()
    with reading() as session:
        wanted = wanted_schedules(session, clock_for(session, settings()), data)
        sent = recall(session, SENT)
    lines = [line for flow, deployment in ids.items() for line in _keep(flow, deployment, wanted, sent, reset)]
    live = {str(deployment) for deployment in ids.values()}
    forgotten = {key: None for key in sent if key.partition("/")[0] not in live}
    remember(SENT, forgotten | {f"{ids[line.flow]}/{line.slug}": _sent(line, ids, sent) for line in lines})
    return [line for line in lines if line.facts is not None or line.standing is not Standing.REMOVED]


def _keep(flow: str, deployment: UUID, wanted: list[Wanted], sent: dict[str, Any], reset: bool) -> list[ScheduleLine]:
    ours = {w.slug: schedule_facts(w.schedule, w.parameters) for w in wanted if w.flow == flow}
    # Under the deployment's id: when Prefect's database was lost it is another, and nothing was sent yet.
    known = {key.partition("/")[2]: facts for key, facts in sent.items() if key.startswith(f"{deployment}/")}
    shown = read_schedules(deployment)
    lines = []
    for slug in dict.fromkeys([*ours, *shown, *known]):
        there = shown.get(slug)
        standing = decide(ours.get(slug), known.get(slug), there.facts if there else None, reset=reset)
        if standing is not None:
            lines.append(_act(flow, deployment, slug, standing, ours.get(slug), there))
    return lines


def _act(
    flow: str, deployment: UUID, slug: str, standing: Standing, wanted: Facts | None, there: Shown | None
) -> ScheduleLine:
    now: Facts | None = there.facts if there else None
    if standing is Standing.CREATED and wanted is not None:
        create_schedule(deployment, slug, wanted)
        now = wanted
    elif standing is Standing.UPDATED and wanted is not None and there is not None:
        change_schedule(deployment, there.id, wanted)
        now = wanted
    elif standing is Standing.REMOVED and there is not None:
        delete_schedule(deployment, there.id)
        now = None
    return ScheduleLine(flow, slug, now, standing)


def _sent(line: ScheduleLine, ids: dict[str, UUID], before: dict[str, Any]) -> Facts | None:
    """What we sent last: `None` forgets it."""
    if line.standing in {Standing.CHANGED_BY_PERSON, Standing.DELETED_BY_PERSON}:
        return before.get(f"{ids[line.flow]}/{line.slug}") or {}
    return line.facts
