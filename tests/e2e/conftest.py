"""One installation for a module's stories; a browser of Debian's Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.playing import Play
from tests.e2e.site import Site, at_work_in, site_over


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Server, worker and portal with the demo's office and plan; no round is open."""
    with site_over(tmp_path_factory.mktemp("ocop"), tmp_path_factory) as found, at_work_in(found):
        found.installation.runner.prepare()
        yield found


@pytest.fixture(scope="session")
def played_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """A whole round, played through the pages; once for all modules that look at what came of it."""
    with site_over(tmp_path_factory.mktemp("ocop"), tmp_path_factory) as site:
        play = Play(site, tmp_path_factory.mktemp("giay-to"))
        with at_work_in(site):
            site.installation.runner.prepare()
            play.whole()
        yield play


@pytest.fixture(scope="module")
def played(played_once: Play) -> Iterator[Play]:
    """That round, and this process of its installation while the tests of the file run."""
    with at_work_in(played_once.site):
        yield played_once
