"""The papers flow: makes anew what a correction changed on paper; one correction is one run."""

from __future__ import annotations

from prefect import flow

from tasks.documents import papers_after_correction


@flow(name="papers", persist_result=False, validate_parameters=False)
async def papers(item_id: int) -> str:
    """Make what shows the step anew; running it twice makes nothing twice. `item_id`: the step that was corrected."""
    return f"{await papers_after_correction(item_id)} giấy tờ đã làm lại"
