"""The audit trail as auditors read it: the latest first, filtered, page after page by id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from models.audit_words import act_in_words
from models.clock import VN_TZ
from models.enums import Role
from models.errors import InputError
from models.paging import PageAsked
from models.tables import AuditEntry


@dataclass(frozen=True)
class AuditFilter:
    """Which entries are wanted: of a person, about a subject (`attempt:12`), of an act, of days (both included)."""

    person_id: int | None = None
    subject: str | None = None
    act: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class AuditLine:
    """One act. `what` is the act in words; `by` is none for the system."""

    id: int
    at: datetime
    by: str | None
    capacity: str
    act: str
    what: str
    subject: str
    reason: str
    data: dict[str, Any]


@dataclass(frozen=True)
class AuditPage:
    """Some lines, the latest first; `before` asks for the lines after them, none at the end of the list."""

    lines: list[AuditLine]
    before: int | None


def audit_page(session: Session, wanted: AuditFilter, before: int | None = None, size: int = 50) -> AuditPage:
    """The lines with ids below `before` (the latest when none is given). Entries made meanwhile shift nothing.

    Raises:
        InputError: a size that is none or too large, or days in the wrong order.
    """
    PageAsked(1, size)
    query = select(AuditEntry).where(*_conditions(wanted)).options(joinedload(AuditEntry.actor))
    if before is not None:
        query = query.where(AuditEntry.id < before)
    found = session.scalars(query.order_by(AuditEntry.id.desc()).limit(size + 1)).all()
    more = len(found) > size
    lines = [_line(entry) for entry in found[:size]]
    return AuditPage(lines, lines[-1].id if more else None)


def _conditions(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    if wanted.since is not None and wanted.until is not None and wanted.until < wanted.since:
        raise InputError("Ngày cuối trước ngày đầu.", field="until", remedy="Sửa khoảng ngày cần xem.")
    found: list[ColumnElement[bool]] = []
    if wanted.person_id is not None:
        found.append(AuditEntry.actor_id == wanted.person_id)
    if wanted.subject:
        found.append(AuditEntry.subject == wanted.subject)
    if wanted.act:
        found.append(AuditEntry.act == wanted.act)
    if wanted.since is not None:
        found.append(AuditEntry.at >= _midnight(wanted.since))
    if wanted.until is not None:
        found.append(AuditEntry.at < _midnight(wanted.until + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), VN_TZ)


def _line(entry: AuditEntry) -> AuditLine:
    return AuditLine(
        id=entry.id,
        at=entry.at,
        by=entry.actor.name if entry.actor is not None else None,
        capacity=Role(entry.capacity).label,
        act=entry.act,
        what=act_in_words(entry.act),
        subject=entry.subject,
        reason=entry.reason,
        data=dict(entry.data),
    )
