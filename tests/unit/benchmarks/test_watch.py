"""The benchmark of the watch fills what it says and its look finds exactly the newly overdue items."""

from __future__ import annotations

from pathlib import Path

from benchmarks.watch import fill, measure
from models.database import engine_for


def test_look_tells_the_newly_overdue_once_without_a_table_scan(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ocop.sqlite'}"
    fill(url, items=60, overdue=7)

    first, second = measure(url), measure(url)
    engine_for(url).dispose()

    assert [(look["told"], look["table_scans"]) for look in (first, second)] == [(7, 0), (0, 0)]
