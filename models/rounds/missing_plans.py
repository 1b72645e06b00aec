"""Offices that evaluate products without a plan for the year: their coordinators are reminded once a quarter."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import outbox
from models.clock import vn_date
from models.enums import OfficeKind, OutboxKind, Role
from models.tables import Capacity, CyclePlan, Office

MONTHS_IN_QUARTER = 3


def quarter_of(day: date) -> int:
    """The quarter (1-4) of a day: without a plan a year has four rounds by default, one a quarter [ours]."""
    return (day.month - 1) // MONTHS_IN_QUARTER + 1


def offices_without_plan(session: Session, today: date) -> list[Office]:
    """The coordination offices that have a coordinator today and no plan for the year."""
    planned = select(CyclePlan.office_id).where(CyclePlan.year == today.year)
    query = select(Office).where(Office.kind == OfficeKind.COORDINATION, Office.id.not_in(planned)).order_by(Office.id)
    return [office for office in session.scalars(query) if _has_coordinator(session, office, today)]


def tell_missing_plans(session: Session, now: datetime) -> list[Office]:
    """Tell the coordinators of those offices, once a quarter. No round is invented: its dates are theirs [ours]."""
    today = vn_date(now)
    offices = offices_without_plan(session, today)
    for office in offices:
        _tell(session, office, today)
    return offices


def _has_coordinator(session: Session, office: Office, today: date) -> bool:
    query = select(Capacity).where(Capacity.office_id == office.id, Capacity.role == Role.COORDINATOR)
    return any(capacity.holds_on(today) for capacity in session.scalars(query))


def _tell(session: Session, office: Office, today: date) -> None:
    quarter = quarter_of(today)
    text = (
        f"{office.name} chưa có kế hoạch năm {today.year} trong hệ thống, nên không có đợt nào được mở "
        f"trong quý {quarter}. Thông thường mỗi quý một đợt. Hãy nhập kế hoạch: ocop plan import TỆP."
    )
    facts = {"what": "round-without-plan", "office": office.id, "year": today.year, "quarter": quarter}
    outbox.put(
        session,
        OutboxKind.NOTIFICATION,
        f"notify:office:{office.id}:round-without-plan:{today.year}-q{quarter}",
        facts | {"text": text, "to": [Role.COORDINATOR.value]},
    )
