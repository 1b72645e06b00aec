"""The nightly tidying."""

from __future__ import annotations

from prefect import flow

from tasks.tidying import forget_old_answers, forget_old_drafts, forget_old_sessions


@flow(name="tidying", flow_run_name="Dọn dữ liệu tạm đã cũ", persist_result=False)
async def tidying() -> str:
    """Forget what nobody will ask for again; running it twice is harmless."""
    drafts, answers, over = await forget_old_drafts(), await forget_old_answers(), await forget_old_sessions()
    return f"Đã bỏ {drafts} bản nháp, {answers} câu trả lời của API và biểu mẫu, {over} phiên đăng nhập đã cũ"
