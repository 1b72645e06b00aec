"""A private PostgreSQL cluster in a temporary folder, on 127.0.0.1 and a free port, gone when the tests are over."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from models.database import engine_for
from tests.conftest import load_office

SERVER_USER = "postgres"
"""PostgreSQL refuses to run as root; Debian's package makes this user."""


def programs() -> Path:
    """The folder of `initdb` and `pg_ctl`: on the path, or the newest that Debian keeps beside it."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not kept:
        pytest.fail("PostgreSQL's server is missing: apt-get install -y postgresql")
    return kept[-1].parent


def run(*command: str | Path) -> None:
    """Run as the server's user."""
    own = [str(part) for part in command]
    as_user = ["runuser", "-u", SERVER_USER, "--", *own] if os.geteuid() == 0 else own
    done = subprocess.run(as_user, capture_output=True, text=True, cwd="/", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a running server, without the name of a database."""
    folder = Path(tempfile.mkdtemp(prefix="ocop-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, SERVER_USER)
    data, port = folder / "data", free_port()
    try:
        run(programs() / "initdb", "-D", data, "-U", "ocop", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        # Not to be lost in a power cut is no aim here; being quick is.
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        run(programs() / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://ocop@127.0.0.1:{port}"
        finally:
            run(programs() / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


def execute(server: str, statement: str) -> None:
    """One statement outside any transaction."""
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def office_database(server: str) -> str:
    """The name of a database with the office; copy it, do not change it."""
    execute(server, "CREATE DATABASE office")
    load_office(f"{server}/office")
    engine_for(f"{server}/office").dispose()
    return "office"


@pytest.fixture
def url(server: str, office_database: str) -> Iterator[str]:
    """A database of this test's own with the office in it."""
    execute(server, f"CREATE DATABASE one TEMPLATE {office_database}")
    yield f"{server}/one"
    engine_for(f"{server}/one").dispose()
    execute(server, "DROP DATABASE one")


@pytest.fixture
def empty_url(server: str) -> Iterator[str]:
    """A database with nothing in it."""
    execute(server, "CREATE DATABASE nothing")
    yield f"{server}/nothing"
    engine_for(f"{server}/nothing").dispose()
    execute(server, "DROP DATABASE nothing")
