"""Loads and checks `carry_over.yaml`: what holds of an earlier attempt when a dossier is handed in again."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.enums import AttemptStatus, CommuneTopic
from models.errors import FinalError
from models.own_yaml import load_own
from models.regimes.evidence_kinds import EvidenceKind
from models.tables import Office

Days = Annotated[int, Field(strict=True, ge=0, le=1095)]


class FreeFields(BaseModel):
    """Fields of forms 01 and 02 that may change without touching the commune's findings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    registration: frozenset[str]
    self_assessment: frozenset[str]


class CarryRules(BaseModel):
    """The whole file (its fields are explained at its head)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    commune_report_days: Days
    not_after: frozenset[AttemptStatus]
    topics: dict[CommuneTopic, tuple[EvidenceKind, ...]]
    free: FreeFields

    @model_validator(mode="after")
    def all_topics(self) -> CarryRules:
        """Each topic rests on something."""
        if set(self.topics) != set(CommuneTopic) or not all(self.topics.values()):
            raise ValueError("carry_over.yaml must say for all four topics which papers they rest on")
        return self


@cache
def carry_rules() -> CarryRules:
    """The rules, read once.

    Raises:
        FinalError: the file is faulty.
    """
    return load_own(CarryRules, "models.dossiers", "carry_over.yaml")


class _Own(BaseModel):
    model_config = ConfigDict(extra="forbid")

    commune_report_days: Days


def report_days(office: Office) -> int:
    """For how many calendar days after its signing a commune's report holds: the office's own number or the default.

    Raises:
        FinalError: the office's setting is no number of days.
    """
    own = office.settings.get("carry_over")
    if own is None:
        return carry_rules().commune_report_days
    try:
        return _Own.model_validate(own).commune_report_days
    except ValidationError as error:
        raise FinalError(
            f"Cài đặt mang sang của {office.name} sai: {own}.",
            field="settings.carry_over",
            remedy="Ghi dạng {commune_report_days: 180}, từ 0 đến 1095 ngày.",
        ) from error
