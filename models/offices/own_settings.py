"""What an office sets for itself: its terms, the ladder of reminders, its days off. Each with what it would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit
from models.actors import Actor
from models.calendar.office_days import OfficeDays
from models.clock import vn_date
from models.enums import ItemStatus, Role, Rung
from models.errors import FinalError, InputError, NotAllowedError, NotFoundError
from models.forms import read_form
from models.regimes import Term, TermKey, regimes
from models.tables import Office, WorkItem
from models.work_items.ladder import rungs_of, rungs_reached
from models.work_items.opening import due_by_ledger
from models.work_items.queries import ItemRow, item_row
from models.work_items.terms import OwnTerm, office_calendar

TERMS, RUNGS, CALENDAR = "terms", "rungs", "calendar"


@dataclass(frozen=True)
class TermLine:
    """One step's term in one office: its own, where it has one; `by_law`: the regimes whose term it cannot change."""

    key: TermKey
    own: OwnTerm | None
    regimes: list[tuple[str, Term]]

    @property
    def by_law(self) -> list[tuple[str, Term]]:
        """The regimes that fix the term."""
        return [(code, term) for code, term in self.regimes if term.is_law]

    @property
    def is_fixed(self) -> bool:
        """Whether no regime leaves it to the office."""
        return bool(self.regimes) and len(self.by_law) == len(self.regimes)


@dataclass(frozen=True)
class ItemChange:
    """What a setting would change about one open item: a new due date, or the rung that is told at once."""

    item: ItemRow
    due_on: date | None = None
    rung: Rung | None = None

    @property
    def words(self) -> str:
        """The change as people read it."""
        if self.due_on is not None:
            return f"hạn {self.item.due_on:%d/%m/%Y} thành {self.due_on:%d/%m/%Y}"
        return f"báo ngay «{self.rung.label}»" if self.rung is not None else ""


def may_set(who: Actor, office: Office) -> bool:
    """Whether who acts may change what the office sets: its coordinator, or an administrator (domain.md §9)."""
    return who.role is Role.ADMINISTRATOR or (who.role is Role.COORDINATOR and who.office_id == office.id)


def check_may_set(who: Actor, office: Office) -> None:
    """Refuse everybody else.

    Raises:
        NotAllowedError: neither a coordinator of this office nor an administrator.
    """
    if not may_set(who, office):
        raise NotAllowedError(
            f"Không được sửa cài đặt của {office.name}.",
            field="actor",
            remedy="Cán bộ điều phối của văn phòng hoặc quản trị mới sửa được.",
        )


def office_by_code(session: Session, code: str) -> Office:
    """The office with this code.

    Raises:
        NotFoundError: there is none.
    """
    office = session.scalar(select(Office).where(Office.code == code))
    if office is None:
        raise NotFoundError(f"Không có đơn vị «{code}».", field="office", remedy="Mở lại từ trang cài đặt.")
    return office


def terms_of(office: Office) -> list[TermLine]:
    """Every step that has a term, with the office's own and those of the regimes."""
    own = office.settings.get(TERMS) or {}
    every = [(regime.code, regime.terms) for regime in regimes()]
    return [
        TermLine(
            key,
            read_form(OwnTerm, own[key.value]) if key.value in own else None,
            [(code, terms[key]) for code, terms in every if key in terms],
        )
        for key in TermKey
    ]


def set_terms(session: Session, office: Office, terms: Mapping[TermKey, OwnTerm], who: Actor, now: datetime) -> None:
    """Keep the office's own terms in place of those before. They hold for items opened from now on.

    Raises:
        NotAllowedError: as for `check_may_set`.
        InputError: a term that every regime fixes by law.
    """
    check_may_set(who, office)
    for line in terms_of(office):
        if line.key in terms and line.is_fixed:
            raise InputError(
                f"«{line.key.label}» do luật ấn định.", field=f"terms.{line.key}", remedy="Để trống mục này."
            )
    kept = {key.value: term.model_dump() for key, term in terms.items()}
    _keep(session, office, TERMS, kept, who, now)


def set_rungs(session: Session, office: Office, rungs: Mapping[str, int], who: Actor, now: datetime) -> None:
    """Keep the office's own ladder of reminders.

    Raises:
        NotAllowedError: as for `check_may_set`.
        InputError: it makes no ladder.
    """
    check_may_set(who, office)
    _readable(office, RUNGS, dict(rungs))
    _keep(session, office, RUNGS, dict(rungs), who, now)


def rungs_changes(session: Session, office: Office, rungs: Mapping[str, int], today: date) -> list[ItemChange]:
    """The open items for which another ladder means that somebody is told at once.

    Raises:
        InputError: it makes no ladder.
    """
    calendar, before, after = office_calendar(office), rungs_of(office), _readable(office, RUNGS, dict(rungs))
    ladder = rungs_of(after)
    found = []
    for item in _open_items(session, office):
        if item.suspended_on is None:
            old = rungs_reached(item.due_on, today, calendar, before)
            new = [rung for rung in rungs_reached(item.due_on, today, calendar, ladder) if rung not in old]
            found += [ItemChange(item_row(session, item, today), rung=new[-1])] if new else []
    return found


def set_calendar(session: Session, office: Office, days: OfficeDays, who: Actor, now: datetime) -> list[ItemChange]:
    """Keep the office's own days off and working days; the due dates of open items follow. Gives what moved.

    Raises:
        NotAllowedError: as for `check_may_set`.
        InputError: a day that stands in both lists.
    """
    check_may_set(who, office)
    changes = calendar_changes(session, office, days, vn_date(now))
    _keep(session, office, CALENDAR, days.model_dump(mode="json"), who, now)
    for change in changes:
        item = session.get_one(WorkItem, change.item.id, with_for_update=True)
        if change.due_on is not None:
            item.due_on = change.due_on
            item.version += 1
            facts = {"item": item.id, "due_on": change.due_on.isoformat(), "before": change.item.due_on.isoformat()}
            audit.record(session, who, "item.recounted", item.subject, now, data=facts)
    session.flush()
    return changes


def calendar_changes(session: Session, office: Office, days: OfficeDays, today: date) -> list[ItemChange]:
    """The open items whose due date is another one with these days.

    Raises:
        InputError: a day that stands in both lists.
    """
    after = _readable(office, CALENDAR, days.model_dump(mode="json"))
    return [
        ItemChange(item_row(session, item, today), due_on=due)
        for item in _open_items(session, office)
        if (due := due_by_ledger(item, after)) != item.due_on
    ]


def own_days(office: Office) -> OfficeDays:
    """The office's own days off and working days."""
    return OfficeDays.model_validate(office.settings.get(CALENDAR) or {})


def _open_items(session: Session, office: Office) -> list[WorkItem]:
    query = select(WorkItem).where(WorkItem.status == ItemStatus.OPEN, WorkItem.owner_office_id == office.id)
    return list(session.scalars(query.order_by(WorkItem.due_on, WorkItem.id)))


def _readable(office: Office, setting: str, value: dict[str, Any]) -> Office:
    """The office as it would be (not stored); what it could not be used with is refused here, not by the watch."""
    after = Office(name=office.name, settings={**office.settings, setting: value})
    try:
        rungs_of(after)
        office_calendar(after)
    except FinalError as error:
        raise InputError.of(error.problems) from error
    return after


def _keep(session: Session, office: Office, setting: str, value: dict[str, Any], who: Actor, now: datetime) -> None:
    before = office.settings.get(setting) or {}
    office.settings = {**office.settings, setting: value}
    facts = {"before": before, "after": value}
    audit.record(session, who, f"office.{setting}", f"office:{office.id}", now, data=facts)
