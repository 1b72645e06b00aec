"""The calendar of a round: its own days, its sessions, legal cut-offs and the deadlines of what is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.enums import ItemStatus, Labelled
from models.process import step_definition
from models.regimes.cutoffs import cutoffs_in_force
from models.regimes.terms import source_in_words
from models.tables import Decision, RenewalCandidate, Round, WorkItem


class DayKind(Labelled):
    """What stands in the calendar of a round."""

    ROUND = "round", "Ngày của đợt"
    SESSION = "session", "Phiên họp hội đồng"
    DECISION = "decision", "Quyết định"
    CUTOFF = "cutoff", "Hạn luật định"
    DEADLINE = "deadline", "Hạn của việc đang mở"
    RENEWAL = "renewal", "Hạn nộp hồ sơ đánh giá lại"


ORDER = list(DayKind)


@dataclass(frozen=True)
class CalendarEntry:
    """One thing on one day. `count`: how many items or certificates; `late`: a deadline that has passed."""

    on: date
    kind: str
    kind_label: str
    title: str
    note: str = ""
    count: int = 1
    late: bool = False


def round_calendar(session: Session, round_: Round, today: date) -> list[CalendarEntry]:
    """Everything dated of a round, by day; deadlines of one step on one day are one entry."""
    entries = [
        *_days(round_),
        *_sessions(round_),
        *_decisions(session, round_),
        *_cutoffs(round_),
        *_deadlines(session, round_, today),
        *_renewals(session, round_),
    ]
    return sorted(entries, key=lambda entry: (entry.on, ORDER.index(DayKind(entry.kind)), entry.title))


def _entry(on: date, kind: DayKind, title: str, note: str = "", count: int = 1, *, late: bool = False) -> CalendarEntry:
    return CalendarEntry(on, kind.value, kind.label, title, note, count, late)


def _days(round_: Round) -> Iterator[CalendarEntry]:
    yield _entry(round_.opens_on, DayKind.ROUND, "Mở đợt, bắt đầu nhận hồ sơ")
    yield _entry(round_.registration_closes_on, DayKind.ROUND, "Ngày cuối nhận hồ sơ")
    if not round_.sessions:
        yield _entry(round_.council_on, DayKind.ROUND, "Hội đồng họp theo kế hoạch")
    yield _entry(round_.closes_on, DayKind.ROUND, "Kết thúc đợt")


def _sessions(round_: Round) -> Iterator[CalendarEntry]:
    for meeting in round_.sessions:
        note = f"{meeting.place} ({meeting.status.label.lower()})"
        yield _entry(meeting.held_on, DayKind.SESSION, f"Hội đồng họp phiên {meeting.number}", note)


def _decisions(session: Session, round_: Round) -> Iterator[CalendarEntry]:
    for decision in session.scalars(select(Decision).where(Decision.round_id == round_.id).order_by(Decision.id)):
        yield _entry(decision.signed_on, DayKind.DECISION, f"Ký quyết định {decision.number}", decision.issuer)


def _cutoffs(round_: Round) -> Iterator[CalendarEntry]:
    """Those of the law in force on the day the round opens, that fall into the round."""
    for cutoff in cutoffs_in_force(round_.opens_on):
        if round_.opens_on <= cutoff.last_day <= round_.closes_on:
            title = f"Ngày cuối xã gửi đề nghị (trước {cutoff.name})"
            yield _entry(cutoff.last_day, DayKind.CUTOFF, title, source_in_words(cutoff.source))


def _deadlines(session: Session, round_: Round, today: date) -> Iterator[CalendarEntry]:
    query = (
        select(WorkItem.due_on, WorkItem.kind, func.count())
        .where(WorkItem.round_id == round_.id, WorkItem.status == ItemStatus.OPEN, WorkItem.suspended_on.is_(None))
        .group_by(WorkItem.due_on, WorkItem.kind)
    )
    for due_on, kind, count in session.execute(query):
        definition = step_definition(kind)
        title = f"Hạn «{definition.label}»: {count} việc"
        yield _entry(due_on, DayKind.DEADLINE, title, definition.todo, count, late=due_on < today)


def _renewals(session: Session, round_: Round) -> Iterator[CalendarEntry]:
    query = (
        select(RenewalCandidate.file_by, func.count())
        .where(RenewalCandidate.round_id == round_.id, RenewalCandidate.closed_on.is_(None))
        .group_by(RenewalCandidate.file_by)
    )
    for file_by, count in session.execute(query):
        yield _entry(file_by, DayKind.RENEWAL, f"Hạn nộp hồ sơ đánh giá lại: {count} giấy chứng nhận", count=count)
