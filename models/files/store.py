"""The store: each content once, under its SHA-256, in the data folder."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import audit
from models.actors import Actor
from models.enums import ScanResult
from models.errors import NO_SPACE, FinalError, NotFoundError, disk_full
from models.files.kinds import FileKind
from models.settings import settings
from models.tables import StoredFile

CHUNK = 1 << 20
"""Bytes read at a time: never a whole file in memory."""

SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Received:
    """One upload that came whole, is of a kind that is taken and passed the scanner; not kept yet."""

    path: Path
    sha256: str
    size: int
    kind: FileKind
    pages: int | None
    scan: ScanResult
    name: str


def path_of(folder: Path, sha256: str) -> Path:
    """Where a content lies: two levels of folders, then the whole hash.

    Raises:
        NotFoundError: it is no SHA-256 (a way out of the folder, for instance).
    """
    if SHA256.fullmatch(sha256) is None:
        raise unknown_file(sha256)
    return folder / sha256[:2] / sha256[2:4] / sha256


def unknown_file(sha256: str) -> NotFoundError:
    """The error for a file that is not in the store."""
    shown = sha256[:12]
    return NotFoundError(f"Không có tệp «{shown}…» trong kho.", field="file_sha256", remedy="Tải tệp lên lại.")


def file_subject(sha256: str) -> str:
    """Subject of a stored file in the audit trail."""
    return f"file:{sha256}"


def keep(session: Session, received: Received, who: Actor, now: datetime, *, folder: Path | None = None) -> StoredFile:
    """Put a received file in its place and record it; the same content again only adds an audit entry.

    The file is moved before the row is stored: a transaction that is undone leaves a file without a row, never a row
    without its file.

    Raises:
        FinalError: the disk is full.
    """
    place(received.path, path_of(folder or settings().files_dir, received.sha256))
    row = _row(session, received, who, now)
    facts = {"name": received.name, "size": received.size, "media_type": received.kind.value, "scan": received.scan}
    data = facts | {"producer": who.producer_id, "office": who.office_id}
    audit.record(session, who, "file.stored", file_subject(received.sha256), now, data=data)
    return row


def place(source: Path, target: Path) -> None:
    """Rename into place and make the name last through a power cut; what is damaged there is healed by it.

    Raises:
        FinalError: the disk is full.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
        for folder in (target.parent, target.parent.parent, target.parent.parent.parent):
            _sync_folder(folder)
    except OSError as error:
        if error.errno in NO_SPACE:
            raise disk_full(str(target.parent)) from error
        raise


def stored_file(session: Session, sha256: str) -> StoredFile:
    """The row of a content.

    Raises:
        NotFoundError: it was never uploaded.
    """
    row = session.scalar(select(StoredFile).where(StoredFile.sha256 == sha256))
    if row is None:
        raise unknown_file(sha256)
    return row


def open_stored(row: StoredFile, *, folder: Path | None = None) -> BinaryIO:
    """The content, to be read in chunks and closed by the caller.

    Raises:
        FinalError: the file is gone from the data folder.
    """
    path = path_of(folder or settings().files_dir, row.sha256)
    try:
        return path.open("rb")
    except FileNotFoundError as error:
        raise FinalError(
            f"Tệp «{row.first_name}» không còn trong kho ({path.name[:12]}…).",
            field="OCOP_HOME",
            remedy="Phục hồi thư mục files từ bản sao lưu; kiểm tra: ocop db check.",
        ) from error


def chunks(source: BinaryIO) -> Iterator[bytes]:
    """A file piece by piece."""
    while piece := source.read(CHUNK):
        yield piece


def hash_of(path: Path) -> str:
    """The SHA-256 of a file, read piece by piece."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        for piece in chunks(source):
            digest.update(piece)
    return digest.hexdigest()


def _row(session: Session, received: Received, who: Actor, now: datetime) -> StoredFile:
    """The row, made unless somebody uploading the same content at the same moment made it."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(StoredFile)
        .values(
            sha256=received.sha256,
            size=received.size,
            media_type=received.kind,
            pages=received.pages,
            first_name=received.name,
            uploaded_by_id=who.person_id,
            uploaded_at=now,
            scan=received.scan,
        )
        .on_conflict_do_nothing(index_elements=["sha256"])
    )
    return stored_file(session, received.sha256)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
