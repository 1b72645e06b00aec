"""Two people at once on PostgreSQL: the same file uploaded twice, the same draft saved twice."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.database import engine_for, transaction
from models.drafts import NEW, DraftConflictError, drafts_of, item_draft_key, save_draft
from models.files.receiving import receive
from models.files.store import keep
from models.tables import AuditEntry, StoredFile
from tests.factories import HANDED_IN, coordinator
from tests.unit.files.build import pdf, rules

pytestmark = pytest.mark.slow


def store(session: Session, home: Path) -> int:
    with receive(rules(home), "giấy.pdf") as upload:
        upload.write(pdf(2))
        return keep(session, upload.finish(), coordinator(session), HANDED_IN, folder=home / "files").id


def test_same_content_by_two_at_once_is_one_row(url: str, tmp_path: Path) -> None:
    """The second waits for the first, whose row is there but not committed yet, and then takes it."""
    found: list[int] = []

    def second() -> None:
        with transaction(url) as session:
            found.append(store(session, tmp_path))

    other = threading.Thread(target=second)
    with Session(engine_for(url)) as first, first.begin():
        found.append(store(first, tmp_path))
        other.start()
    other.join()

    assert found[0] == found[1]
    with transaction(url) as session:
        assert session.scalar(select(func.count()).select_from(StoredFile)) == 1
        assert session.scalar(select(func.count()).where(AuditEntry.act == "file.stored")) == 2


@pytest.mark.parametrize("version", [NEW, 1])
def test_draft_saved_by_two_at_once_is_a_conflict_for_the_second(url: str, version: int) -> None:
    with transaction(url) as session:
        who = coordinator(session)
        if version != NEW:
            save_draft(session, item_draft_key(who, 7), {"note": "trước"}, NEW, who, HANDED_IN)
    refused: list[DraftConflictError] = []

    def second() -> None:
        with transaction(url) as session:
            try:
                save_draft(session, item_draft_key(who, 7), {"note": "hai"}, version, who, HANDED_IN)
            except DraftConflictError as error:
                refused.append(error)

    other = threading.Thread(target=second)
    with Session(engine_for(url)) as first, first.begin():
        save_draft(first, item_draft_key(who, 7), {"note": "một"}, version, who, HANDED_IN)
        other.start()
    other.join()

    assert [error.mine for error in refused] == [{"note": "hai"}]
    with transaction(url) as session:
        assert [(draft.data, draft.version) for draft in drafts_of(session, who)] == [({"note": "một"}, version + 1)]
