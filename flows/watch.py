"""The watch: finds what is due soon or overdue, shows it, and delivers signals that were left behind."""

from __future__ import annotations

from prefect import flow

from tasks.board import publish_board
from tasks.watching import find_late_items, redeliver_events, redeliver_signals, show_late_runs


@flow(name="watch", persist_result=False, validate_parameters=False)
async def watch() -> str:
    """One look at everything that is open. A deadline never fails a run: it is shown and it escalates."""
    late = await find_late_items()
    if late:
        await show_late_runs(late)
    sent = await redeliver_signals()
    await redeliver_events()
    for round_id in sorted({one.round_id for one in late}):
        await publish_board(round_id)
    return f"{len(late)} việc tới bậc nhắc mới, {sent} tín hiệu phát lại"
