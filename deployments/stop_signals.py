"""Ending as Ctrl-C does when asked otherwise: what this process started is stopped first."""

from __future__ import annotations

import signal

NAMES = ("SIGTERM", "SIGHUP")
"""A service manager's stop, and the terminal window that is closed (not on Windows)."""


def end_like_ctrl_c() -> None:
    """Let these signals raise `KeyboardInterrupt` in the main thread; one that is ignored (`nohup`) stays ignored."""
    for name in NAMES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _as_interrupt)


def _as_interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
