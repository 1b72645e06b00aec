"""A process of the installation beside the server: started with a log of its own, stopped, started again."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from deployments.leftovers import note_child, stop_leftover

STOP_SECONDS = 25.0


class Child:
    """One such process; its pid is kept in the data folder so that a later start finds one that was left over."""

    def __init__(self, name: str, label: str, home: Path, module: Sequence[str]) -> None:
        self.label = label
        self.log = home / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._pid_file = home / f"{name}.pid"
        self._module = module

    def stop_leftover(self) -> None:
        """Stop the one of an earlier start that still lives."""
        stop_leftover(self._pid_file)

    def start(self, env: Mapping[str, str]) -> None:
        """Start it (again)."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self._module],
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        note_child(self._pid_file, self.process.pid)

    def kill(self) -> None:
        """End it as a power cut would: SIGKILL."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def died(self) -> str | None:
        """That it ended by itself, in words; `None` when it runs or was never started."""
        if self.process is None or self.process.poll() is None:
            return None
        return f"{self.label} đã dừng; xem {self.log}"

    def stop(self) -> None:
        """Ask it to end, then make it."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._pid_file.unlink(missing_ok=True)
