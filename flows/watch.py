"""The watch: finds what is due soon or overdue, shows it, and delivers what was left behind."""

from __future__ import annotations

from prefect import flow

from tasks.board import refresh_board
from tasks.notifications import send_notifications
from tasks.sending import waiting
from tasks.watching import (
    find_late_items,
    redeliver_events,
    redeliver_paper_orders,
    redeliver_signals,
    rounds_with_work,
    settle_cut_offs,
    show_late_runs,
)


@flow(name="watch", persist_result=False, validate_parameters=False)
async def watch() -> str:
    """One look at everything that is open. A deadline never fails a run: it is shown and it escalates."""
    await settle_cut_offs()
    climbed = await find_late_items()
    await show_late_runs()
    sent = await redeliver_signals()
    await redeliver_events()
    await redeliver_paper_orders()
    if waiting():
        await send_notifications()
    for round_id in rounds_with_work():
        await refresh_board(round_id)
    return f"{climbed} việc tới bậc nhắc mới, {sent} tín hiệu phát lại"
