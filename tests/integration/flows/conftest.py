"""Installations for the tests of a module: real server and worker over a folder of their own."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from deployments.demo.acts import People
from deployments.demo.runner import Runner
from deployments.prefect_server import free_port
from deployments.stack import Stack
from models.settings import Settings
from models.subjects import attempt_subject
from models.tables import EngineRun, Outcome, WorkItem
from tests.surroundings import pointing_to, ready_for_prefect

ROUND = "2024-1"
FIRST_DAY = date(2024, 3, 11)
"""Dossiers of round 1 are handed in."""


class Installation:
    """What the tests look at: the stack, the people, and Prefect's API."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.runner = Runner(stack, 7, lambda _words, _on: None)

    @property
    def people(self) -> People:
        """Who acts."""
        return self.runner.people

    def runs(self) -> dict[str, dict[str, Any]]:
        """Prefect's runs by name (of several with one name the latest)."""
        found = self._ask("/flow_runs/filter", {"limit": 200, "sort": "START_TIME_ASC"})
        return {run["name"]: run for run in found}

    def state(self, name: str) -> str:
        """The name of the state of one run."""
        return str(self.runs()[name]["state"]["name"])

    def message(self, name: str) -> str:
        """The message of that state."""
        return self.runs()[name]["state"]["message"] or ""

    def wait_until(self, name: str, state: str) -> None:
        """Until the run is there and shows this state."""
        self.runner.wait_for(
            f"{name}: {state}",
            lambda: 1 if (run := self.runs().get(name)) and run["state"]["name"] == state else None,
        )

    def states(self, name: str) -> list[str]:
        """The names of all states that the run went through, in order."""
        run_id = self.runs()[name]["id"]
        found = httpx.get(f"{self.stack.url}/api/flow_run_states/", params={"flow_run_id": run_id}).json()
        return [state["name"] for state in sorted(found, key=lambda state: state["timestamp"])]

    def tasks(self, name: str, count: int) -> list[str]:
        """The names of the task runs of a run, in order, once there are `count` and each has its own name: Prefect
        writes them down a second after they ended, first under a name of its making (`7-giam-sat-229`)."""
        query = {
            "flow_runs": {"id": {"any_": [self.runs()[name]["id"]]}},
            "limit": 200,
            "sort": "EXPECTED_START_TIME_ASC",
        }
        self.runner.wait_for(
            f"{count} task runs of {name}",
            lambda: 1 if self._named(self._ask("/task_runs/filter", query), count) else None,
        )
        return [task["name"] for task in self._ask("/task_runs/filter", query)]

    @staticmethod
    def _named(runs: list[dict[str, Any]], count: int) -> bool:
        return len(runs) >= count and not any(re.search(r"-[0-9a-f]{3}$", run["name"]) for run in runs)

    def board(self) -> tuple[str, list[dict[str, Any]]]:
        """Title and lines of the board of round 1 as last published."""
        query = {"artifacts": {"key": {"any_": ["ocop-2024-dot-1"]}}}
        (artifact,) = self._ask("/artifacts/latest/filter", query)
        return artifact["description"], json.loads(artifact["data"])

    def line(self, product: str) -> dict[str, Any]:
        """The line of one product on that board."""
        return next(line for line in self.board()[1] if line["Sản phẩm"] == product)

    def resume(self, name: str, form: dict[str, Any] | None = None) -> httpx.Response:
        """Press *Resume* as Prefect's own page does."""
        body = {"run_input": form} if form is not None else {}
        url = f"{self.stack.url}/api/flow_runs/{self.runs()[name]['id']}/resume"
        for _ in range(40):
            answer = httpx.post(url, json=body)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:  # while its SQLite is busy: press again
                break
            time.sleep(0.3)
        return answer

    def subject(self, product: str) -> str:
        """The subject of the latest attempt of a product."""
        with self.runner.transaction() as session:
            return attempt_subject(self.people._dossier(session, product).latest.id)

    def record(self, product: str) -> list[tuple[str, int, str, int]]:
        """What the domain has of the latest attempt: step, turn, status, number of outcomes."""
        with self.runner.transaction() as session:
            return self._record(session, self.subject_in(session, product))

    def subject_in(self, session: Any, product: str) -> str:
        """As `subject`, in an open transaction."""
        return attempt_subject(self.people._dossier(session, product).latest.id)

    def _record(self, session: Any, subject: str) -> list[tuple[str, int, str, int]]:
        count = func.count(Outcome.id)
        query = (
            select(WorkItem.kind, WorkItem.turn, WorkItem.status, count)
            .outerjoin(Outcome)
            .where(WorkItem.subject == subject)
            .group_by(WorkItem.id)
            .order_by(WorkItem.id)
        )
        return [(kind.value, turn, status.value, number) for kind, turn, status, number in session.execute(query)]

    def whole_record(self) -> dict[str, list[tuple[str, int, str, int]]]:
        """That of every case that has a run, by subject."""
        with self.runner.transaction() as session:
            return {s: self._record(session, s) for s in session.scalars(select(EngineRun.subject))}

    def _ask(self, path: str, query: dict[str, Any]) -> list[dict[str, Any]]:
        answer = httpx.post(f"{self.stack.url}/api{path}", json=query)
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()
        return found


@contextmanager
def installed(home: Path, folders: pytest.TempPathFactory, **wanted: Any) -> Iterator[Installation]:
    """An installation in `home` that runs, and this process of it; `wanted` are more of its settings."""
    ready_for_prefect(home / "prefect", folders)
    with pointing_to(home):
        stack = Stack(Settings(home=home, prefect_port=free_port(), **wanted))
        try:
            stack.start(scheduled=False)
            yield Installation(stack)
        finally:
            stack.stop()


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Played until the dossiers of round 1 wait for their communes."""
    with installed(tmp_path_factory.mktemp("ocop"), tmp_path_factory) as played:
        played.runner.play(date(2024, 3, 12))
        yield played


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Round 1 is open, nothing was handed in."""
    with installed(tmp_path_factory.mktemp("ocop"), tmp_path_factory) as ready:
        ready.runner.prepare()
        ready.runner.set_day(FIRST_DAY)
        ready.people.opens_round(ROUND)
        ready.wait_until("Đợt 1 năm 2024", "Chờ tuyên truyền và tập huấn")
        yield ready
