"""Who runs which files: with `-n 2 --dist loadfile` each file goes to one process, the longest first.

A file's tests share a server, so a file is never split; files that look at one played round stay together. Whoever
ends early takes the next file, and as the short ones come last, both end at about the same time.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

TOGETHER = {"tests/e2e/test_whole_round.py": "tests/e2e/test_every_page.py"}
"""Files that go where another one goes."""

LONGEST_FIRST = (
    "test_every_page.py",
    "test_schemathesis.py",
    "test_demo_year.py",
    "test_roles.py",
    "test_installation.py",
    "test_up.py",
    "test_schedules.py",
    "test_notifications.py",
    "test_worker.py",
    "test_one_dossier.py",
    "test_reruns.py",
    "test_automations.py",
)
"""By `pytest -m slow --durations=0`; what is not named comes after these."""


def file_of(nodeid: str) -> str:
    """The file with which a test goes."""
    file = nodeid.partition("::")[0]
    return TOGETHER.get(file, file)


def place(nodeid: str) -> int:
    """Where its file stands in the queue."""
    name = PurePosixPath(file_of(nodeid)).name
    return LONGEST_FIRST.index(name) if name in LONGEST_FIRST else len(LONGEST_FIRST)


def by_file(config: pytest.Config, log: object) -> Any:
    """xdist's own sharing out by file, but of files that stay together, and in the order of the tests."""
    config.option.loadscopereorder = False  # the file with most tests is not the longest
    scheduler = LoadFileScheduling(config, log)
    scheduler._split_scope = file_of
    return scheduler
