"""What the embedded installation tells the processes that it starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from deployments.stack import Stack
from models.settings import Settings

OFFICE = "https://ocop.example.gov.vn/"


@pytest.mark.parametrize(
    ("portal", "own", "expected"),
    [
        (True, None, "http://127.0.0.1:8123"),
        (True, OFFICE, "https://ocop.example.gov.vn"),
        (False, OFFICE, "https://ocop.example.gov.vn"),
        (False, None, None),
    ],
)
def test_worker_knows_the_pages_of_papers_of_the_portal_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, portal: bool, own: str | None, expected: str | None
) -> None:
    monkeypatch.delenv("OCOP_PORTAL_URL", raising=False)
    stack = Stack(Settings(home=tmp_path, portal_port=8123, portal_url=own), portal=portal)

    for name, value in stack._own_environment().items():
        monkeypatch.setenv(name, value)

    assert Settings().paper_pages == expected
    assert Settings().public_url == (OFFICE.rstrip("/") if own else None)
