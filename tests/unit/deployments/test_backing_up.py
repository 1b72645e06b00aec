"""Backups: a whole copy of the database and the files, made while others work; what was made is told and kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from deployments import backing_up
from deployments.backing_up import back_up
from models.actors import SYSTEM
from models.backups import last_backup, note_backup
from models.database import engine_for, transaction
from models.errors import FinalError, InputError
from models.settings import Settings
from models.tables import AuditEntry

CONTENT = b"%PDF-1.7 minh chung"


@pytest.fixture
def home(url: str, tmp_path: Path) -> Path:
    folder = tmp_path / "files" / "ab" / "cd"
    folder.mkdir(parents=True)
    (folder / ("ab" * 32)).write_bytes(CONTENT)
    return tmp_path


@pytest.fixture
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder outside the data folder."""
    return tmp_path_factory.mktemp("out")


def test_backup_holds_what_was_stored_even_while_somebody_writes(url: str, home: Path, out: Path) -> None:
    with engine_for(url).connect() as other:
        other.exec_driver_sql("UPDATE people SET name = 'chưa ghi xong'")

        made = back_up(Settings(home=home), out)

        other.rollback()
    with closing(sqlite3.connect(out / made.database)) as copy:
        names = {row[0] for row in copy.execute("SELECT name FROM people")}
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert ("Lê Thị Hương" in names, "chưa ghi xong" in names) == (True, False)
    assert (out / "files" / "ab" / "cd" / ("ab" * 32)).read_bytes() == CONTENT
    assert (made.files, made.files_bytes) == (1, len(CONTENT))


def test_second_backup_copies_only_new_files_and_mends_a_short_one(url: str, home: Path, out: Path) -> None:
    back_up(Settings(home=home), out)
    copy = out / "files" / "ab" / "cd" / ("ab" * 32)
    kept = copy.stat().st_mtime_ns

    back_up(Settings(home=home), out)
    unchanged = copy.stat().st_mtime_ns
    copy.write_bytes(b"%PDF")
    back_up(Settings(home=home), out)

    assert unchanged == kept
    assert copy.read_bytes() == CONTENT


def test_backup_into_the_data_folder_is_refused(url: str, home: Path) -> None:
    with pytest.raises(InputError):
        back_up(Settings(home=home), home / "sao-luu")
    assert not (home / "sao-luu").exists()


def test_postgresql_without_pg_dump_says_what_to_install(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = Settings(home=tmp_path, database_url="postgresql+psycopg://a:b@127.0.0.1:1/x")

    with pytest.raises(FinalError) as refused:
        back_up(found, out)

    assert "postgresql-client" in refused.value.problems[0].remedy


def test_copy_that_breaks_off_leaves_nothing_that_looks_whole(
    url: str, home: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def full(_source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backing_up, "_copy_sqlite", full)

    with pytest.raises(FinalError):
        back_up(Settings(home=home), out)

    assert list(out.iterdir()) == []


def test_last_backup_is_the_latest_noted_and_audited(url: str, home: Path, out: Path) -> None:
    made = back_up(Settings(home=home), out)
    now = datetime(2024, 3, 1, tzinfo=UTC)
    with transaction(url) as session:
        assert last_backup(session) is None
        note_backup(session, made, SYSTEM, now)
        assert last_backup(session) == made
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act == "database.backed_up")).all()

    assert acts == ["database.backed_up"]
