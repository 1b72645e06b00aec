"""The command line in-process, on a data folder of its own with the day of the story."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from deployments.cli import main
from deployments.database_upgrade import upgrade
from models.database import engine_for, transaction
from models.office_clock import set_stored_now
from models.settings import settings

ROOT = Path(__file__).parents[3]
OFFICE = str(ROOT / "deployments/demo/office.yaml")
PLAN = str(ROOT / "deployments/demo/plan-2024.yaml")


class Run(NamedTuple):
    """What one call of `ocop` left."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON value that it must be."""
        return json.loads(self.out)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Field and problem of each error."""
        return [(e["field"], e["problem"]) for e in self.json["errors"]]


Ocop = Callable[..., Run]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data folder that `ocop` uses, without any setting of this machine."""
    folder = tmp_path / "dữ liệu"
    for name in ("OCOP_DATABASE_URL", "OCOP_AS", "OCOP_CLOCK", "OCOP_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OCOP_HOME", str(folder))
    monkeypatch.setenv("COLUMNS", "250")
    yield folder
    engine_for(url_in(folder)).dispose()
    settings.cache_clear()


@pytest.fixture
def ocop(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ocop:
    """Call `ocop` with arguments and standard input."""

    def run(*arguments: str, stdin: str = "") -> Run:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        status = main(arguments)
        captured = capsys.readouterr()
        return Run(status, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of this version without rows, to be copied."""
    folder = tmp_path_factory.mktemp("empty")
    upgrade(url_in(folder))
    engine_for(url_in(folder)).dispose()
    return folder / "ocop.sqlite"


@pytest.fixture
def data(home: Path, empty_database: Path) -> str:
    """The URL of an empty database in the data folder."""
    home.mkdir()
    shutil.copy(empty_database, home / "ocop.sqlite")
    return url_in(home)


@pytest.fixture
def office(home: Path, office_file: Path) -> str:
    """The office of Thọ Xuân with its plan of 2024, in the first week of round 1."""
    home.mkdir()
    shutil.copy(office_file, home / "ocop.sqlite")
    set_day(url_in(home), 2024, 3, 1)
    return url_in(home)


def url_in(folder: Path) -> str:
    """The URL of the database in a data folder."""
    return f"sqlite:///{folder / 'ocop.sqlite'}"


def set_day(url: str, year: int, month: int, day: int) -> None:
    """Make it nine in the morning of that day, Viet Nam time, for everyone who uses the data."""
    with transaction(url) as session:
        set_stored_now(session, datetime(year, month, day, 2, tzinfo=UTC))
