"""Papers as the portal shows them, for pages, acts and the API alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.addresses import from_address
from models.documents.framing import Making
from models.documents.issuing import issued_content
from models.documents.kinds import By
from models.documents.making_all import content
from models.documents.pdf import program
from models.documents.pdf_copies import pdf_of
from models.documents.seeing import SignedRow, VisiblePaper, signed_rows, visible_paper
from models.errors import WrongMomentError
from models.settings import settings
from models.signing.allowed import keepers
from portal.desk import Desk


@dataclass(frozen=True)
class PaperView:
    """One paper. `needs_number`: to be issued by the signed original, whose number is asked for then."""

    kind: str
    label: str
    subject: str
    version: int | None
    number: str | None
    dated: date | None
    frozen: bool
    sha256: str | None
    signed: list[SignedRow]
    needs_number: bool
    may_keep: bool
    pdf: bool


def paper_of(desk: Desk, kind: str, subject: str) -> VisiblePaper:
    """The paper, for who may see it; `subject` as it stands in addresses.

    Raises:
        NotFoundError: there is none, or not for this person.
    """
    return visible_paper(desk.session, desk.capacities, kind, from_address(subject))


def paper_view(desk: Desk, kind: str, subject: str) -> PaperView:
    """What is shown of it."""
    paper = paper_of(desk, kind, subject)
    row = paper.document
    frozen = row is not None and row.frozen_at is not None
    return PaperView(
        kind=kind,
        label=paper.kind.label,
        subject=paper.subject,
        version=row.version if row else None,
        number=row.number if row else None,
        dated=row.dated if row else None,
        frozen=frozen,
        sha256=row.docx_sha256 if row and frozen else None,
        signed=signed_rows(row.signed) if row else [],
        needs_number=not frozen and paper.kind.by is not By.NOBODY,
        may_keep=bool(keepers(desk.session, desk.held, paper)),
        pdf=program() is not None,
    )


def word(desk: Desk, kind: str, subject: str) -> bytes:
    """The paper as a Word file: as it was issued, or as the data are now.

    Raises:
        WrongMomentError: there is nothing to put on paper yet.
    """
    paper, home = paper_of(desk, kind, subject), settings().home
    if paper.document is not None and paper.document.frozen_at is not None:
        return issued_content(paper.document, home)
    made = content(Making(desk.session, desk.today), paper.kind, paper.subject, home)
    if made is None:
        raise WrongMomentError(
            f"Chưa có gì để làm «{paper.kind.label}».", field="paper", remedy="Chờ bước làm ra giấy tờ này."
        )
    return made


def pdf(desk: Desk, kind: str, subject: str) -> bytes:
    """The same as PDF.

    Raises:
        FinalError: LibreOffice is not installed.
    """
    return pdf_of(word(desk, kind, subject), settings())
