"""What the benchmark of the portal says of its figures."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.portal import verdict

QUICK: dict[str, Any] = {"p95_ms": 80.0, "refused": 0, "broken": 0, "too_slow": 0}


@pytest.mark.parametrize(
    ("name", "figures", "said"),
    [
        ("board, 20 people, no pause", QUICK, "met     p95 80 ms (aim 150 ms)"),
        ("complete a work item, 20 people, no pause", QUICK, "met     p95 80 ms (aim 80 ms)"),
        ("my work, 20 people, no pause", QUICK | {"p95_ms": 150.6}, "NOT MET p95 151 ms (aim 150 ms)"),
        ("dossier, 20 people, no pause", QUICK | {"broken": 3}, "NOT MET p95 80 ms (aim 150 ms), 3 requests failed"),
    ],
)
def test_verdict_tells_whether_the_aim_is_met(name: str, figures: dict[str, Any], said: str) -> None:
    assert verdict(name, figures) == said
