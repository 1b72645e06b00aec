"""Signing with a key that never leaves its token: SoftHSM stands for the token's maker."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from cryptography.hazmat.primitives import serialization
from pkcs11.util.rsa import decode_rsa_private_key
from pkcs11.util.x509 import decode_x509_certificate

from models.enums import SignatureVerdict
from models.errors import FinalError, InputError
from models.signing.certificates import trusted_roots
from models.signing.credentials import Token, from_token
from models.signing.signing import sign_pdf
from models.signing.verifying import verify_pdf
from tests.certificates import Issued
from tests.signing_people import NAME, NOW

pytestmark = pytest.mark.slow

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN, LABEL, CERTIFICATE = "246810", "van-phong", "ky so"


@pytest.fixture
def token(leader: Issued, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Token:
    """A token with the person's key and certificate."""
    folder = tmp_path_factory.mktemp("hsm")
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(settings))
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--so-pin", "12345678", "--pin", PIN],
        check=True, capture_output=True,
    )  # fmt: skip
    library = pkcs11.lib(MODULE)
    library.reinitialize()
    _fill(library, leader)
    return Token(MODULE, label=LABEL)


def _fill(library: Any, owner: Issued) -> None:
    form = serialization.PrivateFormat.TraditionalOpenSSL
    key = owner.key.private_bytes(serialization.Encoding.DER, form, serialization.NoEncryption())
    own = {pkcs11.Attribute.LABEL: CERTIFICATE, pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.ID: b"\x01"}
    with library.get_token(token_label=LABEL).open(user_pin=PIN, rw=True) as session:
        session.create_object(decode_rsa_private_key(key) | own)
        session.create_object(decode_x509_certificate(owner.der) | own)


def test_paper_is_signed_by_the_token(token: Token, paper: bytes, trust: Path) -> None:
    with from_token(token, PIN, NOW) as signer:
        content = sign_pdf(paper, signer, NOW)

    report = verify_pdf(content, trusted_roots(trust), NOW)
    assert (report.verdict, report.signatures[0].signer) == (SignatureVerdict.TRUSTED, NAME)


def test_wrong_pin_is_told(token: Token) -> None:
    with pytest.raises(InputError, match="mã PIN không đúng"), from_token(token, "000000", NOW):
        pass


def test_token_that_is_not_there_is_told(token: Token) -> None:
    with pytest.raises(InputError, match="không thấy token «khac»"), from_token(Token(token.module, "khac"), PIN, NOW):
        pass


def test_module_that_is_not_there_is_told() -> None:
    with pytest.raises(FinalError, match="Không dùng được token"), from_token(Token("/nonexistent.so"), PIN, NOW):
        pass
