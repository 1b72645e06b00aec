"""The notify flow: sends what waits, many messages in one run."""

from __future__ import annotations

from prefect import flow

from tasks.notifications import end_turn, send_notifications


@flow(name="notify", persist_result=False, validate_parameters=False)
async def notify(turn: int = 0) -> str:
    """Send everything that is due; running it twice sends nothing twice. `turn`: its number, from who starts it."""
    sent = await send_notifications()
    if turn:
        end_turn(turn)
    return f"{sent.sent} thông báo đã gửi, {sent.put_off} lần gửi phải lùi lại"
