"""Papers in the portal: who sees which, downloads, signed originals, digital signatures, the page of verification."""

from __future__ import annotations

import base64
import re
from datetime import datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from models.database import transaction
from models.documents.framing import Making
from models.documents.issuing import prepare, store
from models.documents.kinds import kind_named
from models.documents.subjects import page_of
from models.enums import SignatureVerdict, TokenScope
from models.office_clock import set_stored_now
from models.settings import settings
from models.signing.credentials import from_pkcs12
from models.signing.signing import sign_pdf
from models.tables import Certificate, IdempotencyKey, Person, Product, SignedPaper, StoredFile
from tests.certificates import PASSPHRASE, Issued
from tests.factories import CANDY, decided, office_elsewhere, producer_of
from tests.portal_client import Browser, sign_in, token_for
from tests.signing_people import NOW, ca, leader, paper

__all__ = ["ca", "leader", "paper"]

DECISION = "/papers/decision/2024-2"
NOTICE = "/papers/result_notice_producer/2024-001-1"
NUMBER = {"number": "15/TB-VPĐP", "dated": "2024-12-19"}


@pytest.fixture
def now(url: str) -> datetime:
    """A day after the decision."""
    with transaction(url) as session:
        set_stored_now(session, NOW)
    return NOW


@pytest.fixture
def producer(url: str, client: TestClient, ca: Issued) -> str:
    """A decided case with its papers, an issuer that is trusted; the code of one of its producer's people."""
    assert client
    home = settings().home
    (home / "trust").mkdir()
    (home / "trust" / "ca.pem").write_bytes(ca.pem)
    with transaction(url) as session:
        attempt = decided(session, 66)
        session.flush()
        making = Making(session, NOW.date())
        for kind, subject in (
            ("decision", attempt.round),
            ("submission_letter", attempt.round),
            ("result_notice_producer", attempt),
        ):
            made = prepare(making, kind_named(kind), subject, home)
            assert made is not None
            store(session, made, home, NOW)
        return session.get_one(Person, producer_of(session, attempt.dossier.product).person_id).code


def signed(content: bytes, by: Issued) -> bytes:
    """The PDF with a digital signature."""
    return sign_pdf(content, from_pkcs12(by.pkcs12(), PASSPHRASE, NOW), NOW)


def send_file(browser: Browser, path: str, field: str, content: bytes, name: str, **fields: str) -> Any:
    """Send the form that stands on the page opened last with a file."""
    hidden = dict(re.findall(r'name="(_csrf|_key)" value="([0-9a-f]+)"', browser.last.text))
    files = {field: (name, content, "application/octet-stream")}
    browser.last = browser.client.post(path, data=hidden | fields, files=files, follow_redirects=True)
    return browser.last


def kept(url: str) -> list[tuple[SignatureVerdict, list[str]]]:
    """The signed originals that are kept."""
    with transaction(url) as session:
        return [(one.verdict, list(one.signers)) for one in session.scalars(select(SignedPaper))]


def test_papers_of_a_case_are_listed_with_their_downloads(client: TestClient, url: str, producer: str) -> None:
    assert producer
    browser = sign_in(client, url, "dieu-phoi", NOW)

    listed = browser.get("/rounds/2024-2/papers").text

    assert re.findall(r'<a href="(/papers/[^"/]+/[^"/]+)"', listed) == ["/papers/submission_letter/2024-2", DECISION]
    word = browser.get(f"{DECISION}/docx")
    assert word.content.startswith(b"PK")
    assert word.headers["content-disposition"] == 'attachment; filename="decision__2024-2.docx"'
    assert "form-action" not in word.headers["content-security-policy"]


