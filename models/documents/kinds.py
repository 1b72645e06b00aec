"""The registry of kinds of papers, read from `kinds.yaml`."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from models.errors import NotFoundError
from models.process.kinds import StepKind
from models.yaml_files import read_yaml

When = Literal["opened", "closed"]


class Of(StrEnum):
    """What one paper belongs to."""

    ROUND = "round"
    ROUND_COMMUNE = "round_commune"
    ATTEMPT = "attempt"
    ITEM = "item"
    MEETING = "meeting"
    SHEET = "sheet"
    CRITERIA_SET = "criteria_set"
    DECISION = "decision"
    CERTIFICATE = "certificate"
    RENEWAL = "renewal"
    REVOCATION = "revocation"
    PLAN = "plan"


class By(StrEnum):
    """Who issues a paper: its head, number and signature."""

    OFFICE = "office"
    AUTHORITY = "authority"
    COMMUNE = "commune"
    COUNCIL = "council"
    ADVISORY = "advisory"
    NOBODY = "nobody"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Kind(_Part):
    """One kind of paper."""

    code: str
    label: str
    of: Of
    by: By
    symbol: str = ""
    template: str
    made: dict[StepKind, tuple[When, ...]] = Field(default_factory=dict)
    prints: tuple[StepKind, ...] = ()
    """Steps besides those that make it whose outcomes stand on it: correcting one of them asks for it anew."""
    recipients: tuple[str, ...] = ()
    internal: bool = False
    """Seen by the office, the council and the leaders only, issued or not."""

    def made_at(self, step: StepKind, when: When) -> bool:
        """Whether the engine makes it when this step opens or closes."""
        return when in self.made.get(step, ())

    def shows(self, step: StepKind) -> bool:
        """Whether what this step recorded stands on it."""
        return step in self.made or step in self.prints


class Dated(_Part):
    """Words that papers of a time use; both days included."""

    text: str
    from_: date = Field(default=date.min, alias="from")
    until: date = date.max


class _File(_Part):
    kinds: dict[str, Kind]
    bases: tuple[Dated, ...]
    ministries: tuple[Dated, ...]


@cache
def _file() -> _File:
    raw = read_yaml(Path(__file__).with_name("kinds.yaml"))
    kinds = {code: {"code": code, "template": code, **entry} for code, entry in raw["kinds"].items()}
    return _File.model_validate({**raw, "kinds": kinds})


def all_kinds() -> tuple[Kind, ...]:
    """Every kind of paper, in the order of the cycle."""
    return tuple(_file().kinds.values())


def kind_named(code: str) -> Kind:
    """The kind of this name.

    Raises:
        NotFoundError: there is none.
    """
    kinds = _file().kinds
    if code not in kinds:
        raise NotFoundError(f"Không có loại giấy tờ «{code}».", field="kind", remedy=f"Các loại: {', '.join(kinds)}.")
    return kinds[code]


def kinds_made_at(step: StepKind, when: When) -> tuple[Kind, ...]:
    """What the engine makes when this step opens or closes."""
    return tuple(kind for kind in all_kinds() if kind.made_at(step, when))


def common_bases(on: date) -> list[str]:
    """The law texts that a paper of this day rests on, without their final sign."""
    return _of_day(_file().bases, on)


def ministry(on: date) -> str:
    """The ministry above the provinces, as it is called on a day."""
    return _of_day(_file().ministries, on)[-1]


def _of_day(entries: tuple[Dated, ...], on: date) -> list[str]:
    return [entry.text for entry in entries if entry.from_ <= on <= entry.until]
