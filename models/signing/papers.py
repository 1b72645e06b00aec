"""Signing a paper of a case digitally: its PDF is made, signed, checked and kept beside it."""

from __future__ import annotations

from datetime import datetime

from pyhanko.sign.signers import Signer
from sqlalchemy.orm import Session

from models.actors import Actor
from models.documents.building import build
from models.documents.framing import Making
from models.documents.issuing import issued_content
from models.documents.kinds import kind_named
from models.documents.paper import NO_SIGNATURE, Signature
from models.documents.pdf_copies import pdf_of
from models.documents.seeing import VisiblePaper
from models.documents.subjects import file_name, find_subject
from models.enums import SignatureVerdict
from models.errors import NotFoundError
from models.files.receiving import UploadRules, receive
from models.files.store import keep, open_stored, stored_file
from models.settings import Settings
from models.signing.attaching import NumberForm, attach, to_issue
from models.signing.signing import Mark, sign_pdf
from models.tables import Document, SignedPaper

DIGITAL = {SignatureVerdict.TRUSTED, SignatureVerdict.UNTRUSTED}


def pdf_ahead(making: Making, paper: VisiblePaper, form: NumberForm, found: Settings) -> None:
    """Make the PDF that is to be signed, before the transaction in which it is: LibreOffice takes seconds.

    The paper as it will be issued is rendered to the same bytes again, and its PDF found by them.

    Raises:
        InputError: number or day missing, or another than recorded.
        FinalError: LibreOffice is not installed, or the template cannot be used.
    """
    row = paper.document
    if row is not None and row.frozen_at is not None:
        to_sign(making.session, row, found)
        return
    made = to_issue(making, paper.kind, paper.subject, form, found.home)
    if made is not None:
        pdf_of(made.content, found)


def sign_paper(
    making: Making, row: Document, signer: Signer, who: Actor, now: datetime, found: Settings
) -> SignedPaper:
    """Sign an issued paper; a second signer signs what the first one signed.

    Raises:
        FinalError: LibreOffice is not installed, or a file is gone.
        InputError: the PDF cannot be signed.
    """
    content = sign_pdf(to_sign(making.session, row, found), signer, now, Mark(block_of(making, row)))
    name = file_name(row.kind, row.subject).removesuffix(".docx") + "-da-ky.pdf"
    with receive(UploadRules.of(found), name) as upload:
        upload.write(content)
        file = keep(making.session, upload.finish(), who, now, folder=found.files_dir)
    return attach(making.session, row, file, who, now, found)


def to_sign(session: Session, row: Document, found: Settings) -> bytes:
    """The PDF that the next signature goes on: the one signed last, else one of the paper as it was issued."""
    digital = [one for one in row.signed if one.verdict in DIGITAL]
    if not digital:
        return pdf_of(issued_content(row, found.home), found)
    with open_stored(stored_file(session, digital[-1].file_sha256), folder=found.files_dir) as file:
        return file.read()


def block_of(making: Making, row: Document) -> Signature:
    """The signature block that the paper has, as the data say it today; none when they no longer do."""
    kind = kind_named(row.kind)
    try:
        paper = build(making, kind, find_subject(making.session, kind, row.subject))
    except NotFoundError:
        return NO_SIGNATURE
    return paper.signature if paper is not None else NO_SIGNATURE
