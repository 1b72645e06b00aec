"""A whole dossier as one package: what is in it, for whom, under which names."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actors import Actor
from models.documents.framing import Making
from models.documents.issuing import prepare, store
from models.documents.kinds import kind_named
from models.dossiers.handing_in import resubmit
from models.dossiers.package import dossier_package
from models.dossiers.package_tables import as_csv
from models.enums import Role, SignatureVerdict
from models.errors import NotAllowedError
from models.files.receiving import receive
from models.files.store import keep
from models.files.zip_stream import Part, stream_zip, verify_zip
from models.process.kinds import StepKind
from models.rounds.queries import product_by_name
from models.tables import AuditEntry, Document, DossierAttempt, SignedPaper
from tests.factories import (
    CAKE,
    CHECKED,
    HANDED_IN,
    HELD,
    LONGAN,
    MANDATORY,
    SIGNED,
    close,
    concluded,
    coordinator,
    decided,
    papers,
    producer_of,
    score,
    session_with,
    submit,
)
from tests.unit.files.build import pdf, rules
from tests.unit.forms.test_registration import FORM_01

AUDITOR = Actor(None, Role.AUDITOR)


def package(session: Session, attempt: DossierAttempt, home: Path, *, scores: bool, who: Actor = AUDITOR) -> list[Part]:
    code = attempt.dossier.code
    return dossier_package(session, code, who, HELD, scores=scores, folder=home / "files", home=home)


def read(parts: list[Part], name: str) -> str:
    (part,) = [part for part in parts if part.name == name]
    assert isinstance(part.content, bytes)
    return part.content.decode("utf-8-sig")


def everything(parts: list[Part]) -> str:
    return "".join(part.content.decode() for part in parts if isinstance(part.content, bytes))


def with_files(session: Session, home: Path, title: str = "Giấy/../số 1") -> DossierAttempt:
    """A dossier of which two papers share one file, and one lies elsewhere."""
    who = producer_of(session, product_by_name(session, CAKE))
    with receive(rules(home), "quét.pdf") as upload:
        upload.write(pdf(9))
        row = keep(session, upload.finish(), who, HANDED_IN, folder=home / "files")
    shared = {"file_sha256": row.sha256, "uses": [{"criterion": "1.1", "page_from": 2, "page_to": 3}]}
    given = papers("product_story", **shared, title=title) + papers("business_registration", **shared)
    return submit(session, evidence=given + papers("awards", file_name="ở nhà.pdf"), registration=FORM_01)


def test_package_holds_forms_papers_in_order_and_the_audit_trail(session: Session, tmp_path: Path) -> None:
    attempt = with_files(session, tmp_path)

    parts = package(session, attempt, tmp_path, scores=False)

    root = attempt.dossier.code
    assert [part.name.removeprefix(f"{root}/") for part in parts] == [
        "00 Thông tin chung.json",
        "00 Thông tin chung.txt",
        "Lần 1/01 Phiếu đăng ký.json",
        "Lần 1/01 Phiếu đăng ký.txt",
        "Lần 1/02 Tự đánh giá.json",
        "Lần 1/02 Tự đánh giá.txt",
        "Lần 1/03 Minh chứng/00 Danh mục.csv",
        "Lần 1/03 Minh chứng/01-001 Giấy đăng ký kinh doanh - Giấy business_registration.pdf",
        "Lần 1/07 Kết quả các bước.json",
        "99 Nhật ký.csv",
        "99 Nhật ký.json",
    ]
    assert "Điện thoại: 0912\n" in read(parts, f"{root}/Lần 1/01 Phiếu đăng ký.txt")
    rows = list(csv.DictReader(io.StringIO(read(parts, f"{root}/Lần 1/03 Minh chứng/00 Danh mục.csv"))))
    assert [(row["STT"], row["Tiêu chí"], row["Tệp trong gói"].rpartition("/")[2]) for row in rows] == [
        ("1", "1.1 (trang 2–3)", "01-001 Giấy đăng ký kinh doanh - Giấy business_registration.pdf"),
        ("2", "1.1 (trang 2–3)", "01-001 Giấy đăng ký kinh doanh - Giấy business_registration.pdf"),
        ("3", "", "không có trong kho"),
    ]
    acts = [entry["act"] for entry in json.loads(read(parts, f"{root}/99 Nhật ký.json"))]
    assert acts == ["dossier.received"]


def test_package_as_written_is_whole_and_its_names_lead_nowhere(session: Session, tmp_path: Path) -> None:
    attempt = with_files(session, tmp_path)
    (tmp_path / "x.zip").write_bytes(b"".join(stream_zip(package(session, attempt, tmp_path, scores=True), HELD)))

    checked, faults = verify_zip(tmp_path / "x.zip")

    assert (checked, faults) == (12, [])


def test_title_of_a_paper_leads_nowhere(session: Session, tmp_path: Path) -> None:
    who = producer_of(session, product_by_name(session, CAKE))
    with receive(rules(tmp_path), "quét.pdf") as upload:
        upload.write(pdf())
        row = keep(session, upload.finish(), who, HANDED_IN, folder=tmp_path / "files")
    attempt = submit(session, evidence=papers("awards", title="../../x\\..\\y\u202e:*", file_sha256=row.sha256))

    names = [part.name for part in package(session, attempt, tmp_path, scores=False)]

    assert f"{attempt.dossier.code}/Lần 1/03 Minh chứng/15-001 Giải thưởng - ..-..-x-..-y__.pdf" in names
    assert all(".." not in name.split("/") for name in names)


def test_all_attempts_are_in_it_and_a_file_once(session: Session, tmp_path: Path) -> None:
    attempt = with_files(session, tmp_path)
    close(session, attempt, StepKind.REGISTRATION_CHECK, {"outcome": "returned", "missing": ["awards"]}, CHECKED)
    who = producer_of(session, attempt.dossier.product)
    again = resubmit(session, attempt.dossier.code, {"evidence": papers(*MANDATORY)}, who, CHECKED)

    parts = package(session, again, tmp_path, scores=False)

    assert len([part for part in parts if isinstance(part.content, Path)]) == 1
    steps: list[dict[str, Any]] = json.loads(read(parts, f"{again.dossier.code}/Lần 1/07 Kết quả các bước.json"))
    assert [(step["kind"], step["outcomes"][0]["label"]) for step in steps] == [("registration_check", "trả lại")]
    assert f"{again.dossier.code}/Lần 2/01 Phiếu đăng ký.txt" in [part.name for part in parts]


def test_scores_are_in_it_for_those_who_may_see_them_only(session: Session, tmp_path: Path) -> None:
    meeting = concluded(session, [71, 71, 71, 71, 71, 71, 73], gates=4)
    attempt = meeting.products[0].attempt

    whole = everything(package(session, attempt, tmp_path, scores=True))
    without = everything(package(session, attempt, tmp_path, scores=False))

    for secret in ('"choices"', "71.28", "council_evaluation", "sheet:"):
        assert secret in whole
        assert secret not in without
    assert "Như hồ sơ" in without  # what the commune found


def test_sheets_of_a_scoring_that_is_open_are_secret_from_everyone(session: Session, tmp_path: Path) -> None:
    meeting = session_with(session)
    (product,) = meeting.products
    score(session, product, 71, gates=4)
    assert len(product.sheets) == 7

    assert '"choices"' not in everything(package(session, product.attempt, tmp_path, scores=True))


def test_others_get_no_package(session: Session, tmp_path: Path) -> None:
    attempt = submit(session)
    own, other = (producer_of(session, product_by_name(session, name)) for name in (CAKE, LONGAN))

    assert package(session, attempt, tmp_path, scores=False, who=own)
    assert package(session, attempt, tmp_path, scores=True, who=coordinator(session))
    for who, scores in ((own, True), (other, False), (Actor(1, Role.COORDINATOR, office_id=99_999), False)):
        with pytest.raises(NotAllowedError):
            package(session, attempt, tmp_path, scores=scores, who=who)


def kept(session: Session, home: Path, kind: str, subject: Any) -> Document:
    """The paper as the engine makes it."""
    made = prepare(Making(session, SIGNED.date()), kind_named(kind), subject, home)
    assert made is not None
    return store(session, made, home, SIGNED)


def papers_in(parts: list[Part], code: str) -> list[str]:
    under = f"{code}/90 Giấy tờ/"
    return [part.name.removeprefix(under) for part in parts if part.name.startswith(under)]


def test_papers_are_in_it_as_they_were_kept_with_their_signed_originals(session: Session, tmp_path: Path) -> None:
    attempt = decided(session, 66)
    report = kept(session, tmp_path, "commune_report", attempt)
    decision = kept(session, tmp_path, "decision", attempt.round)
    minutes = kept(session, tmp_path, "council_minutes", attempt.round.sessions[0])
    with receive(rules(tmp_path), "quyết định đã ký.pdf") as upload:
        upload.write(pdf())
        row = keep(session, upload.finish(), coordinator(session), SIGNED, folder=tmp_path / "files")
    decision.signed.append(
        SignedPaper(
            file_sha256=row.sha256,
            file_name="ký.pdf",
            verdict=SignatureVerdict.WET_INK,
            added_at=SIGNED,
            signers=[],
            findings=[],
        )
    )
    session.flush()

    parts = package(session, attempt, tmp_path, scores=True)

    assert papers_in(parts, attempt.dossier.code) == [
        f"01 Báo cáo đánh giá cấp xã (mẫu 03) {(report.number or '').replace('/', '-')}.docx",
        "02 Biên bản họp hội đồng 05-BB-HĐ.docx",
        "03 Quyết định công nhận 2105-QĐ-UBND.docx",
        "03 Quyết định công nhận 2105-QĐ-UBND - bản ký 1.pdf",
    ]
    assert {part.sha256 for part in parts} >= {decision.docx_sha256, minutes.docx_sha256, row.sha256}
    (tmp_path / "x.zip").write_bytes(b"".join(stream_zip(parts, HELD)))
    assert verify_zip(tmp_path / "x.zip") == (len(parts), [])


def test_papers_that_tell_points_stay_out_without_scores_and_drafts_with_the_office(
    session: Session, tmp_path: Path
) -> None:
    meeting = concluded(session, 66)
    attempt = meeting.products[0].attempt
    kept(session, tmp_path, "commune_report", attempt)
    kept(session, tmp_path, "council_minutes", meeting)
    kept(session, tmp_path, "decision", meeting.round)
    producer = producer_of(session, attempt.dossier.product)

    office = papers_in(package(session, attempt, tmp_path, scores=False), attempt.dossier.code)
    own = papers_in(package(session, attempt, tmp_path, scores=False, who=producer), attempt.dossier.code)

    assert [name.split(" ", 1)[1] for name in office][1:] == ["Quyết định công nhận (dự thảo).docx"]
    assert own == office[:1]
    assert "Báo cáo đánh giá cấp xã" in own[0]


def test_export_is_in_the_audit_trail(session: Session, tmp_path: Path) -> None:
    attempt = submit(session)
    package(session, attempt, tmp_path, scores=True, who=coordinator(session))

    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "dossier.exported"))
    assert (entry.actor_id, entry.data["scores"]) == (coordinator(session).person_id, True)


@pytest.mark.parametrize("text", ["=1+1", "+84", "-x", "@SUM(A1)", "\tx"])
def test_table_holds_no_formula(text: str) -> None:
    assert as_csv([{"Tên": text}]).decode("utf-8-sig").splitlines()[1].strip('"').startswith("'")
