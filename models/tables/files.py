"""Uploaded files and drafts of long forms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Enum, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.enums import ScanResult
from models.files.kinds import FileKind
from models.tables.base import Base, enum_values
from models.tables.people import Person


class StoredFile(Base):
    """One content that was uploaded, kept under its SHA-256; the same content uploaded again is the same row.

    `first_name` is what the first person called it; each uploading is in the audit trail. `pages`: null where the kind
    has none (Word, Excel).
    """

    __tablename__ = "stored_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    size: Mapped[int]
    media_type: Mapped[FileKind] = mapped_column(
        Enum(FileKind, native_enum=False, length=100, values_callable=enum_values)
    )
    pages: Mapped[int | None]
    first_name: Mapped[str]
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    uploaded_at: Mapped[datetime]
    scan: Mapped[ScanResult]

    uploaded_by: Mapped[Person | None] = relationship()


class Draft(Base):
    """What was filled in so far of one long form by its owner, a person or all people of a producer.

    `owner` is `person:12` or `producer:7`. `version` goes up by one with each saving.
    """

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("owner", "key"), Index("ix_drafts_updated_at", "updated_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str]
    key: Mapped[str]
    data: Mapped[dict[str, Any]]
    version: Mapped[int]
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    updated_at: Mapped[datetime]

    updated_by: Mapped[Person | None] = relationship()
