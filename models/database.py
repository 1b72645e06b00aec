"""Connections and transactions; the one place that knows which database it is."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Connection, CursorResult, Delete, Engine, Update, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from models.errors import FinalError, NotedError, OcopError, RetryableError, disk_full
from models.settings import settings

BUSY_SECONDS = 15
ASK_AGAIN_SECONDS = 0.001
"""How often a writer asks whether it is its turn. SQLite itself asks ever more rarely, up to ten times a second, so
that under load who came first could wait for seconds while others went past (docs/traps.md)."""

KEPT_IN_MEMORY_KB = 16_384
MAPPED_BYTES = 256 * 1024 * 1024
"""SQLite: pages kept by each connection, and how much of the file is read without copying [ours]."""

KEPT_CONNECTIONS = 10
"""SQLite: a connection that is opened anew has to read the tables' definitions and all of its pages again."""

DAMAGED = ("malformed", "not a database", "no such table", "no such column", "undefinedtable", "undefinedcolumn")
"""What SQLite's messages, or the names of psycopg's errors, say of a damaged file or one without our tables."""


@cache
def engine_for(url: str) -> Engine:
    """The engine for `url`, one a process; SQLite in WAL mode, writers queue instead of failing."""
    if not _is_sqlite(url):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, pool_size=KEPT_CONNECTIONS)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # SQLAlchemy's begin event opens the transaction
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute(f"PRAGMA cache_size=-{KEPT_IN_MEMORY_KB}")
    cursor.execute(f"PRAGMA mmap_size={MAPPED_BYTES}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A read that turns into a write half way cannot wait for the lock in WAL mode; readers ask for DEFERRED.
    if connection.get_execution_options().get("sqlite_begin") == "DEFERRED":
        connection.connection.cursor().execute("BEGIN DEFERRED")
        return
    cursor = connection.connection.cursor()
    try:
        cursor.execute("PRAGMA busy_timeout=0")
        _begin_in_turn(cursor)
    except sqlite3.OperationalError as error:
        raise OperationalError("BEGIN IMMEDIATE", None, error) from error
    finally:
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        cursor.close()


def _begin_in_turn(cursor: DBAPICursor) -> None:
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(ASK_AGAIN_SECONDS)
        else:
            return


@contextmanager
def _turn(url: str) -> Iterator[None]:
    """SQLite has one writer at a time: those of one process come one after the other, and one of them asks for it."""
    if not _is_sqlite(url):
        yield
        return
    gate = _gate(url)
    if not gate.acquire(timeout=BUSY_SECONDS):
        raise _busy("có nhiều người cùng ghi")
    try:
        yield
    finally:
        gate.release()


@cache
def _gate(_url: str) -> threading.Lock:
    return threading.Lock()


def _is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


class KeepingSession(Session):
    """A session that keeps hold of all it has read, so that a page that comes by the same office ten times asks once.

    Others let go of what nobody uses any more, and must where there are many rows.
    """


@event.listens_for(KeepingSession, "loaded_as_persistent")
def _keep(session: Session, instance: object) -> None:
    session.info.setdefault("kept", []).append(instance)


@contextmanager
def transaction(url: str | None = None, *, kind: type[Session] = Session) -> Iterator[Session]:
    """One unit of work: everything in it is stored together or not at all; a `NotedError` stores, then is raised.

    `kind`: the session's class (`KeepingSession`).

    Raises:
        RetryableError: the database is busy or not reachable for now, or somebody stored the same row first.
        FinalError: the disk is full or the file is damaged.
    """
    where = url or settings().domain_url
    noted: NotedError | None = None
    with translated(), _turn(where), kind(engine_for(where), expire_on_commit=False) as session, session.begin():
        try:
            yield session
        except NotedError as refusal:
            noted = refusal
    if noted is not None:
        raise noted


@contextmanager
def reading(url: str | None = None, *, kind: type[Session] = Session) -> Iterator[Session]:
    """A session that only reads; on SQLite it never waits for a writer. `kind`: as for `transaction`."""
    with translated(), kind(_reading_engine(url or settings().domain_url)) as session:
        yield session


@cache
def _reading_engine(url: str) -> Engine:
    return engine_for(url).execution_options(sqlite_begin="DEFERRED")


@contextmanager
def translated() -> Iterator[None]:
    """Let the database's own trouble come out as one of our three classes; a fault of ours stays as it is."""
    try:
        yield
    except DBAPIError as error:
        known = translate(error)
        if known is None:
            raise
        raise known from error


def translate(error: DBAPIError) -> OcopError | None:
    """A database's own trouble in words; `None` when it is none of its own (a faulty statement, a missing value)."""
    text = f"{type(error.orig).__name__}: {error.orig}".lower()
    if "is full" in text or "no space" in text or "disk i/o" in text:
        return disk_full()
    if any(words in text for words in DAMAGED):
        return FinalError(
            f"Cơ sở dữ liệu hỏng hoặc chưa được tạo ({error.orig}).",
            field="OCOP_HOME",
            remedy="Chạy «ocop db check»; nếu chưa có dữ liệu, chạy «ocop db upgrade».",
        )
    if isinstance(error, IntegrityError) and "unique" in text:
        return RetryableError(
            "Có người vừa ghi cùng một việc ngay trước đó; chưa ghi gì thêm.",
            field="cơ sở dữ liệu",
            remedy="Thử lại.",
        )
    if not isinstance(error, (OperationalError, InterfaceError)):
        return None
    return _busy(str(error.orig))


def _busy(why: str) -> RetryableError:
    return RetryableError(
        f"Cơ sở dữ liệu đang bận hoặc chưa kết nối được ({why}).",
        field="cơ sở dữ liệu",
        remedy="Thử lại sau ít phút.",
    )


def rows_touched(session: Session, statement: Delete | Update) -> int:
    """Carry out a deletion or a change of many rows at once; how many it met."""
    result = session.execute(statement)
    return result.rowcount if isinstance(result, CursorResult) else 0
