"""The embedded server as a process: ports, starts that fail, what it serves."""

from __future__ import annotations

import socket
from pathlib import Path

import httpx
import pytest

from deployments.prefect_server import (
    PrefectServer,
    check_port_free,
    free_port,
    is_healthy,
    launch_server,
    leftover_pid,
    start_server,
    stop_server,
    wait_until_healthy,
)
from models.errors import PersonError, RetryableError
from tests.integration.prefect.conftest import Site

pytestmark = pytest.mark.slow


def test_running_server_is_healthy_and_known_by_its_pid(site: Site) -> None:
    assert is_healthy(site.server.api_url)
    assert leftover_pid(site.home) == site.server.process.pid


def test_nobody_answers_on_a_free_port() -> None:
    assert not is_healthy(f"http://127.0.0.1:{free_port()}/api")


def test_taken_port_is_refused_before_anything_starts(site: Site, tmp_path: Path) -> None:
    with pytest.raises(PersonError) as error:
        start_server(tmp_path, site.server.port)

    assert error.value.problems[0].problem == f"cổng {site.server.port} đang có chương trình khác dùng"
    assert leftover_pid(tmp_path) is None


def test_free_port_is_accepted() -> None:
    check_port_free(free_port())


def test_server_that_cannot_start_says_where_the_log_is(tmp_path: Path) -> None:
    wrong = "sqlite+aiosqlite:////khong/co/thu-muc/prefect.db"

    with pytest.raises(RetryableError) as error:
        start_server(tmp_path, free_port(), database_url=wrong)

    assert error.value.problems[0].remedy == f"Xem nhật ký {tmp_path / 'server.log'} rồi chạy lại."
    assert leftover_pid(tmp_path) is None


def test_server_too_slow_is_stopped(tmp_path: Path) -> None:
    server = launch_server(tmp_path, free_port())

    with pytest.raises(RetryableError):
        wait_until_healthy(server, seconds=0.3)

    assert not server.is_running()


def test_server_listens_on_this_machine_only(site: Site) -> None:
    # A socket bound to every address would answer here too.
    with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
        probe.connect(("127.0.0.2", site.server.port))


def test_front_page_is_the_interface_with_the_resume_button(site: Site) -> None:
    settings = httpx.get(f"{site.server.url}/ui-settings").json()

    assert settings["default_ui"] == "v1"


def test_stopping_twice_is_harmless(tmp_path: Path) -> None:
    server: PrefectServer = launch_server(tmp_path, free_port())

    stop_server(server)
    stop_server(server)

    assert not server.is_running()
