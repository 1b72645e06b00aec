"""SQLite has one writer at a time: others wait, and whoever waits too long is told so."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from models import database
from models.database import reading, transaction
from models.errors import RetryableError
from models.tables import InstanceSetting


@contextmanager
def another_program_writes(url: str) -> Iterator[None]:
    """Somebody outside of this process holds the database."""
    with sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
    other.close()


def _write(url: str, key: str) -> None:
    with transaction(url) as session:
        session.add(InstanceSetting(key=key, value={}))


def test_writers_of_many_threads_all_come_to_their_turn(url: str) -> None:
    threads = [threading.Thread(target=_write, args=(url, f"turn-{n}")) for n in range(20)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with reading(url) as session:
        query = select(func.count()).select_from(InstanceSetting).where(InstanceSetting.key.like("turn-%"))
        assert session.scalar(query) == 20


def test_writer_waits_for_another_program_and_goes_on(url: str) -> None:
    done = threading.Event()

    def write() -> None:
        _write(url, "after")
        done.set()

    waiting = threading.Thread(target=write)

    with another_program_writes(url):
        waiting.start()
        assert not done.wait(0.2)
    waiting.join()

    assert done.is_set()


def test_writer_who_waits_too_long_is_told_to_try_again(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)

    with another_program_writes(url), pytest.raises(RetryableError, match="đang bận"):
        _write(url, "too late")

    _write(url, "in time")


def test_writer_that_fails_lets_the_next_in(url: str) -> None:
    with pytest.raises(ZeroDivisionError), transaction(url):
        raise ZeroDivisionError

    _write(url, "next")

    with reading(url) as session:
        assert session.get(InstanceSetting, "next") is not None


def test_reader_does_not_wait_for_a_writer(url: str) -> None:
    with transaction(url) as writer:
        writer.add(InstanceSetting(key="unseen", value={}))
        writer.flush()
        with reading(url) as session:
            assert session.get(InstanceSetting, "unseen") is None
