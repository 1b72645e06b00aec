"""What the digital signatures of a PDF are worth: who, when, over what, altered since, by whom certified.

A signature is good only when its numbers fit, it covers the document as it is now, and its certificate leads to an
issuer of the trust folder and is in force on the day of the check: the signer's own clock proves nothing [ours].
Nothing is fetched from the network, so a certificate that its issuer called back is not noticed (said in the report).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path

from asn1crypto import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from models.enums import SignatureVerdict
from models.errors import InputError
from models.signing.certificates import Holder, day_in_words, holder_of, moment_in_words
from models.signing.reports import SignatureReport, VerificationReport

ANY_SIGNING_USE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
logging.getLogger("pyhanko.sign.validation").setLevel(logging.CRITICAL)
"""What it logs, the report says."""

ADDED_LATER = {ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING}
"""What may follow a signature without changing what was signed: further signatures."""

BROKEN = (
    PdfError, ValueError, TypeError, LookupError, AttributeError, NotImplementedError, OverflowError, RecursionError,
    AssertionError, UnsupportedAlgorithm, InvalidSignature,
)  # fmt: skip
"""What a signature that was tampered with may raise as it is read."""


def verify_pdf(content: bytes, roots: Sequence[x509.Certificate], now: datetime) -> VerificationReport:
    """Look at every signature of a PDF.

    Raises:
        InputError: it is no PDF that can be read.
    """
    try:
        reader = PdfFileReader(BytesIO(content), strict=False)
        found = list(reader.embedded_regular_signatures)
    except BROKEN as error:
        raise InputError(
            "không phải tệp PDF, hoặc tệp hỏng", field="file", remedy="Chọn đúng tệp PDF đã ký; quét hoặc tải lại."
        ) from error
    reports = [_report(one, roots, now, last=one is found[-1]) for one in found]
    return VerificationReport(_overall([one.verdict for one in reports]), reports, now)


def verify_file(path: Path, roots: Sequence[x509.Certificate], now: datetime) -> VerificationReport:
    """The same of a file."""
    return verify_pdf(path.read_bytes(), roots, now)


def _overall(verdicts: Sequence[SignatureVerdict]) -> SignatureVerdict:
    """As good as the worst."""
    order = (SignatureVerdict.BROKEN, SignatureVerdict.UNTRUSTED, SignatureVerdict.TRUSTED)
    return next((one for one in order if one in verdicts), SignatureVerdict.UNSIGNED)


def _report(
    signature: EmbeddedPdfSignature, roots: Sequence[x509.Certificate], now: datetime, *, last: bool
) -> SignatureReport:
    try:
        context = ValidationContext(
            trust_roots=list(roots), moment=now, allow_fetching=False, other_certs=signature.other_embedded_certs
        )
        status = validate_pdf_signature(signature, context, key_usage_settings=ANY_SIGNING_USE)
        holder = holder_of(status.signing_cert)
    except BROKEN as error:
        return _unreadable(signature, error)
    whole = _covers(status, last=last)
    altered = not (status.intact and status.valid and whole)
    trust = [] if altered else _distrust(status, holder, roots, now)
    verdict = SignatureVerdict.BROKEN if altered else SignatureVerdict.UNTRUSTED if trust else SignatureVerdict.TRUSTED
    signed_at = status.signer_reported_dt
    return SignatureReport(
        holder.name, holder.organisation, holder.issuer, holder.serial, signed_at, verdict, whole, altered,
        _lines(holder, signed_at, status, whole, trust, verdict),
    )  # fmt: skip


def _covers(status: PdfSignatureStatus, *, last: bool) -> bool:
    """Whether nothing but further signatures came after it; the last one must cover the file to its end."""
    if last:
        return status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    reaches = status.coverage in {SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION}
    return reaches and status.modification_level in ADDED_LATER and status.docmdp_ok is not False


def _distrust(
    status: PdfSignatureStatus, holder: Holder, roots: Sequence[x509.Certificate], now: datetime
) -> list[str]:
    """Why the certificate is not believed; empty when it is."""
    found = []
    if now > holder.valid_until:
        found.append(f"Chứng thư đã hết hạn ngày {day_in_words(holder.valid_until)}.")
    elif now < holder.valid_from:
        found.append(f"Chứng thư chưa có hiệu lực (từ ngày {day_in_words(holder.valid_from)}).")
    if not status.trusted and not found:
        where = "thư mục trust của phần mềm" if roots else "thư mục trust (đang trống)"
        known = any(root.subject == status.signing_cert.issuer for root in roots)
        why = "chuỗi chứng thư không hợp lệ" if known else f"không có trong {where}"
        found.append(f"Chưa tin cậy nơi cấp chứng thư «{holder.issuer}»: {why}.")
    return found


def _lines(
    holder: Holder,
    signed_at: datetime | None,
    status: PdfSignatureStatus,
    whole: bool,
    trust: list[str],
    verdict: SignatureVerdict,
) -> list[str]:
    who = f"{holder.name}, {holder.organisation}" if holder.organisation else holder.name
    when = f"ký lúc {moment_in_words(signed_at)} (theo máy của người ký)" if signed_at else "không ghi giờ ký"
    if not (status.intact and status.valid):
        content = "Nội dung ĐÃ BỊ SỬA sau khi ký, hoặc chữ ký không khớp."
    elif not whole:
        content = "Chữ ký không trùm cả văn bản: có phần được thêm, sửa sau khi ký."
    elif status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        content = "Văn bản còn nguyên; sau chữ ký này chỉ có thêm chữ ký của người khác."
    else:
        content = "Văn bản còn nguyên, chữ ký trùm cả văn bản."
    issued = f"Chứng thư do {holder.issuer} cấp, hiệu lực {day_in_words(holder.valid_from)} – "
    issued += f"{day_in_words(holder.valid_until)}; chưa tra việc thu hồi chứng thư."
    return [f"{verdict.label[:1].upper()}{verdict.label[1:]}: {who}, {when}.", content, *trust, issued]


def _unreadable(signature: EmbeddedPdfSignature, error: Exception) -> SignatureReport:
    try:
        name = holder_of(signature.signer_cert).name
    except BROKEN:
        name = "không rõ"
    verdict = SignatureVerdict.BROKEN
    return SignatureReport(
        name, "", "", "", None, verdict, False, True,
        [f"Chữ ký hỏng: {name}.", f"Không đọc được chữ ký ({type(error).__name__}): văn bản đã bị sửa hoặc tệp hỏng."],
    )  # fmt: skip
