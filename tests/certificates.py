"""Certificates for tests, made anew each time: an issuer, and people with keys in PKCS#12 files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

PASSPHRASE = "mật khẩu 2024"
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def pem(self) -> bytes:
        """The certificate as a file of the trust folder."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def der(self) -> bytes:
        """The same, in the other form."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def pkcs12(self, passphrase: str = PASSPHRASE) -> bytes:
        """The file that a signer keeps."""
        locked = serialization.BestAvailableEncryption(passphrase.encode())
        return pkcs12.serialize_key_and_certificates(b"ky so", self.key, self.certificate, None, locked)


def issuer(now: datetime, name: str = "CA Thử nghiệm") -> Issued:
    """An issuer that certifies itself, in force from a year before `now` to nine years after."""
    key = _key()
    return Issued(_certificate(name, "", key, name, key, now - YEAR, now + 9 * YEAR, ca=True), key)


def signer(by: Issued, now: datetime, name: str = "Lê Văn Bốn", *, days: int = 365, uses: str = "sign") -> Issued:
    """A person's certificate, from a day before `now` on; `uses`: sign, or encipher."""
    key = _key()
    of = by.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    begin, end = now - timedelta(days=1), now + timedelta(days=days)
    return Issued(_certificate(name, "UBND huyện Thọ Xuân", key, str(of), by.key, begin, end, uses=uses), key)


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _name(common: str, organisation: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    if organisation:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name(parts)


def _certificate(
    name: str, organisation: str, key: rsa.RSAPrivateKey, by: str, by_key: rsa.RSAPrivateKey,
    begin: datetime, end: datetime, *, ca: bool = False, uses: str = "sign",
) -> x509.Certificate:  # fmt: skip
    signs = uses == "sign"
    usage = x509.KeyUsage(
        digital_signature=signs and not ca, content_commitment=signs and not ca, key_encipherment=not signs,
        data_encipherment=False, key_agreement=False, key_cert_sign=ca, crl_sign=ca,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    built = (
        x509.CertificateBuilder()
        .subject_name(_name(name, organisation))
        .issuer_name(_name(by, ""))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by_key.public_key()), critical=False)
    )
    return built.sign(by_key, hashes.SHA256())
