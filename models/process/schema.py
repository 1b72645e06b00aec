"""Loads and checks `steps.yaml`."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.enums import Role
from models.own_yaml import load_own
from models.process.kinds import Scope, StepKind


class StepDefinition(BaseModel):
    """What one step is (the fields are explained at the head of `steps.yaml`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: Annotated[int, Field(ge=1, le=7)]
    scope: Scope
    slug: Annotated[str, Field(pattern=r"^[1-7]-[a-z0-9-]+$")]
    label: str
    producer_label: Annotated[str, Field(min_length=1)]
    waiting: str
    role: Role
    unit: str
    due: str
    todo: str
    rests_on: tuple[StepKind, ...] = ()
    decides: tuple[str, ...] = ("outcome",)
    corrected_by: Role | None = None
    ends: tuple[str, ...] = ()


class Process(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    steps: dict[StepKind, StepDefinition]
    step_names: dict[int, str]

    @model_validator(mode="after")
    def complete(self) -> Process:
        """Every step and every number must be there, no slug twice."""
        if set(self.steps) != set(StepKind) or set(self.step_names) != set(range(1, 8)):
            raise ValueError("steps.yaml must define every step kind and the names of steps 1-7")
        if len({s.slug for s in self.steps.values()}) != len(self.steps):
            raise ValueError("slugs must differ")
        return self


@cache
def load_process() -> Process:
    """The process, read once.

    Raises:
        FinalError: the file is faulty.
    """
    return load_own(Process, "models.process", "steps.yaml")


def step_definition(kind: StepKind) -> StepDefinition:
    """What the step `kind` is."""
    return load_process().steps[kind]


def place_in_order(kind: StepKind, turn: int) -> tuple[int, int, int]:
    """Where a turn of a step stands in the procedure: step of the cycle, turn, then the order of `steps.yaml`."""
    return load_process().steps[kind].step, turn, list(load_process().steps).index(kind)


def process_version() -> str:
    """The version that new attempts are pinned to."""
    return load_process().version


def stage_tag(kind: StepKind) -> str:
    """The tag of Prefect's run list: `chặng:3-đánh-giá-cấp-xã`."""
    number = step_definition(kind).step
    return f"chặng:{number}-{load_process().step_names[number]}"
