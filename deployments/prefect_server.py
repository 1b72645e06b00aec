"""The embedded Prefect server: a child process on 127.0.0.1, its files in one folder, stopped by its pid."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from deployments.prefect_env import server_environment
from models.errors import PersonError, RetryableError

HOST = "127.0.0.1"
START_SECONDS = 90.0
"""How long a start may take. The first builds the database: 8 s on 2 free cores, later ones 2.5 s."""
STOP_SECONDS = 8.0
_POLL_SECONDS = 0.1


@dataclass(frozen=True)
class PrefectServer:
    """A server that this process started and is to stop."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        """The address that people open (Prefect's UI)."""
        return f"http://{HOST}:{self.port}"

    @property
    def api_url(self) -> str:
        """The value of `PREFECT_API_URL`."""
        return f"{self.url}/api"

    def is_running(self) -> bool:
        """Whether the process lives; it may still be starting."""
        return self.process.poll() is None


def start_server(home: Path, port: int, *, database_url: str | None = None) -> PrefectServer:
    """Start a server that keeps its data in `home` and return when it answers; its log is `server.log` there.

    Raises `PersonError` when the port is taken, `RetryableError` when the server ends or is silent for
    `START_SECONDS`. The process is a session of its own: Ctrl-C in the terminal does not reach it, so that
    the worker can end before it.
    """
    server = launch_server(home, port, database_url=database_url)
    wait_until_healthy(server)
    return server


def launch_server(home: Path, port: int, *, database_url: str | None = None) -> PrefectServer:
    """As `start_server`, but return at once: for a caller with other things to start meanwhile."""
    home.mkdir(parents=True, exist_ok=True)
    check_port_free(port)
    log = home / "server.log"
    command = [sys.executable, "-m", "deployments.server_main", "server", "start", "--host", HOST, "--port", str(port)]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            env=_ui_meets_api(port) | server_environment(home, database_url=database_url),
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _pid_file(home).write_text(str(process.pid), encoding="ascii")
    return PrefectServer(process, port, log)


def _ui_meets_api(port: int) -> dict[str, str]:
    # Without it the page asks port 4200, whatever port the server has; behind a proxy the operator sets it.
    return {"PREFECT_SERVER_UI_API_URL": f"http://{HOST}:{port}/api"}


def wait_until_healthy(server: PrefectServer, seconds: float = START_SECONDS) -> None:
    """Return when the server answers; else stop it and raise `RetryableError` with the end of its log."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit and server.is_running():
        if is_healthy(server.api_url):
            return
        time.sleep(_POLL_SECONDS)
    stop_server(server)
    raise RetryableError(
        f"máy chủ Prefect không khởi động được ở {server.url}: {_last_line(server.log)}",
        remedy=f"Xem nhật ký {server.log} rồi chạy lại.",
    )


def stop_server(server: PrefectServer) -> None:
    """Stop the server and wait for it; killed when it does not end within `STOP_SECONDS`."""
    if server.is_running():
        server.process.send_signal(signal.SIGTERM)
    try:
        server.process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()
    _pid_file(server.log.parent).unlink(missing_ok=True)


def is_healthy(api_url: str) -> bool:
    """Whether a Prefect server answers at `api_url`."""
    try:
        return httpx.get(f"{api_url}/health", timeout=2.0).is_success
    except httpx.TransportError:
        return False


def check_port_free(port: int, option: str = "--prefect-port") -> None:
    """Raise `PersonError` when something else listens on the port; `option` is the one that gives another."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            variable = "OCOP_" + option.removeprefix("--").replace("-", "_").upper()
            remedy = f"Tắt chương trình đang dùng cổng này, hoặc chọn cổng khác: {option} ({variable})."
            raise PersonError(f"cổng {port} đang có chương trình khác dùng", remedy=remedy) from error


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def leftover_pid(home: Path) -> int | None:
    """The pid of a server that a killed `ocop up` left running on `home`, `None` when there is none."""
    try:
        pid = int(_pid_file(home).read_text(encoding="ascii"))
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    return pid


def _pid_file(home: Path) -> Path:
    return home / "server.pid"


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else "không có nhật ký"