def test_producer_sees_issued_papers_and_no_drafts_or_inside_papers(
    client: TestClient, url: str, producer: str
) -> None:
    browser = sign_in(client, url, producer, NOW)

    assert re.findall(r'<a href="(/papers/[^"/]+/[^"/]+)"', browser.get("/rounds/2024-2/papers").text) == [DECISION]
    own = re.findall(r'href="/papers/(\w+)/[^"/]+"', browser.get("/dossiers/2024-001/papers").text)
    assert own == ["decision", "registration_form", "self_assessment"]
    assert browser.get(DECISION).status_code == 200
    assert [browser.get(p).status_code for p in (NOTICE, "/papers/submission_letter/2024-2")] == [404, 404]


def test_paper_of_another_case_is_not_there(client: TestClient, url: str, producer: str) -> None:
    with transaction(url) as session:
        product = session.scalars(select(Product).where(Product.name == CANDY)).one()
        other = session.get_one(Person, producer_of(session, product).person_id).code
    assert other != producer
    browser = sign_in(client, url, other, NOW)

    paths = ("/papers/registration_form/2024-001-1", "/papers/registration_form/2024-001-1/docx", "/papers/none/x")
    assert [browser.get(path).status_code for path in paths] == [404, 404, 404]


def test_signed_pdf_is_checked_and_its_file_opens_for_who_sees_the_paper(
    client: TestClient, url: str, producer: str, paper: bytes, leader: Issued
) -> None:
    browser = sign_in(client, url, "dieu-phoi", NOW)
    browser.get(DECISION)

    shown = send_file(browser, f"{DECISION}/originals", "file", signed(paper, leader), "qd-da-ky.pdf")

    assert shown.status_code == 200
    assert "Đã giữ bản ký: chữ ký số hợp lệ." in shown.text
    assert kept(url) == [(SignatureVerdict.TRUSTED, ["Lê Văn Bốn"])]
    link = re.search(r'href="(/files/[0-9a-f]{64})">qd-da-ky.pdf', shown.text)
    assert link is not None
    assert sign_in(client, url, producer, NOW).get(link.group(1)).status_code == 200


def test_changed_signed_pdf_is_refused_at_its_field(
    client: TestClient, url: str, producer: str, paper: bytes, leader: Issued
) -> None:
    assert producer
    changed = bytearray(signed(paper, leader))
    changed[paper.index(b"stream") + 20] ^= 1
    browser = sign_in(client, url, "dieu-phoi", NOW)
    browser.get(DECISION)

    shown = send_file(browser, f"{DECISION}/originals", "file", bytes(changed), "qd.pdf")

    assert shown.status_code == 422
    assert "ĐÃ BỊ SỬA" in shown.text
    assert kept(url) == []


def test_scan_gives_a_paper_its_number(client: TestClient, url: str, producer: str, paper: bytes) -> None:
    browser = sign_in(client, url, "dieu-phoi", NOW)
    browser.get(NOTICE)

    without = send_file(browser, f"{NOTICE}/originals", "file", paper, "quet.pdf")
    assert "Giấy tờ chưa có số" in without.text
    file = re.search(r'name="file_sha256" value="([0-9a-f]{64})"', without.text)
    assert file is not None
    shown = browser.send(f"{NOTICE}/originals", {"file_sha256": file.group(1), "file_name": "quet.pdf", **NUMBER})

    assert "số 15/TB-VPĐP" in shown.text
    assert kept(url) == [(SignatureVerdict.WET_INK, [])]
    assert sign_in(client, url, producer, NOW).get(NOTICE).status_code == 200


def test_producer_may_not_bring_a_signed_decision(client: TestClient, url: str, producer: str, paper: bytes) -> None:
    browser = sign_in(client, url, producer, NOW)
    browser.get(DECISION)
    assert "Nộp bản đã ký" not in browser.last.text
    browser.get("/papers/registration_form/2024-001-1")

    shown = send_file(browser, f"{DECISION}/originals", "file", paper, "gia.pdf")

    assert shown.status_code == 403
    assert kept(url) == []


