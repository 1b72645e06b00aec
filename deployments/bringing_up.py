"""Everything of ours in Prefect at once: deployments, schedules, automations, rounds that should be open by now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from deployments.automating import AutomationLine, keep_automations
from deployments.catching_up import FLOW, catch_up_openings
from deployments.deploying import ScheduleLine, deploy, keep_schedules
from tasks.watching import POOL


@dataclass(frozen=True)
class Overview:
    """What Prefect has of ours now: schedules and automations, and the rounds that are being opened belatedly."""

    schedules: list[ScheduleLine] = field(default_factory=list)
    automations: list[AutomationLine] = field(default_factory=list)
    opening: list[str] = field(default_factory=list)


def bring_up(*, scheduled: bool = True, reset: bool = False) -> Overview:
    """Make what is missing and leave what is there; `reset` puts back what a person changed in Prefect.

    Raises:
        InputError: a setting is wrong.
        RetryableError: Prefect does not answer.
    """
    made = deploy(scheduled=scheduled, reset=reset)
    if not scheduled:
        return Overview()
    opening = catch_up_openings(made.ids[FLOW], made.schedules)
    return Overview(made.schedules, keep_automations(made.ids, POOL, reset=reset), opening)


def follow_the_plans(ids: Mapping[str, UUID]) -> list[str]:
    """Bring schedules after a change of the plans or the day; gives the codes of rounds being opened belatedly.

    Raises:
        RetryableError: Prefect does not answer.
    """
    return catch_up_openings(ids[FLOW], keep_schedules(dict(ids)))
