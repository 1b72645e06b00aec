"""Transactions, trouble in words, and the version of the database."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect as look_at
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session

from deployments import database_upgrade
from deployments.database_upgrade import alembic_config, inspect, upgrade
from models.certificates.issuing import register_old
from models.certificates.sweeping import sweep
from models.database import engine_for, reading, transaction, translate
from models.enums import Level, Role
from models.errors import FinalError, OcopError, RetryableError
from models.process.kinds import StepKind
from models.rounds.queries import product_by_name
from models.tables import AuditEntry, Base, ClockEntry, Office, OutboxMessage, WorkItem
from tests.factories import HANDED_IN, HELD, LONGAN, at, decided, opened, submit


class DriverError(Exception):
    """What a driver raises."""


def words(message: str, kind: type[DBAPIError] = OperationalError) -> OcopError | None:
    return translate(kind("SELECT 1", {}, DriverError(message)))


def entry(at_: datetime = HELD) -> AuditEntry:
    return AuditEntry(at=at_, capacity=Role.SYSTEM, act="test", subject="test:1")


def count(session: Session) -> int:
    return len(session.scalars(select(AuditEntry).where(AuditEntry.act == "test")).all())


# Transactions


def test_transaction_stores_all(url: str) -> None:
    with transaction(url) as session:
        session.add_all([entry(), entry()])

    with reading(url) as session:
        assert count(session) == 2


def test_transaction_with_an_error_stores_nothing(url: str) -> None:
    def act() -> None:
        with transaction(url) as session:
            session.add(entry())
            session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        act()

    with reading(url) as session:
        assert count(session) == 0


def test_moment_is_read_back_as_it_was_in_utc(url: str) -> None:
    with transaction(url) as session:
        session.add(entry(datetime(2024, 9, 12, 9, tzinfo=timezone(timedelta(hours=7)))))

    with reading(url) as session:
        (found,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "test"))
        assert found.at == datetime(2024, 9, 12, 2, tzinfo=UTC)
        assert found.at.tzinfo is UTC


def test_moment_without_a_zone_is_refused(url: str) -> None:
    with pytest.raises(StatementError, match="a time without a zone cannot be stored"), transaction(url) as session:
        session.add(entry(datetime(2024, 9, 12, 9)))


def test_foreign_keys_are_enforced(url: str) -> None:
    row = entry()
    row.actor_id = 404

    with pytest.raises(IntegrityError), transaction(url) as session:
        session.add(row)


def test_reader_neither_waits_for_a_writer_nor_sees_half_of_it(url: str) -> None:
    with transaction(url) as writer:
        writer.add(entry())
        writer.flush()
        with reading(url) as session:
            assert count(session) == 0


def test_second_writer_waits_for_the_first(url: str) -> None:
    inside, seen = Event(), []

    def second() -> None:
        inside.wait()
        with transaction(url) as session:
            seen.append(count(session))

    thread = Thread(target=second)
    thread.start()
    with transaction(url) as session:
        session.add(entry())
        session.flush()  # only now the transaction begins
        inside.set()
    thread.join()

    assert seen == [1]


def test_same_row_stored_by_somebody_first_is_passing_trouble(url: str) -> None:
    def message() -> OutboxMessage:
        return OutboxMessage(kind="event", key="k", payload={}, created_at=HELD, next_try_at=HELD)

    with pytest.raises(RetryableError, match="Có người vừa ghi"), transaction(url) as session:
        session.add_all([message(), message()])


# Trouble in words


@pytest.mark.parametrize(
    "message", ["database or disk is full", "could not extend file: No space left on device", "disk I/O error"]
)
def test_full_disk_is_final_and_says_that_nothing_is_half_stored(message: str) -> None:
    error = words(message)

    assert isinstance(error, FinalError)
    assert error.problems[0].problem == "Ổ đĩa đã đầy hoặc không ghi được; không có gì bị ghi dở dang."
    assert error.problems[0].field == "OCOP_HOME"


def test_full_disk_while_storing_leaves_the_data_whole(url: str) -> None:
    engine = engine_for(url)
    with transaction(url) as session:
        pages = session.execute(text("PRAGMA page_count")).scalar_one()
        session.execute(text(f"PRAGMA max_page_count={pages}"))
    with pytest.raises(FinalError, match="Ổ đĩa đã đầy"), transaction(url) as session:
        session.add_all([entry() for _ in range(2000)])
    engine.dispose()

    with reading(url) as session:
        assert count(session) == 0


@pytest.mark.parametrize(
    "message",
    ["database disk image is malformed", "file is not a database", "no such table: rounds", "no such column: x.y"],
)
def test_damaged_database_is_final(message: str) -> None:
    error = words(message, DBAPIError)

    assert isinstance(error, FinalError)
    assert error.problems[0].remedy == "Chạy «ocop db check»; nếu chưa có dữ liệu, chạy «ocop db upgrade»."


@pytest.mark.parametrize("message", ["database is locked", "connection refused", "deadlock detected"])
def test_busy_database_is_passing_trouble(message: str) -> None:
    assert isinstance(words(message), RetryableError)


def test_fault_of_ours_is_not_translated() -> None:
    assert words("NOT NULL constraint failed: audit.act", IntegrityError) is None
    assert words("syntax error", DBAPIError) is None


def test_file_that_is_no_database_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "ocop.sqlite"
    path.write_bytes(b"Bao cao nam 2024 " * 500)

    with pytest.raises(FinalError, match="hỏng hoặc chưa được tạo"), reading(f"sqlite:///{path}") as session:
        session.scalars(select(Office)).all()
    with pytest.raises(FinalError, match="hỏng hoặc chưa được tạo"):
        upgrade(f"sqlite:///{path}")


def test_database_without_tables_is_said_to_need_them(tmp_path: Path) -> None:
    with (
        pytest.raises(FinalError, match="hỏng hoặc chưa được tạo"),
        reading(f"sqlite:///{tmp_path / 'empty.sqlite'}") as session,
    ):
        session.scalars(select(Office)).all()


# Version and drift


def test_upgrade_makes_folder_and_tables(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'folder' / 'ocop.sqlite'}"

    revision = upgrade(url)

    state = inspect(url)
    assert (state.current, state.needed, state.drift, state.up_to_date) == (revision, revision, [], True)


def test_upgrade_twice_changes_nothing(url: str) -> None:
    assert upgrade(url) == upgrade(url)
    with reading(url) as session:
        assert session.scalars(select(Office.code).limit(1)).one()


def test_looking_at_a_database_that_is_not_there_does_not_make_it(tmp_path: Path) -> None:
    path = tmp_path / "none" / "ocop.sqlite"

    state = inspect(f"sqlite:///{path}")

    assert (state.current, state.up_to_date, path.exists(), path.parent.exists()) == (None, False, False, False)


def test_database_of_a_newer_version_is_refused_and_left_as_it_is(url: str) -> None:
    with transaction(url) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    for act in (upgrade, inspect):
        with pytest.raises(FinalError, match=r"phiên bản mới hơn \(mã 9999\)") as refused:
            act(url)
        assert refused.value.problems[0].remedy.endswith("Dữ liệu chưa bị thay đổi.")
    with reading(url) as session:
        assert session.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"


def test_migrations_go_down_and_up_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ocop.sqlite'}"
    upgrade(url)

    with engine_for(url).begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    assert look_at(engine_for(url)).get_table_names() == ["alembic_version"]
    assert inspect(url).current is None

    upgrade(url)
    assert inspect(url).up_to_date


def test_items_and_what_refers_to_them_are_kept_when_their_table_is_made_anew(url: str) -> None:
    with transaction(url) as session:
        decided(session, 60)
        register_old(
            session,
            product_by_name(session, LONGAN),
            stars=3,
            decision_number="1/QĐ",
            issued_on=date(2023, 6, 15),
            level=Level.PROVINCE,
        )
        sweep(session, at("2026-01-10"))
        of_round = select(WorkItem.id).where(WorkItem.round_id.is_not(None)).order_by(WorkItem.id)
        kept = session.scalars(of_round).all()
        clock = session.scalars(select(ClockEntry.item_id).where(ClockEntry.item_id.in_(kept)).order_by("id")).all()
        owner = session.scalars(select(WorkItem.owner_office_id).distinct()).one()
        assert session.scalars(select(WorkItem).where(WorkItem.round_id.is_(None))).all()

    with engine_for(url).begin() as connection:
        config = alembic_config(connection)
        before = ScriptDirectory.from_config(config).get_revision("0008").down_revision
        command.downgrade(config, str(before))
    upgrade(url)

    assert inspect(url).up_to_date
    with reading(url) as session:
        assert session.scalars(select(WorkItem.id).order_by(WorkItem.id)).all() == kept
        assert session.scalars(select(ClockEntry.item_id).order_by("id")).all() == clock
        assert session.scalars(select(WorkItem.owner_office_id).distinct()).all() == [owner]
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []


def test_marks_of_sources_in_old_entries_become_words(url: str) -> None:
    marked = {
        "QĐ 26: 15 ngày ([law] 26/2026/QĐ-TTg)": "QĐ 26: 15 ngày (theo 26/2026/QĐ-TTg)",
        "3 ngày ([ours] mặc định): chuyển từ đợt 1": "3 ngày (mặc định): chuyển từ đợt 1",
        "Quy định của [ours] văn phòng": "Quy định của [ours] văn phòng",
    }
    with transaction(url) as session:
        entries = opened(session, submit(session), StepKind.REGISTRATION_CHECK, HANDED_IN).clock
        entries += [_copy(entries[0]) for _ in range(2)]
        for entry, rule in zip(entries, marked, strict=True):
            entry.rule = rule
    with engine_for(url).begin() as connection:
        command.downgrade(alembic_config(connection), "0016")

    upgrade(url)

    with reading(url) as session:
        assert session.scalars(select(ClockEntry.rule).order_by("id")).all() == list(marked.values())


def _copy(entry: ClockEntry) -> ClockEntry:
    kept = {c.key: getattr(entry, c.key) for c in ClockEntry.__table__.columns if c.key not in {"id", "item_id"}}
    return ClockEntry(**kept)


def test_migrations_go_down_with_data_in_the_tables(url: str) -> None:
    with transaction(url) as session:
        decided(session, 72, gates=4)

    with engine_for(url).begin() as connection:
        command.downgrade(alembic_config(connection), "base")

    assert look_at(engine_for(url)).get_table_names() == ["alembic_version"]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("ALTER TABLE people ADD COLUMN nickname VARCHAR", "remove_column"),
        ("ALTER TABLE people DROP COLUMN phone", "add_column"),
        ("DROP INDEX ix_rounds_code", "add_index"),
        ("CREATE TABLE extra (id INTEGER PRIMARY KEY)", "remove_table"),
        ("DROP TABLE instance_settings", "add_table"),
    ],
)
def test_drift_is_found(url: str, change: str, found: str) -> None:
    with transaction(url) as session:
        session.execute(text(change))

    state = inspect(url)

    assert not state.up_to_date
    assert len(state.drift) == 1
    assert found in state.drift[0]


def test_drift_of_a_column_s_type_is_found(url: str, tmp_path: Path) -> None:
    path = tmp_path / "ocop.sqlite"
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA writable_schema=ON")
        raw.execute("UPDATE sqlite_master SET sql = replace(sql, 'points VARCHAR', 'points INTEGER')")

    (found,) = inspect(url).drift

    assert "modify_type" in found
    assert "points" in found


def test_older_database_is_not_up_to_date(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_upgrade, "_head", lambda: "0099")

    assert not inspect(url).up_to_date


TABLES = sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__name__)


@pytest.mark.parametrize("mapper", TABLES, ids=lambda mapper: mapper.class_.__name__)
def test_every_table_says_what_one_row_is(mapper: Any) -> None:
    assert (mapper.class_.__doc__ or "").split()[0] in {"One", "The", "What"}


def test_copy_of_the_office_is_whole(office_file: Path, tmp_path: Path) -> None:
    """The fixtures copy one file: nothing of it may be left in a WAL beside it."""
    assert not office_file.with_name(office_file.name + "-wal").exists()
    copy = tmp_path / "copy.sqlite"
    shutil.copyfile(office_file, copy)

    with sqlite3.connect(copy) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_moments_of_the_tests_are_days_of_the_office() -> None:
    assert at("2024-09-12", hour=0).astimezone(UTC) == datetime(2024, 9, 11, 17, tzinfo=UTC)
