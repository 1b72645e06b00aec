"""Child processes that outlived a killed `ocop up`: found by the pid that the data folder keeps, and stopped."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import psutil

STOP_SECONDS = 10.0
POLL_SECONDS = 0.05


def note_child(pid_file: Path, pid: int) -> None:
    """Keep the pid, with the start time that tells the process from a later one with the same number."""
    pid_file.write_text(f"{pid} {psutil.Process(pid).create_time()}", encoding="ascii")


def stop_leftover(pid_file: Path) -> bool:
    """Stop the process noted there if it still lives; whether there was one."""
    process = _noted(pid_file)
    if process is not None:
        _stop(process)
    pid_file.unlink(missing_ok=True)
    return process is not None


def _stop(process: psutil.Process) -> None:
    """Ask it to end, then make it; return when it is gone, so that its port is free."""
    with suppress(psutil.NoSuchProcess):
        for end in (process.terminate, process.kill):
            end()
            limit = time.monotonic() + STOP_SECONDS
            while time.monotonic() < limit:
                if _is_gone(process):
                    return
                time.sleep(POLL_SECONDS)


def _is_gone(process: psutil.Process) -> bool:
    # A zombie has ended; where nobody collects it (a container without init) it stays for ever.
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def _noted(pid_file: Path) -> psutil.Process | None:
    try:
        pid, started = pid_file.read_text(encoding="ascii").split()
        process = psutil.Process(int(pid))
        return process if abs(process.create_time() - float(started)) < 1.0 else None
    except (OSError, ValueError, psutil.Error):
        return None
