"""Loads and checks `retention.yaml`: how long is kept what is needed for a while only."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from models.own_yaml import load_own

Days = Annotated[int, Field(strict=True, ge=1, le=3650)]


class Retention(BaseModel):
    """The whole file, in calendar days (the fields are explained in it)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answers: Days
    sessions: Days


@cache
def retention() -> Retention:
    """The file, read once.

    Raises:
        FinalError: it is faulty.
    """
    return load_own(Retention, "models", "retention.yaml")


def answers_kept() -> timedelta:
    """How long an answer is given again."""
    return timedelta(days=retention().answers)


def sessions_kept() -> timedelta:
    """How long a session is kept that is over."""
    return timedelta(days=retention().sessions)
