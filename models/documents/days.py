"""The day that an undated paper speaks of: that of the step which it belongs to, so that it stays as it was made.

Without it a draft that nobody touched would name another year, and another law, after New Year's Day.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.clock import vn_date
from models.documents.kinds import Kind, Of
from models.subjects import attempt_subject, round_subject
from models.tables import WorkItem


def day_of(session: Session, kind: Kind, subject: Any, today: date) -> date:
    """The last day on which a step that makes this paper closed, or opened; `today` while there was none [ours]."""
    if kind.of is Of.ITEM:
        return vn_date(subject.closed_at) if subject.closed_at is not None else today
    if kind.of is Of.ATTEMPT and not kind.made:
        return subject.received_on  # type: ignore[no-any-return]
    if kind.of is Of.RENEWAL and subject.closed_on is None:
        return today  # a notice that waits to be sent speaks of the day on which it goes out
    case = _case_of(kind, subject)
    if not kind.made or case is None:
        return today
    items = select(WorkItem).where(WorkItem.subject == case, WorkItem.kind.in_(kind.made))
    days = [_day(kind, item) for item in session.scalars(items)]
    return max((day for day in days if day is not None), default=today)


def _case_of(kind: Kind, subject: Any) -> str | None:
    """The case whose steps make the paper; none for papers that are dated by what they are of."""
    cases = {
        Of.ROUND: lambda: round_subject(subject.id),
        Of.ROUND_COMMUNE: lambda: round_subject(subject[0].id),
        Of.MEETING: lambda: round_subject(subject.round_id),
        Of.ATTEMPT: lambda: attempt_subject(subject.id),
        Of.RENEWAL: lambda: str(subject.subject),
        Of.REVOCATION: lambda: str(subject.subject),
    }
    return cases[kind.of]() if kind.of in cases else None


def _day(kind: Kind, item: WorkItem) -> date | None:
    if item.closed_at is not None and kind.made_at(item.kind, "closed"):
        return vn_date(item.closed_at)
    return vn_date(item.opened_at) if kind.made_at(item.kind, "opened") else None
