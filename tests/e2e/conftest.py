"""One installation for a module's stories; a browser of Debian's Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, sync_playwright

from tests.e2e.playing import Play
from tests.e2e.site import Site, of, site_over


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Drives the browser."""
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, playwright: Playwright) -> Iterator[Site]:
    """Server, worker and portal with the demo's office and plan; no round is open."""
    with site_over(tmp_path_factory.mktemp("ocop"), playwright, tmp_path_factory) as found, of(found):
        found.installation.runner.prepare()
        yield found


@pytest.fixture(scope="session")
def played_once(tmp_path_factory: pytest.TempPathFactory, playwright: Playwright) -> Iterator[Play]:
    """A whole round, played through the pages; once for all modules that look at what came of it."""
    with site_over(tmp_path_factory.mktemp("ocop"), playwright, tmp_path_factory) as site:
        play = Play(site, tmp_path_factory.mktemp("giay-to"))
        with of(site):
            site.installation.runner.prepare()
            play.whole()
        yield play


@pytest.fixture(scope="module")
def played(played_once: Play) -> Iterator[Play]:
    """That round, and this process of its installation while the tests of the file run."""
    with of(played_once.site):
        yield played_once
