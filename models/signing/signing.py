"""Putting a digital signature on a PDF: added behind what is there, so that earlier signatures stay good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_signer import PdfSigningSession

from models.clock import VN_TZ
from models.documents.paper import NO_SIGNATURE, Signature
from models.errors import InputError
from models.searching import folded
from models.signing.certificates import holder_of
from models.signing.placing import place_for
from models.signing.stamp import stamp_style

DIGEST = "sha256"
FIELD = "ChuKy"


class _Signer(PdfSigner):
    """Signs at the moment that it is given; the library asks the machine's clock."""

    def __init__(self, *args: Any, at: datetime, **named: Any) -> None:
        super().__init__(*args, **named)
        self._at = at.astimezone(VN_TZ)

    def init_signing_session(self, *args: Any, **named: Any) -> PdfSigningSession:
        """The session, with our moment."""
        session = super().init_signing_session(*args, **named)
        session.system_time = self._at
        return session


@dataclass(frozen=True)
class Mark:
    """What the visible field is to say and where it belongs: the block's post and name; why it is signed."""

    block: Signature = NO_SIGNATURE
    reason: str = ""


def sign_pdf(content: bytes, signer: Signer, now: datetime, mark: Mark | None = None) -> bytes:
    """The PDF with one more signature, visible at the block of `mark` or at the lower right of the last page.

    Raises:
        InputError: no PDF, one with a password, or damaged so that nothing can be added.
    """
    wanted = mark or Mark()
    try:
        writer = IncrementalPdfFileWriter(BytesIO(content), strict=False)
        taken = len(writer.prev.embedded_signatures)
        place = place_for(content, wanted.block, taken)
        field = SigFieldSpec(f"{FIELD}{taken + 1}", on_page=place.page, box=place.box.rounded())
        facts = PdfSignatureMetadata(
            field_name=field.sig_field_name,
            md_algorithm=DIGEST,
            reason=wanted.reason or None,
            subfilter=SigSeedSubFilter.PADES,
        )
        name = holder_of(signer.signing_cert).name
        style = stamp_style(name, _post(wanted.block, name), now)
        out = BytesIO()
        _Signer(facts, signer, stamp_style=style, new_field_spec=field, at=now).sign_pdf(writer, output=out)
        return out.getvalue()
    except (PdfError, SigningError) as error:
        raise InputError(
            f"không ký được tệp PDF này ({error})",
            field="file",
            remedy="Làm lại bản PDF của giấy tờ rồi ký.",
        ) from error


def _post(block: Signature, name: str) -> str:
    """The post of the block, when it is the signer's own: the block names somebody else's otherwise."""
    same = not block.name or folded(block.name) in folded(name) or folded(name) in folded(block.name)
    return block.post.capitalize() if same else ""
