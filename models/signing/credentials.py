"""The key that signs: of a PKCS#12 file or on a PKCS#11 token. Passphrase and PIN are kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pkcs11
from asn1crypto import x509
from pkcs11 import exceptions
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers import Signer, SimpleSigner

from models.errors import FinalError, InputError
from models.settings import Settings
from models.signing.certificates import day_in_words, holder_of

PKCS12_MOST_BYTES = 1_000_000
NOT_THERE = {exceptions.PKCS11Error, exceptions.TokenNotPresent, exceptions.NoSuchToken, exceptions.SlotIDInvalid}
SIGNING_USES = {"digital_signature", "non_repudiation"}


@dataclass(frozen=True)
class Token:
    """Where a token is: the maker's module, and slot or label when there are several; `certificate`: its label."""

    module: str
    label: str | None = None
    slot: int | None = None
    certificate: str | None = None

    @classmethod
    def of(cls, found: Settings) -> Token | None:
        """The token of this installation, if one is set."""
        if found.pkcs11_module is None:
            return None
        return cls(found.pkcs11_module, found.pkcs11_token, found.pkcs11_slot, found.pkcs11_certificate)


def from_pkcs12(content: bytes, passphrase: str, now: datetime) -> Signer:
    """The signer of a PKCS#12 file (`.p12`, `.pfx`).

    Raises:
        InputError: wrong passphrase, no PKCS#12 file, no key in it, or a certificate that cannot sign today.
    """
    try:
        signer: Signer | None = SimpleSigner.load_pkcs12_data(
            content[:PKCS12_MOST_BYTES], [], passphrase.encode() or None
        )
    except (ValueError, TypeError, AttributeError):
        signer = None
    if signer is None or signer.signing_cert is None:
        raise _not_opened(content)
    _check(signer.signing_cert, now)
    return signer


@contextmanager
def from_token(token: Token, pin: str, now: datetime) -> Iterator[Signer]:
    """The signer of a token, which stays open meanwhile.

    Raises:
        FinalError: the module cannot be loaded.
        InputError: no such token or certificate, wrong or locked PIN, or a certificate that cannot sign today.
    """
    with _told(token), _session(token, pin) as session:
        label = token.certificate or _only_certificate(session)
        signer = PKCS11Signer(session, cert_label=label)
        if signer.signing_cert is None:
            raise InputError("token không có chứng thư để ký", field="certificate", remedy="Cắm đúng token của mình.")
        _check(signer.signing_cert, now)
        yield signer


@contextmanager
def _session(token: Token, pin: str) -> Iterator[Any]:
    try:
        pkcs11.lib(token.module)
    except (exceptions.PKCS11Error, RuntimeError, OSError) as error:
        raise _unusable(token, error) from error
    criteria = TokenCriteria(label=token.label) if token.label else None
    session = open_pkcs11_session(token.module, token.slot, criteria, user_pin=pin or None)
    try:
        yield session
    finally:
        session.close()


@contextmanager
def _told(token: Token) -> Iterator[None]:
    """What the library raises, in words for the person; nothing of the PIN is in them."""
    try:
        yield
    except (exceptions.PinIncorrect, exceptions.PinInvalid, exceptions.PinLenRange) as error:
        raise InputError("mã PIN không đúng", field="pin", remedy="Gõ lại; sai nhiều lần token sẽ khóa.") from error
    except exceptions.PinLocked as error:
        raise InputError(
            "token đã khóa vì sai PIN nhiều lần", field="pin", remedy="Nhờ nơi cấp token mở khóa."
        ) from error
    except exceptions.PKCS11Error as error:
        # pyHanko says with the bare class that there is no such token.
        if type(error) in NOT_THERE:
            raise _no_token(token) from error
        raise _unusable(token, error) from error


def _unusable(token: Token, error: Exception) -> FinalError:
    return FinalError(
        f"Không dùng được token qua mô-đun {token.module} ({type(error).__name__}).",
        field="OCOP_PKCS11_MODULE",
        remedy="Kiểm tra đường dẫn tệp .so của hãng token, cắm token rồi thử lại.",
    )


def _only_certificate(session: Any) -> str:
    found = session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE})
    labels = sorted({str(one[pkcs11.Attribute.LABEL]) for one in found})
    if len(labels) == 1:
        return labels[0]
    shown = f"các nhãn: {', '.join(labels)}" if labels else "không có chứng thư nào"
    raise InputError(
        f"token phải được nêu rõ chứng thư nào ({shown})",
        field="certificate",
        remedy="Nêu nhãn chứng thư (--certificate, hoặc OCOP_PKCS11_CERTIFICATE).",
    )


def _check(certificate: x509.Certificate, now: datetime) -> None:
    """Refuse what would not be accepted once signed."""
    holder = holder_of(certificate)
    if not holder.valid_from <= now <= holder.valid_until:
        span = f"{day_in_words(holder.valid_from)} – {day_in_words(holder.valid_until)}"
        raise InputError(
            f"chứng thư số của {holder.name} không còn hoặc chưa có hiệu lực (hiệu lực {span})",
            field="certificate",
            remedy="Gia hạn chứng thư ở nơi cấp, hoặc ký bằng chứng thư khác.",
        )
    usage = certificate.key_usage_value
    if usage is not None and not SIGNING_USES & set(usage.native):
        raise InputError(
            f"chứng thư số của {holder.name} không dùng để ký được",
            field="certificate",
            remedy="Dùng chứng thư ký số, không phải chứng thư đăng nhập hay mã hóa.",
        )


def _not_opened(content: bytes) -> InputError:
    if content[:1] != b"\x30":
        return InputError("không phải tệp PKCS#12", field="pkcs12", remedy="Chọn tệp .p12 hoặc .pfx của chứng thư số.")
    return InputError(
        "mật khẩu của tệp chứng thư không đúng, hoặc tệp không có khóa để ký",
        field="passphrase",
        remedy="Gõ lại mật khẩu của tệp .p12; mật khẩu không được lưu ở đâu cả.",
    )


def _no_token(token: Token) -> InputError:
    which = f" «{token.label}»" if token.label else f" ở khe {token.slot}" if token.slot is not None else ""
    return InputError(f"không thấy token{which}", field="token", remedy="Cắm token; kiểm tra nhãn hoặc số khe đã nêu.")
