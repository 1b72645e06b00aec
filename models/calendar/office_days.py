"""The table of days that decide otherwise than the library: swaps and an office's own days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.errors import FinalError

_SHIPPED = Path(__file__).parent / "data" / "office-days.yaml"


class OfficeDay(BaseModel):
    """One day and why it is off or worked (Vietnamese)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: dt.date
    reason: Annotated[str, Field(min_length=1)]


class OfficeDays(BaseModel):
    """Days off and working days; a day stands in the table once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days_off: tuple[OfficeDay, ...] = ()
    working_days: tuple[OfficeDay, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        days = [day.date for day in (*self.days_off, *self.working_days)]
        twice = sorted({day for day in days if days.count(day) > 1})
        if twice:
            raise ValueError(f"ngày nêu hai lần: {', '.join(day.isoformat() for day in twice)}")
        return self


def parse_office_days(raw: Mapping[str, object], where: str) -> OfficeDays:
    """The table from its data; `where` names the file. Raises `FinalError` with every fault found."""
    try:
        return OfficeDays.model_validate(raw)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        remedy = "Sửa bảng ngày nghỉ, ngày làm bù."
        raise FinalError(f"Bảng ngày làm việc sai: {faults}", field=where, remedy=remedy) from error


@cache
def shipped_office_days() -> OfficeDays:
    """The table that comes with the software."""
    return parse_office_days(yaml.safe_load(_SHIPPED.read_text(encoding="utf-8")), _SHIPPED.name)
