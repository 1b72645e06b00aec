"""The portal over the office's database, on a fixed day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from models.database import transaction
from models.office_clock import set_stored_now
from models.settings import settings
from tests.factories import at
from tests.portal_client import portal


@pytest.fixture
def now(url: str) -> datetime:
    """The day that the database says it is."""
    moment = at("2024-03-01")
    with transaction(url) as session:
        set_stored_now(session, moment)
    return moment


@pytest.fixture
def client(url: str, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A client of the portal over this test's database."""
    monkeypatch.setenv("OCOP_HOME", str(tmp_path))
    settings.cache_clear()
    assert settings().domain_url == url
    with portal() as found:
        yield found
    settings.cache_clear()
