"""Signed originals beside papers: checked as they come in, kept with their hash in the audit."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.documents.framing import Making
from models.documents.issuing import latest_document, prepare, store
from models.documents.kinds import kind_named
from models.documents.seeing import visible_paper
from models.dossiers.queries import dossier_detail
from models.enums import SignatureVerdict
from models.errors import InputError
from models.files.receiving import UploadRules, receive
from models.files.store import keep
from models.settings import Settings
from models.signing.attaching import NumberForm, attach, issued
from models.signing.credentials import from_pkcs12
from models.signing.papers import pdf_ahead, sign_paper
from models.signing.signing import sign_pdf
from models.tables import AuditEntry, Capacity, Document, DossierAttempt, SignedPaper, StoredFile
from tests.certificates import PASSPHRASE, Issued, issuer, signer
from tests.docx_reading import text
from tests.factories import concluded, coordinator, decided, sign
from tests.signing_people import NOW

TODAY = NOW.date()
DECISION, NOTICE = kind_named("decision"), kind_named("result_notice_producer")
NO_NUMBER = NumberForm()
Put = Callable[[bytes, str], StoredFile]


@pytest.fixture
def found(tmp_path: Path, trust: Path) -> Settings:
    """Settings of an installation that trusts the issuer."""
    assert trust == tmp_path / "trust"
    return Settings(home=tmp_path)


@pytest.fixture
def who(session: Session) -> Actor:
    """The coordinator."""
    return coordinator(session)


@pytest.fixture
def put(session: Session, found: Settings, who: Actor) -> Put:
    """Put a file into the store."""

    def stored(content: bytes, name: str) -> StoredFile:
        with receive(UploadRules.of(found), name) as upload:
            upload.write(content)
            return keep(session, upload.finish(), who, NOW, folder=found.files_dir)

    return stored


@pytest.fixture
def decision(session: Session, found: Settings) -> Document:
    """A decision as it was issued."""
    meeting = concluded(session, 66)
    sign(session, meeting)
    session.flush()
    made = prepare(Making(session, TODAY), DECISION, meeting.round, found.home)
    assert made is not None
    return store(session, made, found.home, NOW)


def notice(session: Session) -> DossierAttempt:
    """A case whose producer is to be told of the result, by a paper that no step numbers."""
    attempt = decided(session, 66)
    session.flush()
    return attempt


def test_signed_pdf_is_checked_and_kept_with_its_hash(
    session: Session, decision: Document, paper: bytes, leader: Issued, put: Put, who: Actor, found: Settings
) -> None:
    content = sign_pdf(paper, from_pkcs12(leader.pkcs12(), PASSPHRASE, NOW), NOW)

    kept = attach(session, decision, put(content, "qd-da-ky.pdf"), who, NOW, found)

    assert (kept.verdict, kept.signers, kept.file_name) == (
        SignatureVerdict.TRUSTED,
        ["Lê Văn Bốn"],
        "qd-da-ky.pdf",
    )
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "document.signed")).one()
    assert (entry.subject, entry.actor_id) == (f"document:{decision.id}", who.person_id)
    assert entry.data == {
        "kind": "decision",
        "version": 1,
        "number": "2105/QĐ-UBND",
        "sha256": hashlib.sha256(content).hexdigest(),
        "verdict": "trusted",
        "signers": ["Lê Văn Bốn"],
    }


def test_signed_pdf_with_a_changed_byte_is_refused_and_not_kept(
    session: Session, decision: Document, paper: bytes, leader: Issued, put: Put, who: Actor, found: Settings
) -> None:
    changed = bytearray(sign_pdf(paper, from_pkcs12(leader.pkcs12(), PASSPHRASE, NOW), NOW))
    changed[paper.index(b"stream") + 20] ^= 1

    with pytest.raises(InputError, match="ĐÃ BỊ SỬA"):
        attach(session, decision, put(bytes(changed), "qd.pdf"), who, NOW, found)

    assert session.scalars(select(SignedPaper)).all() == []


def test_signature_of_an_unknown_issuer_is_kept_as_not_trusted(
    session: Session, decision: Document, paper: bytes, put: Put, who: Actor, found: Settings
) -> None:
    stranger = signer(issuer(NOW, "CA Lạ"), NOW)
    content = sign_pdf(paper, from_pkcs12(stranger.pkcs12(), PASSPHRASE, NOW), NOW)

    kept = attach(session, decision, put(content, "qd.pdf"), who, NOW, found)

    assert kept.verdict is SignatureVerdict.UNTRUSTED
    assert "Chưa tin cậy nơi cấp chứng thư «CA Lạ»" in " ".join(kept.findings)


def test_scan_of_wet_ink_is_kept_too(
    session: Session, decision: Document, paper: bytes, tmp_path: Path, put: Put, who: Actor, found: Settings
) -> None:
    picture = tmp_path / "quet.png"
    Image.new("L", (80, 100), 255).save(picture)

    kept = [
        attach(session, decision, file, who, NOW, found)
        for file in (put(paper, "quet.pdf"), put(picture.read_bytes(), "quet.png"))
    ]

    assert [(one.verdict, one.signers, one.findings) for one in kept] == [(SignatureVerdict.WET_INK, [], [])] * 2


def test_same_file_again_changes_nothing(
    session: Session, decision: Document, paper: bytes, put: Put, who: Actor, found: Settings
) -> None:
    first = attach(session, decision, put(paper, "quet.pdf"), who, NOW, found)

    assert attach(session, decision, put(paper, "quet-lai.pdf"), who, NOW, found) is first
    assert len(session.scalars(select(AuditEntry).where(AuditEntry.act == "document.signed")).all()) == 1


def test_word_file_is_no_signed_original(
    session: Session, decision: Document, put: Put, who: Actor, found: Settings
) -> None:
    word = put((found.home / decision.file).read_bytes(), "qd.docx")

    with pytest.raises(InputError, match="không phải PDF hay ảnh"):
        attach(session, decision, word, who, NOW, found)


def test_paper_without_number_is_issued_under_the_one_of_the_register(
    session: Session, who: Actor, found: Settings
) -> None:
    attempt = notice(session)
    making, form = Making(session, TODAY), NumberForm(number="15/TB-VPĐP", dated=date(2024, 12, 19))

    row = issued(making, NOTICE, f"{attempt.dossier.code}-1", form, who, NOW, found.home)

    assert (row.number, row.dated, row.frozen_at) == ("15/TB-VPĐP", date(2024, 12, 19), NOW)
    written = text((found.home / row.file).read_bytes())
    assert "Số: 15/TB-VPĐP" in written
    assert "ngày 19 tháng 12 năm 2024" in written
    assert prepare(making, NOTICE, attempt, found.home) is None


def test_number_and_day_are_asked_for_where_there_are_none(session: Session, who: Actor, found: Settings) -> None:
    code = notice(session).dossier.code

    with pytest.raises(InputError) as refused:
        issued(Making(session, TODAY), NOTICE, f"{code}-1", NO_NUMBER, who, NOW, found.home)

    assert [problem.field for problem in refused.value.problems] == ["number", "dated"]
    assert latest_document(session, NOTICE.code, f"{code}-1") is None


def test_another_number_than_recorded_is_refused(
    session: Session, decision: Document, who: Actor, found: Settings
) -> None:
    form = NumberForm(number="9999/QĐ-UBND")

    with pytest.raises(InputError, match="đã có số 2105/QĐ-UBND"):
        issued(Making(session, TODAY), DECISION, decision.subject, form, who, NOW, found.home)


@pytest.mark.slow
def test_paper_is_signed_twice_and_listed_on_its_dossier(
    session: Session, who: Actor, found: Settings, leader: Issued, ca: Issued
) -> None:
    attempt = notice(session)
    making, form = Making(session, TODAY), NumberForm(number="15/TB-VPĐP", dated=TODAY)
    row = issued(making, NOTICE, f"{attempt.dossier.code}-1", form, who, NOW, found.home)

    for person in (leader, signer(ca, NOW, "Văn thư")):
        sign_paper(making, row, from_pkcs12(person.pkcs12(), PASSPHRASE, NOW), who, NOW, found)

    session.expire_all()
    assert [one.signers for one in row.signed] == [["Lê Văn Bốn"], ["Lê Văn Bốn", "Văn thư"]]
    listed = dossier_detail(session, attempt.dossier.code, TODAY).attempts[-1].documents
    assert [one.signed for one in listed if one.kind == NOTICE.code] == [
        ["chữ ký số hợp lệ: Lê Văn Bốn", "chữ ký số hợp lệ: Lê Văn Bốn, Văn thư"]
    ]


@pytest.mark.slow
def test_pdf_made_ahead_is_the_one_that_is_signed(
    session: Session, who: Actor, found: Settings, leader: Issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt, form = notice(session), NumberForm(number="15/TB-VPĐP", dated=TODAY)
    making, subject = Making(session, TODAY), f"{attempt.dossier.code}-1"
    capacities = list(session.scalars(select(Capacity).where(Capacity.person_id == who.person_id)))
    paper = visible_paper(session, capacities, NOTICE.code, subject)

    pdf_ahead(making, paper, form, found)

    before = latest_document(session, NOTICE.code, subject)
    assert before is None or before.frozen_at is None
    monkeypatch.setenv("PATH", "")  # LibreOffice cannot be called any more
    row = issued(making, NOTICE, subject, form, who, NOW, found.home)
    key = from_pkcs12(leader.pkcs12(), PASSPHRASE, NOW)
    assert sign_paper(making, row, key, who, NOW, found).signers == ["Lê Văn Bốn"]
