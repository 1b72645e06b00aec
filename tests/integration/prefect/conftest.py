"""A real Prefect server for the session on a free port, and workers, all in temporary folders."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.flows import Flow

from deployments.prefect_env import client_environment, use_server
from deployments.prefect_server import PrefectServer, free_port, start_server, stop_server
from models.database import engine_for
from models.settings import settings
from tasks.prefect_client import RunInfo, create_run, ensure_deployment, read_run
from tests.integration.prefect.flows_for_tests import Facts
from tests.surroundings import kept_environment, ready_for_prefect

_PATIENCE = 120.0
_ROOT = Path(__file__).parents[3]


@dataclass
class Site:
    """The server of the session, and the environment of whoever talks to it."""

    server: PrefectServer
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """For a worker started as a process of its own."""
        return client_environment(self.server.api_url, self.home) | {"PYTHONPATH": str(_ROOT)}

    def restart(self) -> None:
        """Stop the server and start it again on the same data and port."""
        stop_server(self.server)
        self.server = start_server(self.home, self.server.port)


@pytest.fixture(scope="session")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server, started once."""
    with running_site(ready_for_prefect(tmp_path_factory.mktemp("prefect"), tmp_path_factory)) as site:
        yield site


@pytest.fixture(scope="module")
def site(shared_site: Site) -> Iterator[Site]:
    """The server, and this process talking to it while the tests of the file run."""
    with talking_to(shared_site):
        yield shared_site


@contextmanager
def running_site(home: Path) -> Iterator[Site]:
    """A server over this folder."""
    site = Site(start_server(home, free_port()), home)
    try:
        yield site
    finally:
        stop_server(site.server)


@contextmanager
def talking_to(site: Site) -> Iterator[None]:
    """This process asks that server; afterwards whichever it asked before."""
    with kept_environment():
        use_server(site.server.api_url, site.home)
        yield


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[SyncPrefectClient]:
    with SyncPrefectClient(site.server.api_url) as client:
        yield client


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    return Facts(tmp_path / "facts.json")


StartWorker = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start_worker(site: Site, tmp_path: Path) -> Iterator[StartWorker]:
    """Starts workers of a pool; those still alive are killed after the test."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(pool: str, *command: str, **settings: str) -> subprocess.Popen[bytes]:
        own = ("-c", f"from deployments.worker import run_worker; run_worker({pool!r})")
        process = _spawn((*(command or own),), site.environment | settings, tmp_path / "worker.log")
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def shared_pool(shared_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A pool that a worker of ours serves for the whole session."""
    command = ("-c", "from deployments.worker import run_worker; run_worker('chung')")
    process = _spawn(command, shared_site.environment, tmp_path_factory.mktemp("worker") / "worker.log")
    yield "chung"
    process.terminate()
    process.wait(30)


@pytest.fixture
def pool(site: Site, shared_pool: str) -> str:
    """The pool that is served."""
    return shared_pool


@pytest.fixture
def office_home(office_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder with the office and the plan of 2024, for this process; workers get it as `OCOP_HOME`."""
    home = tmp_path / "ocop"
    home.mkdir()
    shutil.copyfile(office_file, home / "ocop.sqlite")
    monkeypatch.setenv("OCOP_HOME", str(home))
    monkeypatch.delenv("OCOP_DATABASE_URL", raising=False)
    settings.cache_clear()
    yield home
    engine_for(settings().domain_url).dispose()
    settings.cache_clear()


@pytest.fixture
def own_pool(site: Site) -> str:
    """A pool that nobody serves yet."""
    return f"rieng-{uuid4().hex[:8]}"


def _spawn(command: tuple[str, ...], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen([sys.executable, *command], env=environment, stdout=output, stderr=output)


def start_run(flow: Flow[..., Any], pool: str, parameters: dict[str, Any], **options: Any) -> UUID:
    """A new run of the flow on the pool."""
    return create_run(ensure_deployment(flow, "thu", pool, **options), parameters, name="Hồ sơ thử")


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Return when the condition holds; fail the test when it does not within two minutes."""
    limit = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < limit, f"did not happen: {what}"
        time.sleep(0.05)


def settled(run_id: UUID) -> RunInfo:
    """The run once it waits for a person or has ended."""
    found: list[RunInfo] = []

    def is_settled() -> bool:
        info = read_run(run_id)
        found[:] = [info] if info else []
        return info is not None and (info.waiting or info.finished)

    wait_until(is_settled, f"run settled, last seen {found}")
    return found[0]
