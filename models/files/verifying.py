"""Whether every stored file is still there, as it was."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.files.store import hash_of, path_of
from models.tables import StoredFile


@dataclass(frozen=True)
class FileFault:
    """One stored file that is not as it was, and what is wrong (Vietnamese)."""

    sha256: str
    name: str
    problem: str


def verify_store(session: Session, folder: Path) -> tuple[int, list[FileFault]]:
    """How many files were looked at, and which are missing or changed; each is read whole, piece by piece."""
    rows = session.scalars(select(StoredFile).order_by(StoredFile.id)).all()
    faults = []
    for row in rows:
        problem = _problem(row, folder)
        if problem:
            faults.append(FileFault(row.sha256, row.first_name, problem))
    return len(rows), faults


def _problem(row: StoredFile, folder: Path) -> str:
    path = path_of(folder, row.sha256)
    try:
        if path.stat().st_size != row.size:
            return f"dài {path.stat().st_size} byte, khi nhận dài {row.size} byte"
        return "" if hash_of(path) == row.sha256 else "nội dung đã thay đổi"
    except FileNotFoundError:
        return "không còn trong thư mục files"
    except OSError as error:
        return f"không đọc được ({error.strerror})"
