"""Data that are missing, of another version, damaged, or on a full disk: a message, and whole data."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, text

from models import database
from models.database import engine_for, reading, transaction
from models.process.kinds import StepKind
from models.steps.advancing import advance
from tests.unit.cli.conftest import OFFICE, PLAN, Ocop, set_day

PAGES = "PRAGMA max_page_count=%d"


def test_commands_without_data_say_what_to_do(ocop: Ocop, home: Path) -> None:
    for command in (("status",), ("task", "list"), ("db", "check"), ("office", "import", OFFICE)):
        answer = ocop(*command, "--json")

        assert (answer.status, answer.problems) == (2, [("OCOP_HOME", f"Chưa có dữ liệu ở {home / 'ocop.sqlite'}.")])
    assert not home.exists()


def test_home_option_wins_over_the_environment(ocop: Ocop, tmp_path: Path) -> None:
    answer = ocop("status", "--home", str(tmp_path / "khác"), "--json")

    assert answer.problems[0][1] == f"Chưa có dữ liệu ở {tmp_path / 'khác' / 'ocop.sqlite'}."


def test_upgrade_makes_the_database_once(ocop: Ocop, home: Path) -> None:
    first, second = ocop("db", "upgrade", "--json").json, ocop("db", "upgrade", "--json").json

    assert first["before"] is None
    assert second["before"] == second["revision"] == first["revision"]
    assert first["database"] == str(home / "ocop.sqlite")


def test_upgrade_where_no_folder_can_be_made(ocop: Ocop, tmp_path: Path) -> None:
    (tmp_path / "tệp").write_text("", encoding="utf-8")

    answer = ocop("db", "upgrade", "--home", str(tmp_path / "tệp" / "dữ liệu"), "--json")

    assert (answer.status, answer.problems[0][0]) == (2, "OCOP_HOME")


@pytest.mark.parametrize("command", [("status",), ("db", "upgrade"), ("db", "check"), ("office", "import", OFFICE)])
def test_newer_database_is_refused_unchanged(ocop: Ocop, data: str, home: Path, command: tuple[str, ...]) -> None:
    _stamp(data, "9999")

    answer = ocop(*command, "--json")

    ((field, problem),) = answer.problems
    assert (answer.status, field) == (4, "cơ sở dữ liệu")
    assert str(home / "ocop.sqlite") in problem
    assert "thuộc phiên bản mới hơn (mã 9999) so với phần mềm này (mã " in problem
    with reading(data) as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


def test_database_without_tables_counts_as_no_data(ocop: Ocop, home: Path) -> None:
    home.mkdir()
    sqlite3.connect(home / "ocop.sqlite").close()

    assert ocop("status", "--json").problems == [("OCOP_HOME", f"Chưa có dữ liệu ở {home / 'ocop.sqlite'}.")]
    assert ocop("db", "check", "--json").status == 1


@pytest.mark.parametrize(("command", "status"), [(("status",), 4), (("db", "upgrade"), 4), (("db", "check"), 1)])
def test_file_that_is_no_database(ocop: Ocop, home: Path, command: tuple[str, ...], status: int) -> None:
    home.mkdir()
    (home / "ocop.sqlite").write_bytes(b"not a database at all" * 100)

    answer = ocop(*command, "--json")

    assert answer.status == status
    assert answer.json.get("ok", False) is False


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("OCOP_CLOCK", "sundial", "OCOP_CLOCK"),
        ("OCOP_PREFECT_PORT", "x", "OCOP_PREFECT_PORT"),
        ("OCOP_DATABASE_URL", "nonsense", "OCOP_DATABASE_URL"),
        ("OCOP_DATABASE_URL", "oracel://x", "OCOP_DATABASE_URL"),
    ],
)
def test_setting_that_cannot_be_used(
    ocop: Ocop, monkeypatch: pytest.MonkeyPatch, name: str, value: str, field: str
) -> None:
    monkeypatch.setenv(name, value)

    answer = ocop("status", "--json")

    assert (answer.status, [found for found, _ in answer.problems]) == (2, [field])


def test_full_disk_leaves_the_data_whole(ocop: Ocop, office: str) -> None:
    ocop("round", "open", "2024-1", "--as", "dieu-phoi")
    engine = engine_for(office)
    with engine.connect() as connection:
        pages = connection.scalar(text("PRAGMA page_count"))
    engine.dispose()
    event.listen(engine, "connect", lambda raw, _: raw.execute(PAGES % pages).close())
    thick = {"round": "2024-1", "product": "Nem mẹ Nhi gói", "kind": "first", "registration": {"note": "x" * 100_000}}

    answer = ocop("dossier", "submit", "-", "--as", "dieu-phoi", "--json", stdin=json.dumps(thick))

    expected = "Ổ đĩa đã đầy hoặc không ghi được; không có gì bị ghi dở dang."
    assert (answer.status, answer.problems) == (4, [("OCOP_HOME", expected)])
    assert ocop("dossier", "list", "--json").json == []
    assert ocop("db", "check", "--json").json["ok"] is True


def test_busy_database_may_be_tried_again(ocop: Ocop, office: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    with closing(sqlite3.connect(home / "ocop.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        writing, looking = ocop("round", "open", "2024-1", "--as", "dieu-phoi"), ocop("round", "list")

    assert (writing.status, looking.status) == (3, 0)
    assert ocop("round", "open", "2024-1", "--as", "dieu-phoi").status == 0


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        (("opens_on: 2024-02-26", "opens_on: 2024-13-26"), ["rounds[0].opens_on"]),
        (("opens_on: 2024-02-26", "opens_on: 2025-02-26"), ["rounds[0].registration_closes_on", "rounds[0].opens_on"]),
        (("council_on: 2024-05-30", "council_on: 2024-03-01"), ["rounds[0].council_on"]),
        (("commune: Nam Giang", "commune: Nam Giong"), ["rounds[0].products[1].commune"]),
        (("regime: qd148-2023", "regime: qd2-2023"), ["regime"]),
        (("year: 2024", "year: [2024"), None),
    ],
)
def test_wrong_plan_is_refused_whole(
    ocop: Ocop, office: str, tmp_path: Path, change: tuple[str, str], fields: list[str] | None
) -> None:
    file = tmp_path / "kế hoạch.yaml"
    file.write_text(Path(PLAN).read_text(encoding="utf-8").replace(*change, 1), encoding="utf-8")
    before = ocop("plan", "show", "--json").out

    answer = ocop("plan", "import", str(file), "--as", "dieu-phoi", "--json")

    assert (answer.status, [field for field, _ in answer.problems]) == (2, fields or [str(file)])
    assert ocop("plan", "show", "--json").out == before


def test_check_finds_a_due_date_that_the_ledger_does_not_give(ocop: Ocop, office: str) -> None:
    ocop("round", "open", "2024-1", "--as", "dieu-phoi")
    item = _open_outreach(office)
    assert ocop("db", "check", "--json").status == 0
    with transaction(office) as session:
        session.execute(text("UPDATE work_items SET due_on = '2024-04-15'"))

    answer = ocop("db", "check", "--json")

    assert (answer.status, answer.json["ok"], answer.json["items_checked"]) == (1, False, 1)
    assert [(d["item"], d["kept"], d["ledger"]) for d in answer.json["due_dates"]] == [
        (item, "2024-04-15", "2024-03-29")
    ]


def test_check_finds_drift_and_orphans(ocop: Ocop, data: str, home: Path) -> None:
    with closing(sqlite3.connect(home / "ocop.sqlite")) as raw:
        raw.execute("CREATE TABLE stray (id INTEGER)")
        raw.execute("INSERT INTO product_aliases (id, product_id, name) VALUES (1, 77, 'x')")
        raw.commit()

    answer = ocop("db", "check", "--json")

    assert answer.status == 1
    assert (len(answer.json["drift"]), len(answer.json["foreign_keys"])) == (1, 1)


def test_simulated_day_of_the_data_is_the_day_of_the_commands(ocop: Ocop, office: str) -> None:
    ocop("round", "open", "2024-1", "--as", "dieu-phoi")
    set_day(office, 2024, 3, 15)

    assert ocop("status", "--json").json[0]["today"] == "2024-03-15"


def _stamp(url: str, revision: str) -> None:
    with transaction(url) as session:
        session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def _open_outreach(url: str) -> int:
    with transaction(url) as session:
        return advance(session, StepKind.OUTREACH, "round:1", datetime(2024, 3, 1, 2, tzinfo=UTC)).item_id
