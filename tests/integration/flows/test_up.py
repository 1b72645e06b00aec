"""`ocop up` as a process: what it refuses, what it starts again, and that nothing outlives it for good."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from deployments.prefect_server import HOST, free_port, is_healthy

pytestmark = pytest.mark.slow

RUNNING = "Đang chạy; nhấn Ctrl-C để dừng."
PATIENCE = 120.0
CHILDREN = ("server", "worker", "portal")


class Up:
    """One data folder with a port, and the `ocop up` that runs on it."""

    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.port = port
        self.log = home.parent / f"{home.name}.log"
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        """`ocop up`, not yet ready."""
        self.log.write_bytes(b"")
        with self.log.open("ab") as output:
            return subprocess.Popen(command(self.home, self.port), env=environment(), stdout=output, stderr=output)

    def start_again(self) -> None:
        """Another one on the same folder, after the first ended."""
        self.process = self.start()
        self.wait_until_running()

    def wait_until_running(self) -> None:
        """Until it says so."""
        wait_until(lambda: RUNNING in self.words() or self.process.poll() is not None, "up")
        assert RUNNING in self.words(), self.words()

    def words(self) -> str:
        """What it has printed."""
        return self.log.read_text(encoding="utf-8")

    def child(self, name: str) -> psutil.Process | None:
        """The server, the worker or the portal that the folder knows of."""
        try:
            return psutil.Process(int((self.home / f"{name}.pid").read_text().split()[0]))
        except (OSError, IndexError, psutil.NoSuchProcess):
            return None

    def children(self) -> list[psutil.Process]:
        """All three, which must be there."""
        found = [self.child(name) for name in CHILDREN]
        assert None not in found
        return [child for child in found if child is not None]

    def clean(self) -> None:
        """Leave nothing behind, whatever the test did."""
        self.process.kill()
        self.process.wait()
        for child in map(self.child, CHILDREN):
            if child is not None:
                child.kill()


def command(home: Path, port: int) -> list[str]:
    ports = ["--prefect-port", str(port), "--portal-port", str(free_port())]
    return [sys.executable, "-m", "deployments.cli", "--home", str(home), "up", *ports]


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("OCOP_", "PREFECT_"))}


def wait_until(condition: Callable[[], bool], what: str) -> None:
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit, f"did not happen: {what}"
        time.sleep(0.1)


def alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def refused(home: Path, port: int) -> tuple[int, str]:
    """Exit status and words of an `ocop up` that must not start."""
    done = subprocess.run(
        command(home, port), env=environment(), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    return done.returncode, done.stderr


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One that runs; the tests below use it in turn, and the last stops it."""
    started = Up(tmp_path_factory.mktemp("up"), free_port())
    try:
        started.wait_until_running()
        yield started
    finally:
        started.clean()


def test_second_instance_on_the_folder_is_refused(up: Up) -> None:
    status, words = refused(up.home, free_port())

    assert status == 2
    assert f"Thư mục dữ liệu {up.home} đang được một bản ocop khác sử dụng." in words
    assert "Traceback" not in words
    assert [alive(child) for child in up.children()] == [True, True, True]


def test_port_of_another_program_is_refused(up: Up, tmp_path: Path) -> None:
    status, words = refused(tmp_path / "khac", up.port)

    assert status == 2
    assert f"cổng {up.port} đang có chương trình khác dùng" in words
    assert "Traceback" not in words
    assert sorted(p.name for p in (tmp_path / "khac").glob("*.pid")) == []


def test_killed_worker_and_server_are_started_again(up: Up) -> None:
    before = up.children()

    for child in reversed(before):
        child.kill()
    wait_until(lambda: up.words().count("Đang khởi động lại…") >= 1, "notice")
    wait_until(
        lambda: all(c is not None and c.pid not in {b.pid for b in before} for c in map(up.child, CHILDREN)),
        "all started again",
    )

    wait_until(lambda: is_healthy(f"http://{HOST}:{up.port}/api"), "server answers")
    assert [alive(child) for child in up.children()] == [True, True, True]
    assert up.process.poll() is None


def test_killed_up_leaves_children_that_the_next_one_replaces(up: Up) -> None:
    orphans = up.children()
    up.process.kill()
    up.process.wait()
    left = [alive(child) for child in orphans]

    up.start_again()

    assert left == [True, True, True]
    assert [alive(child) for child in orphans] == [False, False, False]
    assert [alive(child) for child in up.children()] == [True, True, True]


def test_sigterm_stops_everything(up: Up) -> None:
    children = up.children()

    up.process.terminate()

    assert up.process.wait(PATIENCE) == 0
    assert [alive(child) for child in children] == [False, False, False]
    assert "Đang dừng…" in up.words()
    assert sorted(p.name for p in up.home.glob("*.pid")) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_interrupt_while_starting_stops_what_was_started(tmp_path: Path, number: signal.Signals) -> None:
    up = Up(tmp_path / "moi", free_port())
    try:
        wait_until(lambda: up.child("server") is not None, "server launched")
        server = up.child("server")

        up.process.send_signal(number)

        assert up.process.wait(PATIENCE) == 0
        assert server is not None
        assert not alive(server)
        assert "Traceback" not in up.words()
    finally:
        up.clean()


def test_data_of_a_newer_version_are_refused_and_stay_as_they_are(tmp_path: Path) -> None:
    home = tmp_path / "moi-hon"
    home.mkdir()
    with sqlite3.connect(home / "ocop.sqlite") as database:
        database.execute("create table alembic_version (version_num text)")
        database.execute("insert into alembic_version values ('9999')")
    database.close()

    status, words = refused(home, free_port())

    assert status == 4
    assert "thuộc phiên bản mới hơn (mã 9999)" in " ".join(words.split())
    assert "Traceback" not in words
    assert sorted(p.name for p in home.glob("*.pid")) == []
    with sqlite3.connect(home / "ocop.sqlite") as database:
        assert database.execute("select name from sqlite_master").fetchall() == [("alembic_version",)]
    database.close()
