"""How often one address may look something up in public: enough for people, too slow to copy everything.

Counted in the memory of each process, so that a look-up writes nothing: with `OCOP_PORTAL_WORKERS` processes the limit
is as many times as high. Whose address it is behind a proxy says uvicorn, which believes `FORWARDED_ALLOW_IPS`.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from ipaddress import IPv6Address, ip_address
from math import ceil
from threading import Lock

from starlette.requests import Request

from portal.errors import TooOftenError

LOOK_UPS, WINDOW = 60, 60.0
"""So many look-ups of one address in so many seconds [ours]: an office behind one address has its share."""

MOST_ADDRESSES = 10_000
"""Addresses remembered at once; the one that came first is forgotten first [ours]."""

SUBNET = 64
"""Bits of an IPv6 address that one household has: it changes the others as it likes."""


class Pace:
    """Counts calls by key, in windows that begin with the first call."""

    def __init__(self, most: int = LOOK_UPS, window: float = WINDOW, keys: int = MOST_ADDRESSES) -> None:
        self._most, self._window, self._keys = most, window, keys
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = Lock()

    def wait(self, key: str, now: float) -> int:
        """Count a call at `now` (seconds of any clock); how many seconds to wait, 0 to go on."""
        with self._lock:
            since, calls = self._seen.get(key, (now, 0))
            if now - since >= self._window:
                self._seen.pop(key)
                since, calls = now, 0
            self._seen[key] = since, calls + 1
            if len(self._seen) > self._keys:
                self._seen.popitem(last=False)
        return ceil(since + self._window - now) if calls >= self._most else 0


LOOKING_UP = Pace()


def check_pace(request: Request) -> None:
    """Refuse an address that looks things up too often.

    Raises:
        TooOftenError: with the seconds to wait.
    """
    seconds = LOOKING_UP.wait(_address(request), time.monotonic())
    if seconds:
        raise TooOftenError(seconds)


def _address(request: Request) -> str:
    host = request.client.host if request.client is not None else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(int(address) >> (128 - SUBNET)) if isinstance(address, IPv6Address) else host
