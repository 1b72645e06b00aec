"""Reminders by the calendar of the year: a plan that is missing, the legal cut-offs of the communes' proposals."""

from __future__ import annotations

from prefect import flow

from tasks.reminding import tell_cutoff, tell_missing_plans


@flow(name="plan-reminder", flow_run_name="Nhắc kế hoạch năm", persist_result=False)
async def plan_reminder() -> str:
    """Tell the coordinators of each office that has no plan for the running year; once a quarter."""
    told: int = await tell_missing_plans()
    return f"{told} văn phòng chưa có kế hoạch năm"


@flow(name="legal-cutoff", flow_run_name="Nhắc hạn trước {day}/{month}", persist_result=False)
async def legal_cutoff(month: int, day: int) -> str:
    """Tell coordinators and communes which dossiers are not proposed before this day of the law; once a stage."""
    told: int = await tell_cutoff(month, day)
    return f"{told} hồ sơ chưa được UBND xã đề nghị"
