"""Keeping papers: drafts follow their data, numbered papers are frozen, corrections add versions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docx import Document as WordDocument
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.documents.framing import Making
from models.documents.issuing import (
    asked_anew,
    issued_content,
    latest_document,
    prepare,
    prepare_for_step,
    still_new,
    store,
)
from models.documents.kinds import kind_named
from models.documents.making_all import content
from models.documents.subjects import SUBJECTS
from models.enums import OutboxKind
from models.errors import FinalError
from models.process.kinds import StepKind
from models.steps.correcting import correct
from models.subjects import item_key, round_subject
from models.tables import AuditEntry, Certificate, Document, OutboxMessage
from models.work_items.closing import find_item
from tests.docx_reading import text
from tests.factories import CAKE, HELD, SIGNED, concluded, decided, sign, someone
from tests.unit.documents.conftest import TODAY

DECISION = kind_named("decision")


def make(session: Session, subject: Any, home: Path, kind: str = "decision") -> Document | None:
    """Make the paper as the engine does; `None` when there is nothing new."""
    session.flush()
    made = prepare(Making(session, TODAY), kind_named(kind), subject, home)
    return None if made is None else store(session, made, home, HELD)


def test_draft_is_made_anew_in_place_only_when_its_data_changed(session: Session, tmp_path: Path) -> None:
    meeting = concluded(session, 66)
    first = make(session, meeting.round, tmp_path)
    again = make(session, meeting.round, tmp_path)
    meeting.products[0].attempt.dossier.product.name = "Bánh gai đặc biệt"

    changed = make(session, meeting.round, tmp_path)

    assert first is not None
    assert again is None
    assert changed is first
    assert (first.version, first.number, first.frozen_at) == (1, None, None)
    assert "Bánh gai đặc biệt" in text((tmp_path / first.file).read_bytes())


def test_draft_whose_file_is_gone_is_made_again(session: Session, tmp_path: Path) -> None:
    meeting = concluded(session, 66)
    row = make(session, meeting.round, tmp_path)
    assert row is not None
    (tmp_path / row.file).unlink()

    assert make(session, meeting.round, tmp_path) is row


def test_numbered_paper_is_frozen_with_its_hash_in_the_audit(session: Session, tmp_path: Path) -> None:
    meeting = concluded(session, 66)
    draft = make(session, meeting.round, tmp_path)
    sign(session, meeting)

    row = make(session, meeting.round, tmp_path)

    assert row is draft
    assert row is not None
    assert (row.number, row.version, row.frozen_at) == ("2105/QĐ-UBND", 1, HELD)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "document.issued")).one()
    facts = {"kind": "decision", "version": 1, "number": "2105/QĐ-UBND", "sha256": row.docx_sha256}
    assert (entry.subject, entry.data) == (f"document:{row.id}", facts)


def test_correction_adds_a_version_and_keeps_the_issued_one(session: Session, tmp_path: Path) -> None:
    meeting = concluded(session, 66)
    sign(session, meeting)
    first = make(session, meeting.round, tmp_path)
    assert first is not None
    issued = (tmp_path / first.file).read_bytes()
    item = find_item(session, item_key(round_subject(meeting.round_id), StepKind.DECISION_SIGNING, 1))
    assert item is not None
    leader = someone(session, "lanh-dao", item.role, SIGNED)
    correct(session, item.id, {"signer": "Trần Văn Tám"}, "Ghi nhầm người ký", leader, SIGNED)

    second = make(session, meeting.round, tmp_path)

    assert second is not None
    assert (first.version, second.version) == (1, 2)
    assert (tmp_path / first.file).read_bytes() == issued
    assert "Trần Văn Tám" in text(issued_content(second, tmp_path))
    assert latest_document(session, "decision", meeting.round.code) is second


def test_frozen_paper_is_handed_out_as_it_was_issued(session: Session, tmp_path: Path) -> None:
    meeting = concluded(session, 66)
    sign(session, meeting)
    make(session, meeting.round, tmp_path)
    meeting.products[0].attempt.dossier.product.name = "Tên khác"
    session.flush()

    handed_out = content(Making(session, TODAY), DECISION, meeting.round.code, tmp_path)

    assert handed_out is not None
    assert CAKE in text(handed_out)
    assert "Tên khác" not in text(handed_out)


def test_issued_file_that_was_touched_is_noticed(session: Session, tmp_path: Path) -> None:
    meeting = concluded(session, 66)
    sign(session, meeting)
    row = make(session, meeting.round, tmp_path)
    assert row is not None
    file = tmp_path / row.file
    file.write_bytes(file.read_bytes() + b"\0")

    with pytest.raises(FinalError, match="không khớp mã băm"):
        issued_content(row, tmp_path)


def test_own_template_replaces_ours_for_drafts_and_not_for_what_was_issued(session: Session, tmp_path: Path) -> None:
    meeting = concluded(session, 66)
    draft = make(session, meeting.round, tmp_path)
    own = tmp_path / "templates" / "documents" / "decision.docx"
    own.parent.mkdir(parents=True)
    document = WordDocument()
    document.add_paragraph("Mẫu riêng: {{ count }}")
    document.save(str(own))

    row = make(session, meeting.round, tmp_path)

    assert row is draft
    assert row is not None
    assert text((tmp_path / row.file).read_bytes()) == "Mẫu riêng: 01 (một)"
    sign(session, meeting)
    make(session, meeting.round, tmp_path)
    own.unlink()
    assert make(session, meeting.round, tmp_path) is None


def test_step_makes_its_papers_once(session: Session, tmp_path: Path) -> None:
    attempt = decided(session, 66)
    item = find_item(session, item_key(f"attempt:{attempt.id}", StepKind.DECISION, 1))
    assert item is not None
    session.flush()
    making = Making(session, TODAY)

    made = prepare_for_step(making, item, "closed", tmp_path)
    for one in made:
        store(session, one, tmp_path, SIGNED)

    assert [(one.kind.code, one.paper.case) for one in made] == [
        ("certificate", ""),
        ("result_notice_producer", "recognised"),
    ]
    assert prepare_for_step(making, item, "closed", tmp_path) == []
    rows = session.scalars(select(Document).where(Document.attempt_id == attempt.id)).all()
    assert sorted((row.kind, row.frozen_at is not None) for row in rows) == [
        ("certificate", True),
        ("result_notice_producer", False),
    ]


def test_correction_asks_for_every_paper_that_shows_the_step_and_for_no_other(session: Session, tmp_path: Path) -> None:
    meeting = concluded(session, 66)
    sign(session, meeting)
    granted = session.scalars(select(Certificate).order_by(Certificate.id.desc())).all()[0]
    for subject, kind in ((meeting.round, "decision"), (granted, "certificate"), (meeting, "invitation")):
        assert make(session, subject, tmp_path, kind) is not None
    item = find_item(session, item_key(round_subject(meeting.round_id), StepKind.DECISION_SIGNING, 1))
    assert item is not None
    leader = someone(session, "lanh-dao", item.role, SIGNED)

    correct(session, item.id, {"decision_number": "2106/QĐ-UBND"}, "Ghi nhầm số", leader, SIGNED)

    (order,) = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == OutboxKind.PAPERS)).all()
    assert order.payload == {"item": item.id, "version": 2}
    asked = [(kind.code, SUBJECTS[kind.of].name(about)) for kind, about in asked_anew(session, item)]
    assert ("invitation", f"{meeting.round.code}-h1") not in asked
    assert {("decision", meeting.round.code), ("certificate", granted.code)} <= set(asked)
    made = [prepare(Making(session, TODAY), kind, about, tmp_path) for kind, about in asked_anew(session, item)]
    assert [m.paper.number for m in made if m is not None and m.kind.code == "decision"] == ["2106/QĐ-UBND"]


def test_paper_that_somebody_kept_in_the_meantime_is_not_kept_twice(session: Session, tmp_path: Path) -> None:
    meeting = concluded(session, 66)
    sign(session, meeting)
    session.flush()
    made = prepare(Making(session, TODAY), DECISION, meeting.round, tmp_path)
    assert made is not None
    assert still_new(session, made)

    store(session, made, tmp_path, HELD)

    assert not still_new(session, made)
