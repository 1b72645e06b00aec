"""The cycle flow: takes in the year's plan and creates its rounds."""

from __future__ import annotations

from prefect import flow

from tasks.planning import import_year_plan


@flow(name="cycle", persist_result=False)
async def cycle(plan_file: str, coordinator: str) -> list[str]:
    """Import the plan of a year (a file on the worker's machine) as `coordinator`; gives the codes of its rounds.

    The same plan again changes nothing. Opening a round stays a person's act (`ocop round open`).
    """
    rounds: list[str] = await import_year_plan(plan_file, coordinator)
    return rounds
