"""Signs of life of runs that take long, as Prefect's own heartbeat events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from prefect.client.schemas.objects import FlowRun

from tasks.prefect_client import send_events


def send_heartbeats(runs: Sequence[FlowRun]) -> None:
    """Say that these runs are alive.

    Raises:
        RetryableError: Prefect does not answer.
    """
    send_events([_heartbeat(run) for run in runs])


def _heartbeat(run: FlowRun) -> dict[str, Any]:
    deployment = {
        "prefect.resource.id": f"prefect.deployment.{run.deployment_id}",
        "prefect.resource.role": "deployment",
    }
    return {
        "id": str(uuid4()),
        "event": "prefect.flow-run.heartbeat",
        "occurred": datetime.now(UTC).isoformat(),
        "resource": {"prefect.resource.id": f"prefect.flow-run.{run.id}", "prefect.resource.name": run.name},
        "related": [deployment],
        "payload": {},
    }
