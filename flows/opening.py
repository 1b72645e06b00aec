"""Opening a round on the morning that its plan names."""

from __future__ import annotations

from prefect import flow

from tasks.planning import open_planned_round


@flow(name="open-round", flow_run_name="Mở đợt theo kế hoạch", persist_result=False)
async def open_round(round_id: int) -> str:
    """Open the round if its plan says so today; twice is once, and a window that is past is told, not opened."""
    became: str = await open_planned_round(round_id)
    return became
