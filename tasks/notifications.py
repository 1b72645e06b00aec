"""Sending notifications as Prefect tasks, and when a run for it is started."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from uuid import UUID

from models.database import transaction
from models.instance import instance_id
from models.notifications.digest import digest as make_digests
from models.office_clock import clock_for
from models.settings import settings
from models.tables import InstanceSetting
from tasks.base import domain_task
from tasks.prefect_client import create_run, read_run
from tasks.sending import Sent, send_all, spread_all, waiting

DEPLOYMENT = "notify/ocop"
TURN = "notify-turn"
"""The instance setting that numbers the runs: one at a time, since Prefect makes one run a number."""

PAUSE_SECONDS = 5.0
"""Least time between the starts of two runs: many messages at once are one run, not one each [ours]."""

LOST_AFTER_SECONDS = 15.0
"""A run that has not ended by then is asked after: when it failed, the next one may start [ours]."""


@domain_task("gui-thong-bao")
async def send_notifications() -> Sent:
    """Send everything that is due. What a channel does not take waits in its row, with its own pauses.

    Raises:
        RetryableError: the database is busy; the task is tried again, and nothing that went out goes out again.
    """
    return send_all()


@domain_task("lap-ban-tong-hop")
async def make_digest() -> int:
    """Make the digests of the day; gives how many (0 on a day off, or when they are there already)."""
    spread_all()
    with transaction() as session:
        return len(make_digests(session, clock_for(session, settings()).now(), datetime.now(UTC)))


def end_turn(turn: int) -> None:
    """The run of this number has looked for the last time: the next message starts the next run."""
    with transaction() as session:
        row = session.get(InstanceSetting, TURN)
        if row is not None and row.value["turn"] == turn:
            row.value = {"turn": turn + 1}


def this_turn() -> int:
    """The number of the run that is to send now."""
    with transaction() as session:
        row = session.get(InstanceSetting, TURN)
        if row is None:
            row = InstanceSetting(key=TURN, value={"turn": 1})
            session.add(row)
        return int(row.value["turn"])


class Starter:
    """Starts a run of `notify` when something waits: one at a time, not oftener than every few seconds."""

    def __init__(self) -> None:
        self._run: UUID | None = None
        self._turn = 0
        self._started = float("-inf")

    def start_if_needed(self) -> bool:
        """Whether a run was asked for. Prefect gives the run that is there when one of this number was made before.

        Raises:
            RetryableError, FinalError: Prefect does not answer, or has no deployment for it.
        """
        if time.monotonic() - self._started < PAUSE_SECONDS or not waiting(urgent_only=True):
            return False
        turn = this_turn()
        if turn == self._turn and not self._is_lost(turn):
            return False
        turn = this_turn()
        with transaction() as session:
            key = f"{instance_id(session)}:notify:{turn}"
        self._run = create_run(DEPLOYMENT, {"turn": turn}, name=f"Gửi thông báo {turn}", idempotency_key=key)
        self._turn, self._started = turn, time.monotonic()
        return True

    def _is_lost(self, turn: int) -> bool:
        """Whether the run of this number ended without saying so (its worker died, it failed)."""
        if self._run is None or time.monotonic() - self._started < LOST_AFTER_SECONDS:
            return False
        self._started = time.monotonic()
        run = read_run(self._run)
        if run is not None and not run.finished:
            return False
        end_turn(turn)
        return True
