"""Loads and checks `kinds.yaml`: what people are told, when, in which words."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from models.enums import Role, Rung
from models.own_yaml import load_own
from models.process.kinds import StepKind

FINDERS = {"addressee", "ladder", "council"}
"""Recipients that are no roles: found by the step or the meeting (`recipients.py`)."""


class Kind(BaseModel):
    """One kind of notification (the fields are explained at the head of `kinds.yaml`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    template: str = ""
    waits: bool = False
    to: tuple[str, ...] = (Role.COORDINATOR.value,)
    lead: str = ""
    todo: str = ""

    @field_validator("to")
    @classmethod
    def known(cls, to: tuple[str, ...]) -> tuple[str, ...]:
        """Only roles and finders that there are: nobody is left out by a slip of the pen."""
        wrong = set(to) - {role.value for role in Role} - FINDERS
        if wrong:
            raise ValueError(f"no role: {', '.join(sorted(wrong))}")
        return to


class Kinds(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    steps_that_wait: frozenset[StepKind]
    kinds: dict[str, Kind]
    head_titles: tuple[str, ...] = Field(min_length=1)


@cache
def load_kinds() -> Kinds:
    """The file, read once.

    Raises:
        FinalError: it is faulty.
    """
    return load_own(Kinds, "models.notifications", "kinds.yaml")


def kind_of(payload: dict[str, Any]) -> Kind:
    """What is known of the kind of an outbox row; one that is not listed is told at once."""
    return load_kinds().kinds.get(str(payload.get("what", "")), Kind())


def kinds_that_wait() -> list[str]:
    """The kinds that always wait for the digest."""
    return [name for name, kind in load_kinds().kinds.items() if kind.waits]


def waits(payload: dict[str, Any], step: StepKind | None) -> bool:
    """Whether the row can wait for the daily digest. What has climbed above overdue never waits."""
    if payload.get("rung") in {Rung.ESCALATED_COORDINATOR.value, Rung.ESCALATED_LEADER.value}:
        return False
    return kind_of(payload).waits or (step in load_kinds().steps_that_wait and "rung" in payload)
