"""Making papers and keeping them: a draft follows its data, a numbered one is frozen, a correction adds a version."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import audit
from models.actors import SYSTEM, Actor
from models.documents.building import build
from models.documents.cleaning import cleaned
from models.documents.framing import Making
from models.documents.kinds import Kind, When, kind_named, kinds_made_at
from models.documents.paper import Paper, numbered
from models.documents.rendering import render
from models.documents.subjects import SUBJECTS, Links, find_subject, subjects_of_step
from models.documents.templates import template_of
from models.errors import NO_SPACE, FinalError, disk_full
from models.tables import Document, DossierAttempt, WorkItem

FOLDER = Path("documents")
"""Where papers are kept, under `OCOP_HOME`."""


@dataclass(frozen=True)
class Made:
    """A paper that is to be stored: what it says, its file, and what tells whether it is new."""

    kind: Kind
    subject: str
    links: Links
    paper: Paper
    content: bytes
    data_sha256: str
    template_sha256: str
    frozen: bool = False
    """Issued without a number, as forms that nobody numbers are once they are signed."""


def prepare(making: Making, kind: Kind, subject: Any, home: Path) -> Made | None:
    """Make a paper when it is not there yet or says something else now; `None` when there is nothing to do.

    Raises:
        FinalError: the template cannot be used.
    """
    found = _new(making, kind, subject, home)
    if found is None:
        return None
    name, links = SUBJECTS[kind.of].name(subject), SUBJECTS[kind.of].links(subject)
    content = render(template_of(kind, home), found.paper)
    return Made(kind, name, links, found.paper, content, found.data_sha256, found.template_sha256)


def prepare_issue(making: Making, kind: Kind, subject: Any, number: str, dated: date | None, home: Path) -> Made | None:
    """The paper as the data are now, under a number and day of the clerk's register that no step records.

    Its data are kept as those without number, so that it is not taken for changed afterwards. `None`: nothing to say.

    Raises:
        FinalError: the template cannot be used.
    """
    paper = build(making, kind, subject)
    if paper is None:
        return None
    template = template_of(kind, home)
    issued = numbered(build(making, kind, subject, dated) or paper, number, dated)
    made_of = _file_hash(template, template.stat().st_mtime_ns)
    name, links = SUBJECTS[kind.of].name(subject), SUBJECTS[kind.of].links(subject)
    return Made(kind, name, links, issued, render(template, issued), data_hash(paper), made_of, frozen=True)


@dataclass(frozen=True)
class _New:
    """What a paper says that is not kept yet, with what tells it from what is."""

    paper: Paper
    data_sha256: str
    template_sha256: str


def _new(making: Making, kind: Kind, subject: Any, home: Path) -> _New | None:
    paper = build(making, kind, subject)
    if paper is None:
        return None
    template = template_of(kind, home)
    data, of_template = data_hash(paper), _file_hash(template, template.stat().st_mtime_ns)
    latest = latest_document(making.session, kind.code, SUBJECTS[kind.of].name(subject))
    kept = latest is not None and _as_kept(latest, data, of_template, home)
    return None if kept else _New(paper, data, of_template)


def prepare_for_step(making: Making, item: WorkItem, when: When, home: Path) -> list[Made]:
    """What is to be made when a step opens or closes."""
    made = [prepare(making, kind, subject, home) for kind, subject in _of_step(making, item, when)]
    return [one for one in made if one is not None]


def asked_anew(session: Session, item: WorkItem) -> list[tuple[Kind, Any]]:
    """The papers of a case that show what its step recorded: those that it makes, and those that were made already."""
    found = {(kind.code, SUBJECTS[kind.of].name(about)): (kind, about) for kind, about in _made_by(session, item)}
    for code, name in session.execute(select(Document.kind, Document.subject).where(_listed_with(item)).distinct()):
        kind = kind_named(code)
        if kind.shows(item.kind) and (code, name) not in found:
            found[code, name] = kind, find_subject(session, kind, name)
    return list(found.values())


def _listed_with(item: WorkItem) -> ColumnElement[bool]:
    """Documents of the case, and of its round; of a round's step those of all its dossiers."""
    if item.certificate_id is not None:
        return Document.certificate_id == item.certificate_id
    of_round = Document.round_id == item.round_id
    if item.attempt_id is not None:
        return (Document.attempt_id == item.attempt_id) | (of_round & Document.attempt_id.is_(None))
    attempts = select(DossierAttempt.id).where(DossierAttempt.round_id == item.round_id)
    return of_round | Document.attempt_id.in_(attempts)


