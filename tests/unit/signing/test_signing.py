"""Signing a PDF and finding out what its signatures are worth."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from models.documents.paper import Signature
from models.enums import SignatureVerdict
from models.errors import FinalError, InputError
from models.signing.certificates import trusted_roots
from models.signing.credentials import from_pkcs12
from models.signing.placing import HEIGHT, MARGIN, WIDTH, place_for
from models.signing.reports import VerificationReport
from models.signing.signing import Mark, sign_pdf
from models.signing.verifying import verify_pdf
from tests.certificates import PASSPHRASE, Issued, issuer, signer
from tests.signing_people import NAME, NOW, POST, pdf

BLOCK = Signature(["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH"], POST, NAME)
Verify = Callable[[bytes], VerificationReport]


def signed(content: bytes, by: Issued, block: Signature = BLOCK) -> bytes:
    """The PDF with this person's signature."""
    return sign_pdf(content, from_pkcs12(by.pkcs12(), PASSPHRASE, NOW), NOW, Mark(block))


@pytest.fixture
def verify(trust: Path) -> Verify:
    """The report with the issuer trusted."""
    return lambda content: verify_pdf(content, trusted_roots(trust), NOW)


def texts(content: bytes) -> list[str]:
    """What is on each page, fields included."""
    run = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return [re.sub(r"\s+", " ", page) for page in run.stdout.decode().split("\f")]


def test_signature_of_a_trusted_issuer_is_good(paper: bytes, leader: Issued, verify: Verify) -> None:
    report = verify(signed(paper, leader))

    assert report.verdict is SignatureVerdict.TRUSTED
    one = report.signatures[0]
    facts = (one.signer, one.organisation, one.issuer, one.signed_at, one.whole_document, one.altered)
    assert facts == (NAME, "UBND huyện Thọ Xuân", "CA Thử nghiệm", NOW, True, False)
    assert one.lines[1] == "Văn bản còn nguyên, chữ ký trùm cả văn bản."


def test_field_says_name_post_and_time_in_the_signature_block(paper: bytes, leader: Issued) -> None:
    place = place_for(paper, BLOCK)
    content = signed(paper, leader)

    mm = 25.4 / 72
    box = place.box
    assert (place.page, place.found) == (1, True)
    assert 55 < box.bottom * mm < box.top * mm < 90
    assert round((box.left + box.right) / 2 * mm) == 150
    assert f"Ký bởi: {NAME} Chức vụ: Phó chủ tịch Thời gian ký: 20/12/2024 09:00:00" in texts(content)[1]


def test_post_is_left_out_when_somebody_else_signs(paper: bytes, ca: Issued) -> None:
    content = signed(paper, signer(ca, NOW, "Trần Thị Năm"))

    assert "Chức vụ" not in texts(content)[1]


def test_paper_without_the_block_is_signed_at_the_corner_of_its_last_page(leader: Issued) -> None:
    plain = pdf((100, 200, "Không có chỗ ký"), pages=3)

    place = place_for(plain, BLOCK)

    assert (place.page, place.found) == (2, False)
    assert (place.box.bottom, place.box.top - place.box.bottom) == (MARGIN, HEIGHT)
    assert (round(595.3 - place.box.right), round(place.box.right - place.box.left)) == (MARGIN, WIDTH)
    assert NAME in texts(signed(plain, leader))[2]


def test_block_too_narrow_for_three_lines_is_not_used() -> None:
    assert place_for(pdf((150, 60, POST), (150, 55, NAME)), BLOCK).found is False


def test_any_changed_byte_breaks_the_signature(paper: bytes, leader: Issued, verify: Verify) -> None:
    content = signed(paper, leader)
    hole = re.search(rb"<[0-9a-fA-F]{1000,}>", content)
    assert hole is not None
    outside = [*range(0, hole.start(), 997), *range(hole.end(), len(content), 499), len(content) - 2]

    verdicts = set()
    for place in outside:
        changed = bytearray(content)
        changed[place] ^= 1
        try:
            verdicts.add(verify(bytes(changed)).verdict)
        except InputError:
            continue

    assert verdicts <= {SignatureVerdict.BROKEN, SignatureVerdict.UNSIGNED}
    assert SignatureVerdict.BROKEN in verdicts


def test_changed_byte_is_told_in_words(paper: bytes, leader: Issued, verify: Verify) -> None:
    changed = bytearray(signed(paper, leader))
    changed[paper.index(b"stream") + 20] ^= 1

    report = verify(bytes(changed))

    assert report.verdict is SignatureVerdict.BROKEN
    assert report.signatures[0].altered
    assert "ĐÃ BỊ SỬA" in report.words[1]


def test_what_is_added_behind_a_signature_breaks_it(paper: bytes, leader: Issued, verify: Verify) -> None:
    report = verify(signed(paper, leader) + b"\n% them\n")

    assert (report.verdict, report.signatures[0].whole_document) == (SignatureVerdict.BROKEN, False)


