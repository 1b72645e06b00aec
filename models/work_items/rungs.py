"""When each rung of the ladder is reached: the office's own days, within what makes sense."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.enums import Rung
from models.errors import FinalError
from models.tables import Office

DEFAULT_RUNGS: dict[Rung, int] = {
    Rung.DUE_SOON: -3,
    Rung.OVERDUE: 1,
    Rung.ESCALATED_HEAD: 3,
    Rung.ESCALATED_COORDINATOR: 5,
    Rung.ESCALATED_LEADER: 8,
}
"""Working days after the due date at which each rung is reached (negative: before it) [ours]; an office may change
them under `settings.rungs`, but not that an item is overdue from the day after its due date."""

MOST_DAYS = 60
"""Farthest rung from the due date, in working days [ours]."""

After = Annotated[int, Field(strict=True, ge=1, le=MOST_DAYS)]


class _OwnRungs(BaseModel):
    """The ladder as an office sets it: `{due_soon: -5, escalated_leader: 10}`."""

    model_config = ConfigDict(extra="forbid")

    due_soon: Annotated[int, Field(strict=True, ge=-MOST_DAYS, le=-1)] = DEFAULT_RUNGS[Rung.DUE_SOON]
    escalated_head: After = DEFAULT_RUNGS[Rung.ESCALATED_HEAD]
    escalated_coordinator: After = DEFAULT_RUNGS[Rung.ESCALATED_COORDINATOR]
    escalated_leader: After = DEFAULT_RUNGS[Rung.ESCALATED_LEADER]

    @model_validator(mode="after")
    def _upwards(self) -> _OwnRungs:
        if not self.escalated_head < self.escalated_coordinator < self.escalated_leader:
            raise ValueError("each level is told later than the one below it")
        return self


def rungs_of(office: Office) -> dict[Rung, int]:
    """The ladder of an office, lowest rung first.

    Raises:
        FinalError: the office's own setting makes no ladder; nobody is left without reminders in silence.
    """
    own = office.settings.get("rungs", {})
    try:
        found = _OwnRungs.model_validate(own)
    except ValidationError as error:
        raise FinalError(
            f"Cài đặt bậc nhắc của {office.name} sai: {own}.",
            field="settings.rungs",
            remedy="Ghi số ngày làm việc: {due_soon: -3, escalated_head: 3, escalated_coordinator: 5, "
            f"escalated_leader: 8}}; due_soon từ -{MOST_DAYS} đến -1, các cấp sau tăng dần, nhiều nhất {MOST_DAYS}.",
        ) from error
    return {rung: getattr(found, rung.value, days) for rung, days in DEFAULT_RUNGS.items()}
