"""One installation for the module: real server and worker over a folder, with the story of 2024 played to 12 March."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import pytest

from deployments.demo.runner import Runner
from deployments.prefect_server import free_port
from deployments.stack import Stack
from models.settings import Settings, settings


class Installation:
    """What the tests look at: the stack, the people, and Prefect's API."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.runner = Runner(stack, 7, lambda _words, _on: None)

    def runs(self) -> dict[str, dict[str, Any]]:
        """Prefect's runs by name (of several with one name the latest)."""
        answer = httpx.post(f"{self.stack.url}/api/flow_runs/filter", json={"limit": 200, "sort": "START_TIME_ASC"})
        return {run["name"]: run for run in answer.json()}

    def state(self, name: str) -> str:
        """The name of the state of one run."""
        return str(self.runs()[name]["state"]["name"])

    def wait_until(self, name: str, state: str) -> None:
        """Until the run shows this state."""
        self.runner.wait_for(f"{name}: {state}", lambda: 1 if self.state(name) == state else None)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Played until the dossiers of round 1 wait for their communes."""
    home = tmp_path_factory.mktemp("ocop")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OCOP_HOME", str(home))
        patch.delenv("OCOP_DATABASE_URL", raising=False)
        settings.cache_clear()
        stack = Stack(Settings(home=home, prefect_port=free_port()))
        try:
            stack.start(scheduled=False)
            played = Installation(stack)
            played.runner.play(date(2024, 3, 12))
            yield played
        finally:
            stack.stop()
            settings.cache_clear()
