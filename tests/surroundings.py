"""What a server of a test needs around it: an environment that nobody else finds changed, and a database made before.

The tests of many files run in one process, and on each core another process does the same (docs/kiem-thu.md).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from deployments.prefect_server import free_port, start_server, stop_server
from models.settings import settings

MADE = "prefect.db"


@contextmanager
def kept_environment() -> Iterator[None]:
    """Undo at the end what was set within: else the next file's tests ask a server that is gone."""
    from prefect.context import refresh_global_settings_context

    from tasks.prefect_client import send_what_is_left

    before = dict(os.environ)
    settings.cache_clear()
    try:
        yield
    finally:
        send_what_is_left()
        os.environ.clear()
        os.environ.update(before)
        refresh_global_settings_context()
        settings.cache_clear()


@contextmanager
def pointing_to(home: Path) -> Iterator[None]:
    """This process is of the installation in `home` and no other; whatever is set within is undone."""
    with kept_environment():
        os.environ["OCOP_HOME"] = str(home)
        os.environ.pop("OCOP_DATABASE_URL", None)
        yield


def ready_for_prefect(home: Path, folders: pytest.TempPathFactory) -> Path:
    """Put Prefect's database as a first start leaves it into `home`: a start then takes a third of the time.

    It is made once for all processes of the run. That a start without one works is shown by `ocop up` and
    `ocop demo`, which get none (tests/integration/flows/test_up.py, tests/scenarios/test_demo_year.py).
    """
    home.mkdir(parents=True, exist_ok=True)
    for file in _made_once(folders).glob(f"{MADE}*"):
        shutil.copy(file, home)
    return home


def _made_once(folders: pytest.TempPathFactory) -> Path:
    base = folders.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made, half = shared / "prefect-made", shared / "prefect-half-made"
    with FileLock(shared / "prefect-made.lock"):
        if not made.exists():
            stop_server(start_server(half, free_port()))
            half.rename(made)
    return made
