"""The year-end report."""

from __future__ import annotations

from prefect import flow

from tasks.reporting import publish_year_reports


@flow(name="year-end-report", flow_run_name="Báo cáo cuối năm", persist_result=False)
async def year_end_report(year: int | None = None) -> str:
    """Report the year (by default the running one) against its plans; again on the same day tells nobody twice."""
    said: list[str] = await publish_year_reports(year)
    return "\n".join(said) or "Chưa có kế hoạch năm để báo cáo"
