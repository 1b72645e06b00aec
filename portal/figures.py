"""Figures that take seconds over many dossiers, kept for a minute: a page and its pictures come from one look-up."""

from __future__ import annotations

import time
from collections.abc import Hashable
from threading import Lock

from models.reports.seeing import Steering, rounds_of_year, steering
from portal.desk import Desk

SECONDS = 60
MOST = 20

_kept: dict[Hashable, tuple[float, Steering]] = {}
_lock = Lock()


def kept_steering(desk: Desk, year: int | None) -> Steering:
    """The figures of a year as they were at most a minute ago; what is kept goes by the rounds that one may see.

    Raises:
        NotFoundError: there are none for the visitor.
    """
    _, years, rounds = rounds_of_year(desk.session, desk.capacities, year)
    data = str(desk.session.get_bind().engine.url)
    key = (data, desk.today, tuple(years), tuple(round_.id for round_ in rounds))
    with _lock:  # whoever asks for the same waits for it
        known = _kept.get(key)
        if known is not None and time.monotonic() - known[0] < SECONDS:
            return known[1]
        if len(_kept) >= MOST:
            _kept.clear()
        made = steering(desk.session, rounds, years, desk.today)
        _kept[key] = (time.monotonic(), made)
        return made
