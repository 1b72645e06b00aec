"""Where a due date comes from: the office's own term, the regime's, or a date of the round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from models.calendar import OfficeCalendar
from models.calendar.office_days import parse_office_days
from models.errors import FinalError
from models.process import step_definition
from models.process.kinds import StepKind
from models.regimes import load_regime
from models.regimes.terms import Days, TermKey, source_in_words
from models.tables import Office


@dataclass(frozen=True)
class Budget:
    """How long a step may take: `days` working or calendar days from the start, or until a fixed day."""

    days: int
    unit: str  # working | calendar | date
    rule: str
    fixed: date | None = None


def budget_for(kind: StepKind, *, regime: str, office: Office, dates: object, dates_rule: str) -> Budget:
    """The budget of a step, with the rule that gave it. `dates`: the row of the round or case that names fixed days.

    Raises:
        FinalError: neither the office, the regime nor the round or case gives a term; a deadline that cannot be
            computed is loud.
    """
    due = step_definition(kind).due
    if due != "term":
        fixed = getattr(dates, due, None)
        if not isinstance(fixed, date):
            raise FinalError(
                f"Không tính được hạn của bước «{step_definition(kind).label}».",
                field=due,
                remedy="Đặt ngày này trong kế hoạch đợt.",
            )
        return Budget(0, "date", dates_rule, fixed)
    term = load_regime(regime).terms.get(TermKey(kind.value))
    own = office.settings.get("terms", {}).get(kind.value)
    # What the law fixes is not an office's to change: its own term fills what the law leaves open (domain.md §2).
    if own is not None and not (term is not None and term.is_law):
        return _own_budget(own, kind, office)
    if term is None:
        raise FinalError(
            f"Quy định {regime} không có thời hạn cho bước «{step_definition(kind).label}».",
            field=f"terms.{kind.value}",
            remedy="Bổ sung thời hạn trong tệp quy định hoặc cài đặt của văn phòng.",
        )
    said = source_in_words(term.source)
    return Budget(term.days, term.unit, f"{load_regime(regime).title}: {term.days} ngày ({said})")


class OwnTerm(BaseModel):
    """A term as an office sets it: `{days: 10, unit: working}`."""

    model_config = ConfigDict(extra="forbid")

    days: Days
    unit: Literal["working", "calendar"]


def _own_budget(own: object, kind: StepKind, office: Office) -> Budget:
    try:
        term = OwnTerm.model_validate(own)
    except ValidationError as error:
        raise FinalError(
            f"Cài đặt thời hạn của {office.name} sai: {own}.",
            field=f"settings.terms.{kind.value}",
            remedy="Ghi dạng {days: 10, unit: working} hoặc unit: calendar.",
        ) from error
    return Budget(term.days, term.unit, f"Quy định của {office.name}")


def office_calendar(office: Office) -> OfficeCalendar:
    """The working-day calendar of an office, with its own days off and working days."""
    own = office.settings.get("calendar", {})
    return OfficeCalendar(parse_office_days(own, office.name) if own else None)


def first_due(calendar: OfficeCalendar, start: date, budget: Budget) -> date:
    """The due date of a clock that starts on `start`; a fixed day that is past gives `start` itself."""
    if budget.fixed is not None:
        return max(budget.fixed, start)
    if budget.unit == "working":
        return calendar.add_working_days(start, budget.days).due
    return calendar.add_days(start, budget.days).due