def test_wrong_passphrase_is_told_and_neither_file_nor_passphrase_is_kept(
    client: TestClient, url: str, producer: str, leader: Issued
) -> None:
    assert producer
    browser = sign_in(client, url, "lanh-dao", NOW)
    browser.get(DECISION)

    shown = send_file(browser, f"{DECISION}/signature", "pkcs12", leader.pkcs12(), "toi.p12", passphrase="bi-mat-1")

    assert shown.status_code == 422
    assert "Mật khẩu của tệp chứng thư không đúng" in shown.text
    assert "bi-mat-1" not in shown.text
    with transaction(url) as session:
        assert session.scalars(select(StoredFile)).all() == []


@pytest.mark.slow
def test_leader_signs_a_decision_in_the_browser(client: TestClient, url: str, producer: str, leader: Issued) -> None:
    assert producer
    browser = sign_in(client, url, "lanh-dao", NOW)
    browser.get(DECISION)

    shown = send_file(browser, f"{DECISION}/signature", "pkcs12", leader.pkcs12(), "toi.p12", passphrase=PASSPHRASE)

    assert "decision__2024-2-da-ky.pdf" in shown.text
    assert kept(url) == [(SignatureVerdict.TRUSTED, ["Lê Văn Bốn"])]
    assert PASSPHRASE not in shown.text
    with transaction(url) as session:
        assert [PASSPHRASE in row.body for row in session.scalars(select(IdempotencyKey))] == [False]


def test_program_reads_papers_and_signs_with_the_same_refusals(
    client: TestClient, url: str, producer: str, leader: Issued
) -> None:
    assert producer
    header = token_for(url, "lanh-dao", NOW, TokenScope.READ, TokenScope.ACT)

    lines = client.get("/api/v1/rounds/2024-2/papers", headers=header).json()
    one = client.get(f"/api/v1{DECISION}", headers=header).json()
    body = {"pkcs12": base64.b64encode(leader.pkcs12()).decode(), "passphrase": "sai"}
    refused = client.post(f"/api/v1{DECISION}/signature", json=body, headers=header | {"Idempotency-Key": "a"})

    assert [(line["kind"], line["frozen"]) for line in lines] == [("submission_letter", False), ("decision", True)]
    assert (one["number"], one["may_keep"], one["signed"]) == ("2105/QĐ-UBND", True, [])
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "passphrase"


def test_any_signed_pdf_can_be_looked_at_without_keeping_it(
    client: TestClient, url: str, producer: str, paper: bytes, leader: Issued
) -> None:
    browser = sign_in(client, url, producer, NOW)
    browser.get("/signatures")

    good = send_file(browser, "/signatures", "file", signed(paper, leader), "a.pdf").text
    plain = send_file(browser, "/signatures", "file", paper, "b.pdf").text
    wrong = send_file(browser, "/signatures", "file", b"khong phai", "c.pdf")

    assert "Chữ ký 1: Lê Văn Bốn" in good
    assert "không có chữ ký số nào" in plain
    assert (wrong.status_code, "Không phải tệp PDF" in wrong.text) == (422, True)
    with transaction(url) as session:
        assert session.scalars(select(StoredFile)).all() == []


def test_notice_of_a_result_is_numbered_and_frozen(client: TestClient, url: str, producer: str) -> None:
    browser = sign_in(client, url, "dieu-phoi", NOW)
    browser.get(NOTICE)
    assert "Ghi số, ngày" in browser.last.text

    shown = browser.send(f"{NOTICE}/number", NUMBER)

    assert "số 15/TB-VPĐP" in shown.text
    assert "Đã ban hành" in shown.text
    assert sign_in(client, url, producer, NOW).get(NOTICE).status_code == 200  # a draft was not theirs to see
    browser = sign_in(client, url, "dieu-phoi", NOW)
    browser.get(NOTICE)
    assert "đã có số 15/TB-VPĐP" in browser.send(f"{NOTICE}/number", {**NUMBER, "number": "16/TB-VPĐP"}).text


