"""One installation for a module's stories; a browser of Debian's Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, sync_playwright

from tests.e2e.site import Site, site_over


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Drives the browser."""
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, playwright: Playwright) -> Iterator[Site]:
    """Server, worker and portal with the demo's office and plan; no round is open."""
    with site_over(tmp_path_factory.mktemp("ocop"), playwright) as found:
        found.installation.runner.prepare()
        yield found
