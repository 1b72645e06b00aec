"""Trap 8: Prefect's proactive triggers may fire late or never, so no deadline may hang on one."""

from __future__ import annotations

from pathlib import Path

import flows
import models
import tasks


def test_what_finds_late_items_knows_no_automation() -> None:
    folders = [Path(str(package.__file__)).parent for package in (flows, tasks, models)]
    sources = [path for folder in folders for path in folder.rglob("*.py")]

    assert len(sources) > 50
    assert [path.name for path in sources if "automations" in path.read_text(encoding="utf-8")] == []
