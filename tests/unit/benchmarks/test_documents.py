"""The benchmark of papers makes what it says."""

from __future__ import annotations

from pathlib import Path

from benchmarks.documents import fill, measure


def test_benchmark_makes_every_certificate_and_the_decision(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ocop.sqlite'}"
    fill(url, 3)

    found = measure(url, tmp_path)

    assert (found["documents"], found["annex_rows"]) == (4, 3)
    assert len(list((tmp_path / "out").glob("*.docx"))) == 4
