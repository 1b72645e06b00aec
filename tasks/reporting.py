"""The year-end report: made, shown as a table in Prefect's UI, told."""

from __future__ import annotations

from typing import Any

from prefect.artifacts import acreate_table_artifact

from models.database import transaction
from models.errors import NotFoundError
from models.office_clock import clock_for
from models.reports.telling import tell_report
from models.reports.year import YearReport, plans_of, year_report
from models.settings import settings
from tasks.base import domain_task
from tasks.board import plain


@domain_task("bao-cao-cuoi-nam")
async def publish_year_reports(year: int | None) -> list[str]:
    """Make the report of each plan of the year (by default the running one); gives what each says in short.

    Raises:
        RetryableError: the database is busy; the task is tried again.
    """
    with transaction() as session:
        today = clock_for(session, settings()).today()
        try:
            plans = plans_of(session, year or today.year)
        except NotFoundError:
            return []  # `plan-reminder` tells of it
        made = [(plan, year_report(session, plan, today)) for plan in plans]
        for plan, report in made:
            tell_report(session, plan, report)
        keys = [f"ocop-{report.year}-bao-cao-nam-{plan.id}" for plan, report in made]
    for key, (_, report) in zip(keys, made, strict=True):
        await acreate_table_artifact(table=printed(report), key=key, description=f"{report.office}. {report.summary}")
    return [report.summary for _, report in made]


def printed(report: YearReport) -> list[dict[str, Any]]:
    """The report as the lines of one table."""
    lines = [
        *(
            ("Chỉ tiêu", f"{s.stars} sao", f"{s.recognised} sản phẩm", f"ít nhất {s.target}" if s.target else "")
            for s in report.stars
        ),
        *(
            (
                "Đợt",
                f"{r.title} ({r.status_label})",
                f"{r.handed_in} hồ sơ, {r.recognised} sản phẩm được công nhận",
                f"{r.planned} sản phẩm",
            )
            for r in report.rounds
        ),
        *(("Hồ sơ", e.label, f"{e.dossiers} hồ sơ", "") for e in report.ends),
        *(
            ("Được công nhận", f"{p.product} · {p.commune}", f"{p.stars} sao · {p.decision_number}", "")
            for p in report.recognised
        ),
        *(
            ("Trễ hạn", t.unit, f"{t.closed_late} việc xong muộn, {t.still_late} việc còn quá hạn", "")
            for t in report.late
        ),
        *(
            ("Sắp hết hiệu lực", f"{c.product} · {c.commune}", f"{c.stars} sao, đến {c.valid_until:%d/%m/%Y}", "")
            for c in report.ending
        ),
    ]
    names = ("Mục", "Nội dung", "Kết quả", "Kế hoạch")
    return [dict(zip(names, map(plain, line), strict=True)) for line in lines]
