"""The nightly tidying."""

from __future__ import annotations

from prefect import flow

from tasks.tidying import forget_old_drafts


@flow(name="tidying", flow_run_name="Dọn bản nháp cũ", persist_result=False)
async def tidying() -> str:
    """Forget drafts that nobody has touched for long; running it twice is harmless."""
    return f"Đã bỏ {await forget_old_drafts()} bản nháp cũ"
