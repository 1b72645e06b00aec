"""`ocop document` and `ocop template` as a person calls them."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import select

from models.database import transaction
from models.documents import pdf
from models.enums import ScanResult
from models.files.kinds import FileKind
from models.files.store import path_of
from models.settings import settings
from models.tables import Office, StoredFile
from tests.certificates import PASSPHRASE, issuer, signer
from tests.docx_reading import text
from tests.factories import CANDY, HELD, concluded, decided, sign
from tests.signing_people import NOW
from tests.signing_people import pdf as signable
from tests.unit.cli.conftest import Ocop, set_day


def test_paper_is_written_under_its_kind_and_id(ocop: Ocop, office: str, tmp_path: Path) -> None:
    set_day(office, 2024, 12, 20)
    with transaction(office) as session:
        decided(session, 66)

    run = ocop("document", "render", "decision", "2024-2", "--out", str(tmp_path / "ra"), "--json")

    file = tmp_path / "ra" / "decision__2024-2.docx"
    assert run.json == {"files": [str(file)]}
    assert "Số: 2105/QĐ-UBND" in text(file.read_bytes())


def test_list_names_what_can_be_made(ocop: Ocop, office: str) -> None:
    set_day(office, 2024, 12, 20)
    with transaction(office) as session:
        decided(session, 66)

    rows = ocop("document", "list", "--kind", "result_notice_producer", "--json").json

    assert [(r["kind"], r["id"], r["variant"], r["version"], r["frozen"]) for r in rows] == [
        ("result_notice_producer", "2024-001-1", "recognised", None, False)
    ]


def test_one_of_each_kind_and_variant_and_every_blank_sheet(ocop: Ocop, office: str, tmp_path: Path) -> None:
    set_day(office, 2024, 12, 20)
    with transaction(office) as session:
        decided(session, 66)

    ocop("document", "render-all", "--out", str(tmp_path / "ra"))

    kinds = [file.name.split("__")[0] for file in sorted((tmp_path / "ra").iterdir())]
    assert kinds.count("score_sheet_blank") == 52
    assert sorted(set(kinds)) == [
        "advisory_report",
        "certificate",
        "commune_report",
        "council_minutes",
        "decision",
        "invitation",
        "registration_form",
        "result_notice_commune",
        "result_notice_producer",
        "round_notice",
        "round_report",
        "score_sheet",
        "score_sheet_blank",
        "self_assessment",
        "submission_letter",
        "year_report",
    ]


def test_unknown_kind_and_unknown_id_are_refused_with_a_way_on(ocop: Ocop, office: str, tmp_path: Path) -> None:
    kind = ocop("document", "render", "quyet-dinh", "2024-2", "--out", str(tmp_path), "--json")
    subject = ocop("document", "render", "decision", "2030-1", "--out", str(tmp_path), "--json")
    early = ocop("document", "render", "decision", "2024-2", "--out", str(tmp_path), "--json")

    assert (kind.status, kind.problems) == (2, [("kind", "Không có loại giấy tờ «quyet-dinh».")])
    assert (subject.status, subject.problems) == (2, [("id", "Không có «2030-1» để làm quyết định công nhận.")])
    assert (early.status, early.problems) == (2, [("id", "Chưa có gì để làm quyết định công nhận cho «2024-2».")])


def test_pdf_without_libreoffice_says_what_to_install(
    ocop: Ocop, office: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "PROGRAMS", ("khong-co-chuong-trinh-nay",))

    run = ocop("document", "render", "round_notice", "2024-2", "--out", str(tmp_path / "ra"), "--pdf", "--json")

    assert run.status == 4
    assert run.problems[0][1].startswith("Máy này chưa cài LibreOffice")
    assert (tmp_path / "ra" / "round_notice__2024-2.docx").is_file()


def test_package_for_the_level_above_is_in_the_order_of_its_list(ocop: Ocop, office: str, tmp_path: Path) -> None:
    set_day(office, 2024, 12, 20)
    with transaction(office) as session:
        sign(session, concluded(session, 72, "Bánh gai Huân Hường", CANDY, gates=4), decision_number="")

    ocop("document", "package", "2024-2", "--out", str(tmp_path))

    packed = (tmp_path / "chuyen-cap-tren__2024-2.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = archive.namelist()
    assert names == [
        "00-van-ban-chuyen-ho-so-len-cap-tren.docx",
        "01-bao-cao-cua-to-tu-van.docx",
        "02-bien-ban-hop-hoi-dong.docx",
        "ho-so-01-2024-001-banh-gai-huan-huong/01-phieu-dang-ky-mau-01.docx",
        "ho-so-01-2024-001-banh-gai-huan-huong/02-tu-danh-gia-mau-02.docx",
        "ho-so-01-2024-001-banh-gai-huan-huong/03-bao-cao-danh-gia-cap-xa-mau-03.docx",
        "ho-so-02-2024-002-keo-lac-tuyen-tam/01-phieu-dang-ky-mau-01.docx",
        "ho-so-02-2024-002-keo-lac-tuyen-tam/02-tu-danh-gia-mau-02.docx",
        "ho-so-02-2024-002-keo-lac-tuyen-tam/03-bao-cao-danh-gia-cap-xa-mau-03.docx",
    ]


def test_package_holds_the_files_of_the_evidence_in_their_places(ocop: Ocop, office: str, tmp_path: Path) -> None:
    set_day(office, 2024, 12, 20)
    content = b"%PDF-1.7 giay dang ky"
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction(office) as session:
        meeting = concluded(session, 72, gates=4)
        sign(session, meeting, decision_number="")
        paper = meeting.products[0].attempt.evidence[0]
        paper.file_name, paper.file_sha256 = "Giấy đăng ký.PDF", sha256
        kept = StoredFile(
            sha256=sha256,
            size=len(content),
            media_type=FileKind.PDF,
            first_name="Giấy đăng ký.PDF",
            uploaded_at=HELD,
            scan=ScanResult.CLEAN,
        )
        session.add(kept)
    place = path_of(settings().files_dir, sha256)
    place.parent.mkdir(parents=True)
    place.write_bytes(content)

    ocop("document", "package", "2024-2", "--out", str(tmp_path))

    with zipfile.ZipFile(tmp_path / "chuyen-cap-tren__2024-2.zip") as archive:
        name = "ho-so-01-2024-001-banh-gai-huan-huong/04-giay-business-registration.pdf"
        assert archive.read(name) == content
        assert [one for one in archive.namelist() if one.endswith(".pdf")] == [name]


def test_package_of_a_round_that_forwards_nothing_is_refused(ocop: Ocop, office: str, tmp_path: Path) -> None:
    run = ocop("document", "package", "2024-2", "--out", str(tmp_path), "--json")

    assert run.problems == [("round", "Đợt 2 năm 2024 không có hồ sơ nào chuyển lên cấp trên.")]


def test_template_check_names_what_does_not_exist(ocop: Ocop, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "certificate.docx"
    document = Document()
    document.add_paragraph("{{ product }} {{ ten_chu_the }}")
    document.save(str(file))

    run = ocop("template", "check", str(file), "--json")

    assert run.status == 2
    assert run.problems == [("ten_chu_the", "không có mục «ten_chu_the» trong loại giấy tờ này")]


def test_template_check_accepts_ours(ocop: Ocop, home: Path) -> None:
    run = ocop("template", "check", str(Path("templates/documents/decision.docx").absolute()))

    assert run.out.strip() == "Mẫu decision.docx (Quyết định công nhận) dùng được."


def test_office_settings_name_head_signature_and_recipients(ocop: Ocop, office: str, tmp_path: Path) -> None:
    with transaction(office) as session:
        row = session.scalars(select(Office).where(Office.code == "vpdp")).one()
        row.settings = {
            **row.settings,
            "papers": {
                "place": "Lam Sơn",
                "heads": {"office": {"superior": "UBND XÃ LAM SƠN", "issuer": ["VĂN PHÒNG"]}},
                "signatures": {"office": {"before": ["TL. CHỦ TỊCH"], "post": "Chánh Văn phòng", "name": "Lê A"}},
                "symbols": {"round_notice": "TB-VP"},
                "recipients": {"round_notice": ["Như trên", "Lưu: VT"]},
            },
        }

    ocop("document", "render", "round_notice", "2024-2", "--out", str(tmp_path))

    said = text((tmp_path / "round_notice__2024-2.docx").read_bytes()).splitlines()
    assert said[:2] == ["UBND XÃ LAM SƠN", "VĂN PHÒNG"]
    assert "Số: /TB-VP" in said
    at = said.index("Nơi nhận:")
    assert said[at + 1 : at + 6] == ["- Như trên;", "- Lưu: VT.", "TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG", "Lê A"]


def test_unknown_key_in_the_settings_is_named(ocop: Ocop, office: str, tmp_path: Path) -> None:
    with transaction(office) as session:
        row = session.scalars(select(Office).where(Office.code == "vpdp")).one()
        row.settings = {**row.settings, "papers": {"noi_ky": "Thọ Xuân"}}

    run = ocop("document", "render", "round_notice", "2024-2", "--out", str(tmp_path), "--json")

    assert run.problems == [("vpdp.settings.papers.noi_ky", "không có mục này trong biểu mẫu")]


def test_pdf_is_signed_and_looked_at(ocop: Ocop, office: str, home: Path, tmp_path: Path) -> None:
    set_day(office, 2024, 12, 20)
    ca = issuer(NOW)
    files = {"van-ban.pdf": signable(), "toi.p12": signer(ca, NOW).pkcs12(), "mat-khau.txt": PASSPHRASE.encode()}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    paper, key, secret = (str(tmp_path / name) for name in files)

    signed = ocop("document", "sign", paper, "--pkcs12", key, "--passphrase-file", secret, "--json")
    stranger = ocop("document", "verify", signed.json["file"], "--json")
    (home / "trust").mkdir()
    (home / "trust" / "ca.pem").write_bytes(ca.pem)
    trusted = ocop("document", "verify", signed.json["file"], "--json")

    assert signed.json == {"file": str(tmp_path / "van-ban-da-ky.pdf")}
    assert [(run.status, run.json["verdict"]) for run in (stranger, trusted)] == [(2, "untrusted"), (0, "trusted")]
    assert trusted.json["signatures"][0]["signer"] == "Lê Văn Bốn"


def test_scan_is_kept_by_who_may_and_listed_on_its_dossier(ocop: Ocop, office: str, tmp_path: Path) -> None:
    set_day(office, 2024, 12, 20)
    with transaction(office) as session:
        decided(session, 66)
    (tmp_path / "quet.pdf").write_bytes(signable())
    scan = str(tmp_path / "quet.pdf")
    call = ("document", "attach", "result_notice_producer", "2024-001-1", scan, "--json")

    refused = ocop("--as", "cb-xa-tho-dien", *call, "--number", "15/TB-VPĐP", "--date", "2024-12-19")
    blank = ocop("--as", "dieu-phoi", *call)
    kept = ocop("--as", "dieu-phoi", *call, "--number", "15/TB-VPĐP", "--date", "2024-12-19")

    assert (refused.status, kept.status) == (2, 0)
    assert [field for field, _ in blank.problems] == ["number", "dated"]
    assert (kept.json["number"], kept.json["verdict"]) == ("15/TB-VPĐP", "wet_ink")
    shown = ocop("dossier", "show", "2024-001", "--json").json
    assert [one["signed"] for one in shown["attempts"][-1]["documents"]] == [["bản quét ký tay: quet.pdf"]]


@pytest.mark.slow
def test_signed_paper_is_written_where_it_was_asked_for(ocop: Ocop, office: str, tmp_path: Path) -> None:
    set_day(office, 2024, 12, 20)
    with transaction(office) as session:
        decided(session, 66)
    (tmp_path / "toi.p12").write_bytes(signer(issuer(NOW), NOW).pkcs12())
    (tmp_path / "mat-khau.txt").write_text(PASSPHRASE, encoding="utf-8")
    key, secret, out = (str(tmp_path / name) for name in ("toi.p12", "mat-khau.txt", "ra.pdf"))
    call = ("document", "sign", "decision", "2024-2", "--pkcs12", key, "--passphrase-file", secret, "--out", out)

    run = ocop("--as", "lanh-dao", *call, "--number", "2105/QĐ-UBND", "--date", "2024-09-20", "--json")

    assert run.status == 0
    assert run.json["file"] == out
    assert ocop("document", "verify", out, "--json").json["verdict"] == "untrusted"
