"""What the machinery does about its own trouble, set off by Prefect's events; deadlines do not hang on it (trap 8)."""

from __future__ import annotations

from prefect import flow

from tasks.trouble import start_again, tell_of_absence


@flow(name="run-trouble", flow_run_name="Chăm sóc lượt chạy lỗi", persist_result=False)
async def run_trouble(run_id: str, silent_since: str = "", most: int = 3, pause_seconds: int = 60) -> str:
    """Start a run again that failed, crashed or fell silent, at most `most` times a day; tell the coordinator.

    `silent_since`: when a run that is still Running gave its last sign of life.
    """
    became: str = await start_again(run_id, silent_since, most, pause_seconds)
    return became


@flow(name="worker-offline", flow_run_name="Báo tiến trình vắng", persist_result=False)
async def worker_offline(pool: str, since: str) -> str:
    """Tell the coordinator that no worker was there: this run itself waited until one came back."""
    told: str = await tell_of_absence(pool, since)
    return told