def test_second_signature_leaves_the_first_one_good(paper: bytes, leader: Issued, ca: Issued, verify: Verify) -> None:
    both = signed(signed(paper, leader), signer(ca, NOW, "Trần Thị Năm"))

    report = verify(both)

    assert [one.signer for one in report.signatures] == [NAME, "Trần Thị Năm"]
    assert report.verdict is SignatureVerdict.TRUSTED
    assert report.signatures[0].lines[1] == "Văn bản còn nguyên; sau chữ ký này chỉ có thêm chữ ký của người khác."


def test_second_field_does_not_cover_the_first(paper: bytes) -> None:
    first, second = place_for(paper, BLOCK, 1).box, place_for(paper, BLOCK, 2).box

    assert first.top < second.bottom


def test_unknown_issuer_is_told_and_not_trusted(paper: bytes, verify: Verify) -> None:
    stranger = signer(issuer(NOW, "CA Lạ"), NOW)

    report = verify(signed(paper, stranger))

    assert report.verdict is SignatureVerdict.UNTRUSTED
    assert not report.signatures[0].altered
    expected = "Chưa tin cậy nơi cấp chứng thư «CA Lạ»: không có trong thư mục trust của phần mềm."
    assert report.words[2] == expected


def test_issuer_of_the_same_name_with_another_key_is_not_trusted(paper: bytes, verify: Verify) -> None:
    report = verify(signed(paper, signer(issuer(NOW), NOW)))

    assert report.verdict is SignatureVerdict.UNTRUSTED


def test_nothing_is_trusted_without_a_trust_folder(paper: bytes, leader: Issued, tmp_path: Path) -> None:
    report = verify_pdf(signed(paper, leader), trusted_roots(tmp_path / "none"), NOW)

    assert report.verdict is SignatureVerdict.UNTRUSTED


def test_certificate_that_expired_since_is_told(paper: bytes, leader: Issued, trust: Path) -> None:
    later = NOW + timedelta(days=400)

    report = verify_pdf(signed(paper, leader), trusted_roots(trust), later)

    assert report.verdict is SignatureVerdict.UNTRUSTED
    assert report.words[2] == "Chứng thư đã hết hạn ngày 20/12/2025."


def test_unsigned_pdf_is_said_to_be_unsigned(paper: bytes, verify: Verify) -> None:
    report = verify(paper)

    assert (report.verdict, report.signatures, report.words) == (SignatureVerdict.UNSIGNED, [], ["không có chữ ký số"])


def test_no_pdf_is_refused(verify: Verify) -> None:
    with pytest.raises(InputError, match="không phải tệp PDF"):
        verify(b"khong phai pdf")


def test_wrong_passphrase_is_told_without_repeating_it(leader: Issued) -> None:
    with pytest.raises(InputError, match="mật khẩu của tệp chứng thư không đúng") as refused:
        from_pkcs12(leader.pkcs12(), "sai roi", NOW)

    assert refused.value.problems[0].field == "passphrase"
    assert "sai roi" not in str(refused.value)


def test_file_of_another_kind_is_told_from_a_wrong_passphrase() -> None:
    with pytest.raises(InputError, match="không phải tệp PKCS#12"):
        from_pkcs12(b"-----BEGIN", PASSPHRASE, NOW)


@pytest.mark.parametrize(
    ("person", "told"),
    [
        (lambda ca: signer(ca, NOW - timedelta(days=100), days=50), "không còn hoặc chưa có hiệu lực"),
        (lambda ca: signer(ca, NOW + timedelta(days=50)), "không còn hoặc chưa có hiệu lực"),
        (lambda ca: signer(ca, NOW, uses="encipher"), "không dùng để ký được"),
    ],
    ids=["expired", "not yet in force", "not for signing"],
)
def test_certificate_that_cannot_sign_is_refused(ca: Issued, person: Callable[[Issued], Issued], told: str) -> None:
    with pytest.raises(InputError, match=told):
        from_pkcs12(person(ca).pkcs12(), PASSPHRASE, NOW)


def test_trust_folder_takes_pem_and_der_and_leaves_other_files(ca: Issued, tmp_path: Path) -> None:
    (tmp_path / "a.cer").write_bytes(ca.der)
    (tmp_path / "b.pem").write_bytes(ca.pem + issuer(NOW, "CA Hai").pem)
    (tmp_path / "doc-toi.txt").write_text("ghi chú")

    found = [one.subject.native["common_name"] for one in trusted_roots(tmp_path)]

    assert found == ["CA Thử nghiệm", "CA Thử nghiệm", "CA Hai"]


def test_faulty_file_of_the_trust_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "hong.pem").write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")

    with pytest.raises(FinalError, match=r"hong\.pem không phải chứng thư số"):
        trusted_roots(tmp_path)
