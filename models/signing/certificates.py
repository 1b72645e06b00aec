"""Certificates of signers as people read them, and the issuers that this installation trusts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asn1crypto import pem, x509

from models.clock import VN_TZ
from models.errors import FinalError

ENDINGS = {".pem", ".crt", ".cer", ".der"}
CERTIFICATE = "CERTIFICATE"


@dataclass(frozen=True)
class Holder:
    """Whose a certificate is, who issued it, and from when to when it is in force."""

    name: str
    organisation: str
    issuer: str
    serial: str
    valid_from: datetime
    valid_until: datetime


def holder_of(certificate: x509.Certificate) -> Holder:
    """The facts of a certificate that people ask for."""
    subject, issuer = certificate.subject.native, certificate.issuer.native
    return Holder(
        name=_text(subject.get("common_name")) or certificate.subject.human_friendly,
        organisation=_text(subject.get("organization_name")),
        issuer=_text(issuer.get("common_name")) or certificate.issuer.human_friendly,
        serial=f"{certificate.serial_number:X}",
        valid_from=certificate.not_valid_before,
        valid_until=certificate.not_valid_after,
    )


def trusted_roots(folder: Path) -> list[x509.Certificate]:
    """The certificates in the folder (PEM with one or more, or DER); none when there is no folder.

    Raises:
        FinalError: a file is no certificate; it is named.
    """
    if not folder.is_dir():
        return []
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in ENDINGS)
    return [certificate for file in files for certificate in _read(file)]


def day_in_words(moment: datetime) -> str:
    """`05/08/2024`, in Viet Nam."""
    return f"{moment.astimezone(VN_TZ):%d/%m/%Y}"


def moment_in_words(moment: datetime) -> str:
    """`05/08/2024 14:30:05`, in Viet Nam."""
    return f"{moment.astimezone(VN_TZ):%d/%m/%Y %H:%M:%S}"


def _read(file: Path) -> list[x509.Certificate]:
    try:
        content = file.read_bytes()
        parts = [content]
        if pem.detect(content):
            parts = [der for kind, _, der in pem.unarmor(content, multiple=True) if kind == CERTIFICATE]
        found = [x509.Certificate.load(part, strict=True) for part in parts]
        for one in found:
            holder_of(one)
    except (OSError, ValueError, TypeError) as error:
        raise FinalError(
            f"Tệp {file.name} không phải chứng thư số dạng PEM hoặc DER.",
            field=str(file),
            remedy="Thay bằng chứng thư gốc tải từ trang của nơi cấp, hoặc bỏ tệp khỏi thư mục trust.",
        ) from error
    return found


def _text(value: object) -> str:
    """A name's part; some certificates repeat one."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