def test_number_is_given_through_the_api_by_who_keeps_the_paper(client: TestClient, url: str, producer: str) -> None:
    path, key = f"/api/v1{NOTICE}/number", {"Idempotency-Key": "k"}
    header = token_for(url, "dieu-phoi", NOW, TokenScope.READ, TokenScope.ACT) | key
    other = token_for(url, producer, NOW, TokenScope.READ, TokenScope.ACT) | key

    assert client.post(path, json=NUMBER, headers=other).status_code in {403, 404}
    assert client.post(path, json={**NUMBER, "dated": "2030-01-01"}, headers=header).status_code == 422
    assert client.post(path, json=NUMBER, headers=header).json()["data"]["number"] == "15/TB-VPĐP"


def test_certificate_and_dossier_show_their_papers_with_downloads(client: TestClient, url: str, producer: str) -> None:
    with transaction(url) as session:
        certificate = session.scalars(select(Certificate)).one()
        made = prepare(Making(session, NOW.date()), kind_named("certificate"), certificate, settings().home)
        assert made is not None
        store(session, made, settings().home, NOW)
        code, dossier = certificate.code, "2024-001"
        other = producer_of(session, session.scalars(select(Product).where(Product.name == CANDY)).one())
        stranger = session.get_one(Person, other.person_id).code
    browser = sign_in(client, url, producer, NOW)

    for page in (f"/certificates/{code}", f"/dossiers/{dossier}"):
        shown = browser.get(page).text
        links = re.findall(r'href="(/papers/[^"]+/docx)"', shown)
        assert {link.split("/")[2] for link in links} >= {"certificate", "decision"}
        assert "submission_letter" not in shown
        assert "result_notice_producer" not in shown  # still a draft
        assert {browser.get(link).status_code for link in links} == {200}

    elsewhere = sign_in(client, url, stranger, NOW)
    assert [elsewhere.get(page).status_code for page in (f"/certificates/{code}", f"/dossiers/{dossier}")] == [404, 404]
    assert elsewhere.get(f"/papers/certificate/{code}/docx").status_code == 404


def test_page_of_a_paper_answers_at_the_address_that_links_lead_to(url: str, client: TestClient, producer: str) -> None:
    with transaction(url) as session:
        certificate = session.scalars(select(Certificate).order_by(Certificate.id.desc())).all()[0]
        certificate.code = "12/2024/OCOP"
    office = sign_in(client, url, "dieu-phoi", NOW)

    pages = [page_of("decision", "2024-2"), page_of("certificate", "12/2024/OCOP")]

    assert pages == ["papers/decision/2024-2", "papers/certificate/12~2024~OCOP"]
    assert [office.get(f"/{page}").status_code for page in pages] == [200, 200]
    assert producer


def test_papers_that_wait_for_a_number_or_a_signature_are_one_list(client: TestClient, url: str, producer: str) -> None:
    office = sign_in(client, url, "dieu-phoi", NOW)
    drafts, unsigned = office.get("/papers").text, office.get("/papers?waiting=signature").text

    assert (DECISION in drafts, NOTICE in drafts) == (False, True)
    assert (DECISION in unsigned, NOTICE in unsigned) == (True, False)
    assert sign_in(client, url, producer, NOW).get("/papers").status_code == 403


def test_papers_of_another_office_wait_for_that_office(client: TestClient, url: str, producer: str) -> None:
    with transaction(url) as session:
        who, _ = office_elsewhere(session)
        assert who.person_id is not None
        code = session.get_one(Person, who.person_id).code
    own = token_for(url, "dieu-phoi", NOW, TokenScope.READ)
    other = token_for(url, code, NOW, TokenScope.READ)

    assert client.get("/api/v1/papers", headers=own).json()["total"] == 2
    assert client.get("/api/v1/papers", headers=other).json()["total"] == 0
    assert client.get("/api/v1/papers?waiting=x", headers=own).status_code == 422
    assert producer
