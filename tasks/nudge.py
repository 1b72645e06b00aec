"""A tap on the shoulder of the worker in this process: a run became due, look now and not at the next poll.

Spares up to a second a step where signals are delivered from the worker's own process (`ocop up`); anywhere
else nobody listens and the poll finds the run.
"""

from __future__ import annotations

import threading

_due = threading.Event()


def nudge() -> None:
    """A run became due."""
    _due.set()


def was_nudged() -> bool:
    """Whether that happened since the last time this was asked."""
    nudged = _due.is_set()
    _due.clear()
    return nudged
