"""The embedded installation: Prefect server and worker as child processes over one data folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from deployments.database_upgrade import upgrade
from deployments.prefect_env import client_environment, use_server
from deployments.prefect_server import PrefectServer, launch_server, stop_server, wait_until_healthy
from models.settings import Settings

STOP_SECONDS = 25.0


class Stack:
    """Server and worker of one data folder; start and stop in this order and back."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.server: PrefectServer | None = None
        self.worker: subprocess.Popen[bytes] | None = None

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
        self.server = launch_server(self.settings.home / "prefect", self.settings.prefect_port)
        try:
            upgrade(self.settings.domain_url)
            # Importing the flows takes seconds, in which the server starts.
            from deployments.deploying import deploy

            wait_until_healthy(self.server)
            use_server(self.server.api_url, self.settings.home / "prefect")
            deploy(scheduled=scheduled)
            self.start_worker()
        except BaseException:
            self.stop()
            raise

    def start_worker(self) -> None:
        """Start the worker process (again, after one was killed)."""
        env = client_environment(f"{self.url}/api", self.settings.home / "prefect") | {
            "OCOP_HOME": str(self.settings.home),
            "OCOP_WORKER_THREADS": str(self.settings.worker_threads),
            "PREFECT_LOGGING_LEVEL": os.environ.get("PREFECT_LOGGING_LEVEL", "WARNING"),
        }
        if self.settings.database_url:
            env["OCOP_DATABASE_URL"] = self.settings.database_url
        with self.worker_log.open("ab") as log:
            self.worker = subprocess.Popen(
                [sys.executable, "-m", "deployments.worker_main", "--only"],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

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

    def stop(self) -> None:
        """Stop the worker, then the server."""
        if self.worker is not None and self.worker.poll() is None:
            self.worker.send_signal(signal.SIGTERM)
            try:
                self.worker.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.worker.kill()
                self.worker.wait()
        if self.server is not None:
            stop_server(self.server)
