"""Papers on PostgreSQL: the same queries give them, and they are kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from models.database import reading, transaction
from models.documents.framing import Making
from models.documents.issuing import prepare, store
from models.documents.kinds import kind_named
from models.documents.making_all import one_of_each
from models.documents.subjects import find_subject
from models.process.kinds import StepKind
from models.tables import Document
from tests.factories import CANDY, CHECKED, SIGNED, close, decided, submit

pytestmark = pytest.mark.slow

TODAY = date(2024, 12, 20)


def test_papers_can_be_made_and_kept(url: str, tmp_path: Path) -> None:
    with transaction(url) as session:
        form = {"outcome": "returned", "missing": ["product_story"], "note": ""}
        close(session, submit(session, CANDY), StepKind.REGISTRATION_CHECK, form, CHECKED)
        decided(session, 66)

    kind = kind_named("decision")
    with transaction(url) as session:
        made = prepare(Making(session, TODAY), kind, find_subject(session, kind, "2024-2"), tmp_path)
        assert made is not None
        store(session, made, tmp_path, SIGNED)
    with reading(url) as session:
        kept = session.scalars(select(Document)).one()
        kinds = {one.kind.code for one in one_of_each(Making(session, TODAY))}

    assert {"decision", "certificate", "council_minutes", "supplement_request", "year_report"} <= kinds
    assert (kept.kind, kept.subject, kept.version, kept.frozen_at) == ("decision", "2024-2", 1, SIGNED)
