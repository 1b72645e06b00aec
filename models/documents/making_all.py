"""All papers that can be made from the data as they are: for lists, and one of each kind and variant for a look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from models.documents.building import build
from models.documents.framing import Making
from models.documents.issuing import issued_content, latest_document
from models.documents.kinds import Kind, Of, all_kinds
from models.documents.paper import Paper
from models.documents.rendering import render
from models.documents.subjects import SUBJECTS, find_subject
from models.documents.templates import template_of
from models.tables import Document


@dataclass(frozen=True)
class Possible:
    """A paper that can be made: of which kind, for what, in which variant."""

    kind: Kind
    subject: str
    paper: Paper


@dataclass(frozen=True)
class DocumentRow:
    """A paper in a list; `version` and what follows are empty while it was never made."""

    kind: str
    label: str
    id: str
    variant: str
    number: str | None
    dated: date | None
    version: int | None = None
    made_at: datetime | None = None
    frozen: bool = False
    sha256: str | None = None
    file: str | None = None


def possible(making: Making, kinds: tuple[Kind, ...] = ()) -> Iterator[Possible]:
    """Every paper that the data give, kind by kind."""
    for kind in kinds or all_kinds():
        subject_kind = SUBJECTS[kind.of]
        for subject in subject_kind.all(making.session):
            paper = build(making, kind, subject)
            if paper is not None:
                yield Possible(kind, subject_kind.name(subject), paper)


def one_of_each(making: Making) -> list[Possible]:
    """One paper of each kind and variant, and the blank sheet of every criteria set."""
    found: dict[tuple[str, str], Possible] = {}
    for one in possible(making):
        variant = one.subject if one.kind.of is Of.CRITERIA_SET else one.paper.case
        found.setdefault((one.kind.code, variant), one)
    return list(found.values())


def content(making: Making, kind: Kind, subject: str, home: Path) -> bytes | None:
    """A paper for somebody who asks for it: as it was issued when it is numbered and kept, else as the data are now.

    Raises:
        NotFoundError: nothing has this name.
        FinalError: the template cannot be used, or the kept file is damaged.
    """
    kept = latest_document(making.session, kind.code, subject)
    if kept is not None and kept.frozen_at is not None:
        return issued_content(kept, home)
    paper = build(making, kind, find_subject(making.session, kind, subject))
    return None if paper is None else render(template_of(kind, home), paper)


def rows(making: Making, kinds: tuple[Kind, ...] = ()) -> list[DocumentRow]:
    """The papers of the data with those that were made of them; blank score sheets only when asked for."""
    wanted = kinds or tuple(kind for kind in all_kinds() if kind.of not in {Of.CRITERIA_SET, Of.SHEET})
    latest: dict[tuple[str, str], Document] = {}
    for row in making.session.scalars(select(Document).order_by(Document.version)):
        latest[row.kind, row.subject] = row
    return [_row(one, latest.get((one.kind.code, one.subject))) for one in possible(making, wanted)]


def _row(one: Possible, kept: Document | None) -> DocumentRow:
    facts: dict[str, Any] = {}
    if kept is not None:
        facts = {
            "version": kept.version,
            "made_at": kept.made_at,
            "frozen": kept.frozen_at is not None,
            "sha256": kept.docx_sha256,
            "file": kept.file,
        }
    paper = one.paper
    issued = kept if kept is not None and kept.frozen_at is not None else paper
    return DocumentRow(one.kind.code, one.kind.label, one.subject, paper.case, issued.number, issued.dated, **facts)
