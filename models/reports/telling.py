"""Telling coordinators and leaders that the report of a year is there."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models import outbox
from models.enums import OutboxKind, Role
from models.offices.owning import whose_plan
from models.reports.year import YearReport
from models.tables import CyclePlan


def tell_report(session: Session, plan: CyclePlan, report: YearReport) -> None:
    """Leave the notification `year-report` for coordinators and leaders, once for each day that a report is made."""
    whose = whose_plan(report.office, report.made_by)
    text = f"Báo cáo cuối năm của {whose}. {report.summary} Xem đầy đủ: ocop report year {report.year}."
    facts = {"what": "year-report", "plan": plan.id, "year": report.year, "on": report.on.isoformat()}
    outbox.put(
        session,
        OutboxKind.NOTIFICATION,
        f"notify:plan:{plan.id}:year-report:{report.on}",
        facts | {"text": text, "to": [Role.COORDINATOR.value, Role.LEADER.value]},
    )
