"""Which schedules Prefect is to have: those of `scheduled.yaml`, one a planned round, those of the legal cut-offs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from deployments.scheduled import FixedSchedule, OneFor, Scheduled, ScheduledFlow
from models.clock import Clock
from models.office_clock import StoredClock
from models.regimes.cutoffs import cutoffs_in_force, days_ahead
from models.rounds.opening import rounds_to_open


@dataclass(frozen=True)
class Wanted:
    """One schedule of one flow: its name (slug), when (as Prefect takes it) and its own parameters."""

    flow: str
    slug: str
    schedule: dict[str, Any]
    parameters: dict[str, Any]


ANCHOR = "2024-01-01T00:00:00Z"
"""From where intervals are counted: the same at every start, or each start would look like a change."""


def wanted_schedules(session: Session, clock: Clock, scheduled: Scheduled) -> list[Wanted]:
    """What is wanted on this day. On data with simulated days only what is marked so: Prefect's own days are real."""
    simulated = isinstance(clock, StoredClock)
    found: list[Wanted] = []
    for flow in scheduled.flows:
        for slug, one in flow.schedules.items():
            if one.simulated or not simulated:
                found.append(Wanted(_name(flow), slug, _when(one, scheduled.timezone), {}))
        if flow.one_for is not None and not simulated:
            found += _one_for_each(session, flow, flow.one_for, clock.today(), scheduled.timezone)
    return found


def fingerprint(wanted: list[Wanted]) -> str:
    """What tells one list from another."""
    facts = [[w.flow, w.slug, w.schedule, w.parameters] for w in wanted]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _name(flow: ScheduledFlow) -> str:
    return flow.flow().name


def _when(one: FixedSchedule, timezone: str) -> dict[str, Any]:
    if one.every_seconds is not None:
        return {"interval": one.every_seconds, "anchor_date": ANCHOR, "timezone": timezone}
    return _cron(one.cron, timezone)


def _cron(cron: str, timezone: str) -> dict[str, Any]:
    return {"cron": cron, "timezone": timezone}


def _morning(day: date, hour: int, timezone: str) -> dict[str, Any]:
    # A cron line knows no year: the flow looks at the year itself, and a schedule that is past is removed.
    return _cron(f"0 {hour} {day.day} {day.month} *", timezone)


def _one_for_each(session: Session, flow: ScheduledFlow, each: OneFor, today: date, zone: str) -> Iterator[Wanted]:
    if each.kind == "round":
        for round_ in rounds_to_open(session):
            if round_.registration_closes_on < today:
                continue  # past its window: told by the catching up, never opened
            slug = f"dot-{round_.code}-{round_.id}"
            yield Wanted(_name(flow), slug, _morning(round_.opens_on, each.hour, zone), {"round_id": round_.id})
        return
    for cutoff in cutoffs_in_force(today):
        before = {"month": cutoff.before.month, "day": cutoff.before.day}
        for ahead in (*each.ahead, 0):
            slug = f"truoc-{cutoff.before:%d-%m}-{ahead}-ngay" if ahead else f"ngay-cuoi-truoc-{cutoff.before:%d-%m}"
            yield Wanted(_name(flow), slug, _morning(days_ahead(cutoff, ahead), each.hour, zone), before)
