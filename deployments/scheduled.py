"""Loads and checks `scheduled.yaml`: our flows, and when each runs by itself."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Annotated, Any, Literal

from prefect.flows import Flow
from pydantic import BaseModel, ConfigDict, Field

from models.own_yaml import load_own

Hour = Annotated[int, Field(ge=0, le=23)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FixedSchedule(_Part):
    """A schedule that is always there; `every_seconds` instead of a cron line serves installations under test."""

    cron: str = ""
    every_seconds: Annotated[int, Field(ge=5)] | None = None
    simulated: bool = False


class OneFor(_Part):
    """One schedule for each thing of a kind; the fields are explained at the head of the file."""

    kind: Literal["round", "cutoff"]
    hour: Hour
    ahead: tuple[Annotated[int, Field(ge=1, le=60)], ...] = ()


class ScheduledFlow(_Part):
    """One flow of ours as a deployment."""

    at: Annotated[str, Field(pattern=r"^flows(\.\w+){2}$")]
    about: str
    schedules: dict[Annotated[str, Field(pattern=r"^[a-z0-9-]+$")], FixedSchedule] = Field(default_factory=dict)
    one_for: OneFor | None = None

    def flow(self) -> Flow[..., Any]:
        """The flow itself."""
        module, _, function = self.at.rpartition(".")
        found: Flow[..., Any] = getattr(import_module(module), function)
        return found


class Scheduled(_Part):
    """The whole file."""

    timezone: str
    flows: tuple[ScheduledFlow, ...]


@cache
def load_scheduled() -> Scheduled:
    """The file, read once.

    Raises:
        FinalError: it is faulty.
    """
    return load_own(Scheduled, "deployments", "scheduled.yaml")
