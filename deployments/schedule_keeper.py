"""A loop beside the worker that lets the schedules follow the plans: imported, changed, opened by hand."""

from __future__ import annotations

import logging
import time
from threading import Event
from uuid import UUID

from deployments.bringing_up import follow_the_plans
from deployments.deploying import NAME, SENT
from deployments.remembering import recall
from deployments.scheduled import load_scheduled
from deployments.wanted import fingerprint, wanted_schedules
from models.database import reading
from models.errors import OcopError
from models.office_clock import clock_for
from models.settings import settings
from tasks.prefect_client import find_deployment

PAUSE_SECONDS = 5.0
LOOK_ANYWAY_SECONDS = 600.0
"""How often Prefect is asked although no plan has changed: a round whose morning passed is opened within that time."""

log = logging.getLogger("ocop.schedules")


def keep_until(stop: Event) -> None:
    """Follow the plans until `stop` is set. Trouble is logged and waited out: the next look compares anew."""
    done, looked = "", time.monotonic()
    while not stop.wait(PAUSE_SECONDS):
        try:
            now = _wanted()
            if now == done and time.monotonic() - looked < LOOK_ANYWAY_SECONDS:
                continue
            if now and follow():
                log.info("rounds are opened belatedly")
            done, looked = now, time.monotonic()
        except OcopError as error:
            log.warning("%s", error)
        except Exception:
            log.exception("the schedules could not be brought up to date")


def follow() -> list[str]:
    """Bring the schedules of the deployments that are there; gives the codes of rounds being opened belatedly."""
    names = [entry.flow().name for entry in load_scheduled().flows]
    ids: dict[str, UUID] = {name: found for name in names if (found := find_deployment(f"{name}/{NAME}")) is not None}
    return follow_the_plans(ids) if len(ids) == len(names) else []


def _wanted() -> str:
    """What tells today's wanted schedules from others; empty where schedules were never asked for (demo)."""
    with reading() as session:
        if not recall(session, SENT):
            return ""
        return fingerprint(wanted_schedules(session, clock_for(session, settings()), load_scheduled()))
