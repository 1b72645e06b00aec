"""The embedded installation: Prefect server and worker as child processes over one data folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from deployments.database_upgrade import upgrade
from deployments.leftovers import note_child, stop_leftover
from deployments.prefect_env import client_environment, use_server
from deployments.prefect_server import PrefectServer, launch_server, stop_server, wait_until_healthy
from models.database import transaction
from models.errors import RetryableError
from models.notifications.links import note_server_port
from models.settings import Settings

if TYPE_CHECKING:
    from deployments.bringing_up import Overview

STOP_SECONDS = 25.0


class Stack:
    """Server and worker of one data folder; start and stop in this order and back."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.server: PrefectServer | None = None
        self.worker: subprocess.Popen[bytes] | None = None
        self.deployed: Overview | None = None

    @property
    def url(self) -> str:
        """Address of Prefect's UI."""
        return f"http://127.0.0.1:{self.settings.prefect_port}"

    @property
    def worker_log(self) -> Path:
        """Where the worker writes."""
        return self.settings.home / "worker.log"

    def start(self, *, scheduled: bool = True) -> None:
        """Bring the database up to date, start the server, deploy, start the worker.

        Raises:
            PersonError: the port is taken.
            RetryableError: the server does not start.
        """
        stop_leftover(self._pid_file("worker"))
        stop_leftover(self._pid_file("server"))
        self.start_server()
        try:
            upgrade(self.settings.domain_url)
            with transaction(self.settings.domain_url) as session:
                note_server_port(session, self.settings.prefect_port)
            # Importing the flows takes seconds, in which the server starts.
            from deployments.bringing_up import bring_up

            self.wait_for_server()
            use_server(f"{self.url}/api", self.settings.home / "prefect")
            self.deployed = bring_up(scheduled=scheduled)
            self.start_worker()
        except BaseException:
            self.stop()
            raise

    def start_server(self) -> None:
        """Launch the server process (again, after it died) without waiting for it."""
        self.server = launch_server(self.settings.home / "prefect", self.settings.prefect_port)
        note_child(self._pid_file("server"), self.server.process.pid)

    def wait_for_server(self) -> None:
        """Return when the server answers.

        Raises:
            RetryableError: it ended or stayed silent.
        """
        if self.server is not None:
            wait_until_healthy(self.server)

    def start_worker(self) -> None:
        """Start the worker process (again, after one was killed)."""
        env = client_environment(f"{self.url}/api", self.settings.home / "prefect") | {
            "OCOP_HOME": str(self.settings.home),
            "OCOP_WORKER_THREADS": str(self.settings.worker_threads),
            "OCOP_PREFECT_PORT": str(self.settings.prefect_port),
            "PREFECT_LOGGING_LEVEL": os.environ.get("PREFECT_LOGGING_LEVEL", "WARNING"),
        }
        if self.settings.alert_url:
            env["OCOP_ALERT_URL"] = self.settings.alert_url.get_secret_value()
        if self.settings.database_url:
            env["OCOP_DATABASE_URL"] = self.settings.database_url
        if self.settings.smtp_url:
            env["OCOP_SMTP_URL"] = self.settings.smtp_url.get_secret_value()
        with self.worker_log.open("ab") as log:
            self.worker = subprocess.Popen(
                [sys.executable, "-m", "deployments.worker_main", "--only"],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        note_child(self._pid_file("worker"), self.worker.pid)

    def kill_worker(self) -> None:
        """End the worker as a power cut would: SIGKILL."""
        if self.worker is not None:
            self.worker.send_signal(signal.SIGKILL)
            self.worker.wait()

    def died(self) -> str | None:
        """Which of both ended by itself, if one did."""
        if self.server is not None and not self.server.is_running():
            return f"Máy chủ Prefect đã dừng; xem {self.server.log}"
        if self.worker is not None and self.worker.poll() is not None:
            return f"Tiến trình xử lý đã dừng; xem {self.worker_log}"
        return None

    def restart_dead(self) -> None:
        """Start again what ended by itself."""
        if self.server is not None and not self.server.is_running():
            self.start_server()
            self.wait_for_server()
        if self.worker is not None and self.worker.poll() is not None:
            self.start_worker()

    def gave_up(self, why: str) -> RetryableError:
        """The error for something that dies again and again."""
        return RetryableError(f"{why} (nhiều lần liên tiếp).", remedy="Xem nhật ký rồi chạy lại ocop up.")

    def stop(self) -> None:
        """Stop the worker, then the server."""
        if self.worker is not None and self.worker.poll() is None:
            self.worker.send_signal(signal.SIGTERM)
            try:
                self.worker.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.worker.kill()
                self.worker.wait()
            self._pid_file("worker").unlink(missing_ok=True)
        if self.server is not None:
            stop_server(self.server)
            self._pid_file("server").unlink(missing_ok=True)

    def _pid_file(self, name: str) -> Path:
        return self.settings.home / f"{name}.pid"
