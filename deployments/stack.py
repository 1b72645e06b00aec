"""The embedded installation: Prefect server, worker and portal as child processes over one data folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from deployments.child import Child
from deployments.database_upgrade import upgrade
from deployments.leftovers import note_child, stop_leftover
from deployments.prefect_env import client_environment, use_server
from deployments.prefect_server import PrefectServer, check_port_free, launch_server, stop_server, wait_until_healthy
from models.database import transaction
from models.errors import RetryableError
from models.notifications.links import note_server_port
from models.settings import Settings

if TYPE_CHECKING:
    from deployments.bringing_up import Overview


class Stack:
    """Server, worker and (`portal`) the portal of one data folder; start and stop in this order and back."""

    def __init__(self, settings: Settings, *, portal: bool = False) -> None:
        self.settings = settings
        self.server: PrefectServer | None = None
        self.deployed: Overview | None = None
        self._with_portal = portal
        only_work = ("deployments.worker_main", "--only")
        self._worker = Child("worker", "Tiến trình xử lý", settings.home, only_work)
        self._portal = Child("portal", "Cổng làm việc", settings.home, ("deployments.portal_main",))

    @property
    def url(self) -> str:
        """Address of Prefect's UI."""
        return f"http://127.0.0.1:{self.settings.prefect_port}"

    @property
    def worker_log(self) -> Path:
        """Where the worker writes."""
        return self._worker.log

    @property
    def portal_url(self) -> str:
        """Where people reach the portal."""
        return self.settings.portal_url or f"http://127.0.0.1:{self.settings.portal_port}"

    def start(self, *, scheduled: bool = True) -> None:
        """Bring the database up to date, start the server, deploy, start the worker.

        Raises:
            PersonError: the port is taken.
            RetryableError: the server does not start.
        """
        self._portal.stop_leftover()
        self._worker.stop_leftover()
        stop_leftover(self._pid_file("server"))
        if self._with_portal:
            check_port_free(self.settings.portal_port, "--portal-port")
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
            if self._with_portal:
                self.start_portal()
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
        env = client_environment(f"{self.url}/api", self.settings.home / "prefect")
        self._worker.start(env | self._own_environment())

    def kill_worker(self) -> None:
        """End the worker as a power cut would: SIGKILL."""
        self._worker.kill()

    def start_portal(self) -> None:
        """Start the portal (again). It knows the domain only; of Prefect just where to link to."""
        self._portal.start(dict(os.environ) | self._own_environment())

    def _own_environment(self) -> dict[str, str]:
        """What we were told by options and settings, for the processes that we start."""
        own = self.settings
        env = {
            "OCOP_HOME": str(own.home),
            "OCOP_WORKER_THREADS": str(own.worker_threads),
            "OCOP_PREFECT_PORT": str(own.prefect_port),
            "OCOP_PORTAL_PORT": str(own.portal_port),
            "PREFECT_LOGGING_LEVEL": os.environ.get("PREFECT_LOGGING_LEVEL", "WARNING"),
        }
        beside = self.portal_url if self._with_portal else None
        given = {
            "OCOP_DATABASE_URL": own.database_url,
            "OCOP_PORTAL_URL": own.portal_url,
            "OCOP_PORTAL_BESIDE": beside,
        }
        for name, secret in (("OCOP_ALERT_URL", own.alert_url), ("OCOP_SMTP_URL", own.smtp_url)):
            given[name] = secret.get_secret_value() if secret else None
        return env | {name: value for name, value in given.items() if value}

    def died(self) -> str | None:
        """Which of them ended by itself, if one did."""
        if self.server is not None and not self.server.is_running():
            return f"Máy chủ Prefect đã dừng; xem {self.server.log}"
        return self._worker.died() or self._portal.died()

    def restart_dead(self) -> None:
        """Start again what ended by itself."""
        if self.server is not None and not self.server.is_running():
            self.start_server()
            self.wait_for_server()
        if self._worker.died():
            self.start_worker()
        if self._portal.died():
            self.start_portal()

    def gave_up(self, why: str) -> RetryableError:
        """The error for something that dies again and again."""
        return RetryableError(f"{why} (nhiều lần liên tiếp).", remedy="Xem nhật ký rồi chạy lại ocop up.")

    def stop(self) -> None:
        """Stop portal and worker, then the server."""
        self._portal.stop()
        self._worker.stop()
        if self.server is not None:
            stop_server(self.server)
            self._pid_file("server").unlink(missing_ok=True)

    def _pid_file(self, name: str) -> Path:
        return self.settings.home / f"{name}.pid"
