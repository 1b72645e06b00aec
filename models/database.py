"""Connections and transactions; the one place that knows which database it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from models.errors import FinalError, OcopError, RetryableError
from models.settings import settings

BUSY_SECONDS = 15


@cache
def engine_for(url: str) -> Engine:
    """The engine for `url`, one a process; SQLite in WAL mode, writers queue instead of failing."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # SQLAlchemy's begin event opens the transaction
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    # A read that turns into a write half way cannot wait for the lock in WAL mode; readers ask for DEFERRED.
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")


@contextmanager
def transaction(url: str | None = None) -> Iterator[Session]:
    """One unit of work: everything in it is stored together or not at all.

    Raises:
        RetryableError: the database is busy or not reachable for now.
        FinalError: the disk is full or the file is damaged.
    """
    engine = engine_for(url or settings().domain_url)
    with _translated(), Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(url: str | None = None) -> Iterator[Session]:
    """A session that only reads; on SQLite it never waits for a writer."""
    engine = engine_for(url or settings().domain_url).execution_options(sqlite_begin="DEFERRED")
    with _translated(), Session(engine) as session:
        yield session


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OcopError:
        raise
    except OperationalError as error:
        raise translate(error) from error


def translate(error: OperationalError) -> OcopError:
    """A database's own trouble as one of our three classes, in words."""
    text = str(error.orig).lower()
    if "full" in text or "no space" in text or "disk i/o" in text:
        return FinalError(
            "Ổ đĩa đã đầy hoặc không ghi được; không có gì bị ghi dở dang.",
            field="OCOP_HOME",
            remedy="Giải phóng chỗ trên ổ đĩa chứa dữ liệu rồi làm lại thao tác vừa rồi.",
        )
    if "malformed" in text or "not a database" in text or "no such table" in text or "no such column" in text:
        return FinalError(
            f"Cơ sở dữ liệu hỏng hoặc chưa được tạo ({error.orig}).",
            field="OCOP_HOME",
            remedy="Chạy «ocop db check»; nếu chưa có dữ liệu, chạy «ocop db upgrade».",
        )
    return RetryableError(
        f"Cơ sở dữ liệu đang bận hoặc chưa kết nối được ({error.orig}).",
        field="cơ sở dữ liệu",
        remedy="Thử lại sau ít phút.",
    )
