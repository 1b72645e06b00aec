"""Slowing down who guesses: after five wrong tries a wait that doubles with each further one."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.accounts.errors import LockedOutError
from models.tables import Account

FREE_TRIES = 5
"""Wrong tries before the first wait [ours]."""

LONGEST_WAIT = timedelta(minutes=60)
"""Longest wait [ours]: longer ones would let anybody shut a person out for the day."""


def check_not_locked(account: Account, now: datetime) -> None:
    """Refuse while the account waits.

    Raises:
        LockedOutError: it does.
    """
    if account.locked_until is not None and now < account.locked_until:
        raise LockedOutError(account.locked_until)


def count_failure(account: Account, now: datetime) -> None:
    """Note one wrong try; from the fifth on nothing is tried for 1, 2, 4 … 60 minutes."""
    account.failures += 1
    if account.failures >= FREE_TRIES:
        account.locked_until = now + wait_after(account.failures)


def forget_failures(account: Account) -> None:
    """After a right one counting starts anew."""
    account.failures, account.locked_until = 0, None


def wait_after(failures: int) -> timedelta:
    """How long nothing is tried after so many wrong tries in a row."""
    doublings = min(failures - FREE_TRIES, 10)
    return timedelta(0) if doublings < 0 else min(timedelta(minutes=2**doublings), LONGEST_WAIT)
