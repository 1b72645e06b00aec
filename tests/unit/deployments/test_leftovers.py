"""Children that outlived a killed `ocop up`: stopped, and never a process that only has the same number."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deployments import leftovers
from deployments.leftovers import note_child, stop_leftover

SLEEPS = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPS}"


@pytest.fixture
def pid_file(tmp_path: Path) -> Path:
    return tmp_path / "worker.pid"


@pytest.fixture
def child(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is up; killed in the end if it still lives."""
    code = getattr(request, "param", SLEEPS)
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    yield process
    process.kill()
    process.communicate()


def test_noted_child_is_stopped(pid_file: Path, child: subprocess.Popen[bytes]) -> None:
    note_child(pid_file, child.pid)

    assert stop_leftover(pid_file)

    assert child.poll() is not None
    assert not pid_file.exists()


@pytest.mark.parametrize("child", [STUBBORN], indirect=True)
def test_child_that_does_not_listen_is_killed(
    pid_file: Path, child: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leftovers, "STOP_SECONDS", 0.5)
    note_child(pid_file, child.pid)

    assert stop_leftover(pid_file)

    assert child.poll() is not None


def test_other_process_with_the_same_number_is_left_alone(pid_file: Path, child: subprocess.Popen[bytes]) -> None:
    started = psutil.Process(child.pid).create_time()
    pid_file.write_text(f"{child.pid} {started - 3600}", encoding="ascii")

    assert not stop_leftover(pid_file)

    assert child.poll() is None
    assert not pid_file.exists()


def test_child_that_ended_by_itself_is_none(pid_file: Path, child: subprocess.Popen[bytes]) -> None:
    note_child(pid_file, child.pid)
    child.kill()
    child.wait()

    assert not stop_leftover(pid_file)
    assert not pid_file.exists()


@pytest.mark.parametrize("written", ["", "abc", "12", "{own}", "-1 0.0"])
def test_damaged_note_is_no_process(pid_file: Path, written: str) -> None:
    pid_file.write_text(written.format(own=os.getpid()), encoding="ascii")

    assert not stop_leftover(pid_file)


def test_child_that_nobody_collects_is_not_waited_for(
    pid_file: Path, child: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leftovers, "STOP_SECONDS", 3600.0)
    note_child(pid_file, child.pid)
    child.kill()  # a zombie, as this process does not wait for it

    assert stop_leftover(pid_file)


def test_without_a_note_there_is_nothing_to_stop(pid_file: Path) -> None:
    assert not stop_leftover(pid_file)
