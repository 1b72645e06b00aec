"""What Prefect counted during the performance: runs, resumes, retries."""

from __future__ import annotations

from typing import Any

import httpx

PAGE = 200


def engine_counts(api_url: str) -> dict[str, int]:
    """Flow runs, how often they were resumed, and task runs that were tried again."""
    with httpx.Client(base_url=api_url, timeout=30) as client:
        flows = _all(client, "/flow_runs/filter")
        tasks = _all(client, "/task_runs/filter")
        # Prefect's own run_count does not count a resume: look at the states that each run went through.
        histories = [client.get("/flow_run_states/", params={"flow_run_id": run["id"]}).json() for run in flows]
    return {
        "flow_runs": len(flows),
        "resumes": sum(state["name"] == "Resuming" for history in histories for state in history),
        "task_runs": len(tasks),
        "retries": sum(max(run["run_count"] - 1, 0) for run in tasks),
    }


def _all(client: httpx.Client, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        response = client.post(path, json={"limit": PAGE, "offset": len(found), "sort": "ID_DESC"})
        response.raise_for_status()
        page: list[dict[str, Any]] = response.json()
        found += page
        if len(page) < PAGE:
            return found
