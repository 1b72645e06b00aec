"""Papers that were made."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.enums import SignatureVerdict
from models.tables.base import Base
from models.tables.people import Person


class Document(Base):
    """One version of one paper, as it lies in the office's folder (`file`, under `OCOP_HOME`).

    A draft is made anew in place when its data or its template changed. One that carries a number is frozen: it stays
    as it was issued, and a correction of its data adds a version. `subject`: the name of what it belongs to.
    """

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("kind", "subject", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    variant: Mapped[str] = mapped_column(default="", server_default="")
    number: Mapped[str | None]
    dated: Mapped[date | None]
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("dossier_attempts.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("rounds.id"), index=True)
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"), index=True)
    data_sha256: Mapped[str]
    template_sha256: Mapped[str]
    docx_sha256: Mapped[str]
    file: Mapped[str]
    made_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]

    signed: Mapped[list[SignedPaper]] = relationship(back_populates="document", order_by="SignedPaper.id")


class SignedPaper(Base):
    """One signed original of an issued paper: a PDF with digital signatures, or the scan of one signed by hand.

    The file is in the store by its hash. `verdict` and `findings` are what the check said on the day it came in;
    `signers` as the certificates name them.
    """

    __tablename__ = "signed_papers"
    __table_args__ = (UniqueConstraint("document_id", "file_sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    file_sha256: Mapped[str] = mapped_column(index=True)
    file_name: Mapped[str]
    verdict: Mapped[SignatureVerdict]
    signers: Mapped[list[str]]
    findings: Mapped[list[str]]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime]

    document: Mapped[Document] = relationship(back_populates="signed")
    added_by: Mapped[Person | None] = relationship()
