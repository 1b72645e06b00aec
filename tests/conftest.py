"""One office, ready for work: its file and the plan of 2024 loaded by the calls that the command line uses."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from benchmarks.portal_data import fill
from deployments.database_upgrade import upgrade
from models.accounts import passwords
from models.actors import actor
from models.database import engine_for, transaction
from models.enums import Role
from models.offices.setup import read_office_file, set_up_office
from models.rounds.plan_import import import_plan, read_plan
from tests.factories import at
from tests.sharing_out import by_file, place

DEMO = Path(__file__).parents[1] / "deployments" / "demo"
PLANNED = at("2024-02-23")
LARGE = 200


SLOW_TO_READ = {"test_schemathesis.py"}
"""Modules of slow tests whose reading alone takes a quarter of a minute: the edge cases of every operation."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even read those when no slow test is wanted."""
    return True if collection_path.name in SLOW_TO_READ and config.option.markexpr == "not slow" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first, so that two processes end together."""
    items.sort(key=lambda item: place(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Any:
    """For `--dist loadfile`; other ways stay as they are."""
    return by_file(config, log) if config.option.dist == "loadfile" else None


def load_office(url: str) -> None:
    """Migrate the database and store the demo's office and plan."""
    upgrade(url)
    with transaction(url) as session:
        set_up_office(session, read_office_file(DEMO / "office.yaml"), PLANNED)
        who = actor(session, "dieu-phoi", Role.COORDINATOR, PLANNED.date())
        import_plan(session, read_plan(DEMO / "plan-2024.yaml"), who, PLANNED)


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> None:
    """Passwords are kept by the real argon2id with parameters that cost a test little."""
    passwords.HASHER = PasswordHasher(time_cost=2, memory_cost=1024, parallelism=1)


@pytest.fixture(scope="session")
def office_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the office; copy it, do not change it."""
    path = tmp_path_factory.mktemp("office") / "ocop.sqlite"
    url = f"sqlite:///{path}"
    load_office(url)
    engine_for(url).dispose()  # the last connection to close writes the WAL back: one file is all there is
    return path


@pytest.fixture
def url(office_file: Path, tmp_path: Path) -> Iterator[str]:
    """A database of this test's own with the office in it."""
    path = tmp_path / "ocop.sqlite"
    shutil.copyfile(office_file, path)
    yield f"sqlite:///{path}"
    engine_for(f"sqlite:///{path}").dispose()


@pytest.fixture(scope="session")
def shared_url(office_file: Path) -> Iterator[str]:
    """A copy whose engine all tests share, with the statements that it has compiled."""
    path = office_file.with_name("shared.sqlite")
    shutil.copyfile(office_file, path)
    yield f"sqlite:///{path}"
    engine_for(f"sqlite:///{path}").dispose()


@pytest.fixture
def session(shared_url: str) -> Iterator[Session]:
    """One transaction on the office's database; nothing of it is kept."""
    with Session(engine_for(shared_url), expire_on_commit=False) as open_session:
        yield open_session
        open_session.rollback()


@pytest.fixture(scope="session")
def large_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The benchmarks' database with 200 dossiers: every kind of case, all of them often."""
    url = f"sqlite:///{tmp_path_factory.mktemp('large') / 'ocop.sqlite'}"
    fill(url, LARGE)
    yield url
    engine_for(url).dispose()


@pytest.fixture
def large(large_url: str) -> Iterator[Session]:
    """One transaction on that database; nothing of it is kept."""
    with Session(engine_for(large_url), expire_on_commit=False) as open_session:
        yield open_session
        open_session.rollback()
