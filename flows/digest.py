"""The daily digest: one message a person with what could wait and the open work."""

from __future__ import annotations

from prefect import flow

from tasks.notifications import make_digest, send_notifications


@flow(name="digest", persist_result=False, validate_parameters=False)
async def digest() -> str:
    """Gather and send; once a person and day, nothing on days off. Running it twice sends nothing twice."""
    made = await make_digest()
    if not made:
        return "Không có bản tổng hợp nào (ngày nghỉ, không có gì để báo, hoặc đã gửi)"
    sent = await send_notifications()
    return f"{made} bản tổng hợp, {sent.sent} thông báo đã gửi"