def _made_by(session: Session, item: WorkItem, when: When = "closed") -> Iterator[tuple[Kind, Any]]:
    for kind in kinds_made_at(item.kind, when):
        for subject in subjects_of_step(session, kind, item):
            yield kind, subject


def anything_to_make(making: Making, item: WorkItem, when: When, home: Path) -> bool:
    """Whether a step has a paper that is not there yet or says something else now; renders nothing."""
    return any(_new(making, kind, subject, home) is not None for kind, subject in _of_step(making, item, when))


def _of_step(making: Making, item: WorkItem, when: When) -> Iterator[tuple[Kind, Any]]:
    if when == "closed" and item.outcome is not None and item.outcome.carried_from_id is not None:
        return  # stated in an earlier attempt, whose paper it is
    yield from _made_by(making.session, item, when)


def still_new(session: Session, made: Made) -> bool:
    """Whether a prepared paper was not kept by somebody else in the meantime."""
    latest = latest_document(session, made.kind.code, made.subject)
    return latest is None or latest.frozen_at is None or latest.data_sha256 != made.data_sha256


def store(session: Session, made: Made, home: Path, now: datetime, who: Actor = SYSTEM) -> Document:
    """Keep a paper: a draft replaces the draft of before, everything else is a version of its own.

    Raises:
        FinalError: the disk is full.
    """
    row = latest_document(session, made.kind.code, made.subject)
    if row is None or row.frozen_at is not None:
        version = 1 if row is None else row.version + 1
        row = Document(kind=made.kind.code, subject=made.subject, version=version)
    digest = hashlib.sha256(made.content).hexdigest()
    row.variant, row.number, row.dated = made.paper.case, made.paper.number, made.paper.dated
    row.attempt_id, row.round_id, row.certificate_id = (
        made.links.attempt_id,
        made.links.round_id,
        made.links.certificate_id,
    )
    row.data_sha256, row.template_sha256, row.docx_sha256 = made.data_sha256, made.template_sha256, digest
    row.file, row.made_at = str(FOLDER / made.kind.code / f"{_safe(made.subject)}-v{row.version}.docx"), now
    row.frozen_at = now if made.paper.number or made.frozen else None
    write_file(home / row.file, made.content)
    session.add(row)
    session.flush()
    if row.frozen_at is not None:
        facts = {"kind": row.kind, "version": row.version, "number": row.number, "sha256": digest}
        audit.record(session, who, "document.issued", f"document:{row.id}", now, data=facts)
    return row


def latest_document(session: Session, kind: str, subject: str) -> Document | None:
    """The version of a paper that counts."""
    query = select(Document).where(Document.kind == kind, Document.subject == subject)
    return session.scalars(query.order_by(Document.version.desc()).limit(1)).first()


def issued_content(row: Document, home: Path) -> bytes:
    """A paper as it was kept.

    Raises:
        FinalError: its file is gone, or is not what was issued.
    """
    path = home / row.file
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != row.docx_sha256:
        raise FinalError(
            f"Tệp giấy tờ đã ban hành {row.file} bị mất hoặc bị sửa (không khớp mã băm đã ghi).",
            field=str(path),
            remedy="Lấy lại tệp từ bản sao lưu; không sửa tay các tệp trong thư mục documents.",
        )
    return content


def data_hash(paper: Paper) -> str:
    """SHA-256 of what a paper says."""
    text = json.dumps(asdict(cleaned(paper)), ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> str:
    """A value that JSON does not know; how a chart is painted is no part of what it says."""
    return "" if callable(value) else str(value)


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        FinalError: the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
            part.write(content)
        Path(part.name).chmod(0o644)
        Path(part.name).replace(path)
    except OSError as error:
        if error.errno in NO_SPACE:
            raise disk_full(str(path.parent)) from error
        raise


def _as_kept(latest: Document, data: str, template: str, home: Path) -> bool:
    if latest.data_sha256 != data:
        return False
    if latest.frozen_at is not None:
        return True
    return latest.template_sha256 == template and (home / latest.file).is_file()


@lru_cache(maxsize=64)
def _file_hash(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _safe(subject: str) -> str:
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "-" for letter in subject)
