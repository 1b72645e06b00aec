"""How many statements the pages that people open all day take: as many with 200 dossiers as with one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from benchmarks.portal_data import NOW
from models.database import engine_for, reading, transaction
from models.enums import ItemStatus
from models.office_clock import set_stored_now
from models.settings import settings
from models.tables import Dossier, DossierAttempt, WorkItem
from tests.counting import statements_to
from tests.portal_client import portal, sign_in


@pytest.fixture
def url(large_url: str, tmp_path: Path) -> Iterator[str]:
    """The benchmark's data, of this test's own."""
    engine_for(large_url).dispose()
    path = tmp_path / "ocop.sqlite"
    shutil.copyfile(large_url.removeprefix("sqlite:///"), path)
    found = f"sqlite:///{path}"
    with transaction(found) as session:
        set_stored_now(session, NOW)
    yield found
    engine_for(found).dispose()


@pytest.fixture
def client(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The portal over these data."""
    monkeypatch.setenv("OCOP_HOME", str(tmp_path))
    settings.cache_clear()
    assert settings().domain_url == url
    with portal() as found:
        yield found
    settings.cache_clear()


def _sent(client: TestClient, url: str, path: str) -> int:
    browser = sign_in(client, url, "dieu-phoi", NOW)
    with statements_to(engine_for(url)) as sent:
        answer = browser.get(path)
    assert answer.status_code == 200
    return len(sent)


def test_my_work_full_of_items_takes_few_statements(client: TestClient, url: str) -> None:
    with reading(url) as session:
        open_items = session.scalar(select(func.count()).where(WorkItem.status == ItemStatus.OPEN))

    assert open_items == 240
    assert _sent(client, url, "/") <= 8


@pytest.mark.parametrize("code", ["2025-2", "2025-1", "2023-1", "2024-3"])
@pytest.mark.parametrize("wanted", ["", "?late=1", "?step=4&page=2"])
def test_board_takes_few_statements_however_many_dossiers(client: TestClient, url: str, code: str, wanted: str) -> None:
    assert _sent(client, url, f"/rounds/{code}{wanted}") <= 20


def test_no_dossier_takes_many_statements(client: TestClient, url: str) -> None:
    with reading(url) as session:
        query = select(func.min(Dossier.code)).join(DossierAttempt).group_by(DossierAttempt.status)
        codes = session.scalars(query).all()

    counts = {code: _sent(client, url, f"/dossiers/{code}") for code in codes}

    assert len(counts) >= 5
    assert max(counts.values()) <= 26, counts
