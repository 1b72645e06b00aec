"""Our deployments in Prefect; making them again changes nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flows.cycle import cycle
from flows.digest import digest
from flows.dossier import dossier
from flows.notify import notify
from flows.round import evaluation_round
from flows.watch import watch
from tasks.prefect_client import ensure_deployment
from tasks.watching import POOL
from tasks.worker_pool import IN_PROCESS

NAME = "ocop"
WATCH_EVERY = timedelta(minutes=5)


def deploy(
    pool: str = POOL, *, kind: str = IN_PROCESS, env: dict[str, str] | None = None, scheduled: bool = True
) -> dict[str, UUID]:
    """Make the deployments on a pool; gives their ids by the name of the flow."""
    flows = (cycle, evaluation_round, dossier, watch, notify, digest)
    return {
        flow.name: ensure_deployment(
            flow,
            NAME,
            pool,
            kind=kind,
            env=env,
            tags=["ocop"],
            every=WATCH_EVERY if scheduled and flow is watch else None,
        )
        for flow in flows
    }
