"""The papers of a dossier in its package: those that whoever takes it out may see, with their signed originals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access import may_see_certificate, may_see_result, may_see_round
from models.actors import Actor
from models.documents.seeing import (
    PaperLine,
    SignedRow,
    papers_of_certificate,
    papers_of_dossier,
    papers_of_round,
    visible_paper,
)
from models.dossiers.seeing import TELL_RESULTS
from models.errors import NotFoundError
from models.files.names import safe_name
from models.files.store import path_of
from models.files.zip_stream import Part
from models.tables import Capacity, Certificate, Document, Dossier, StoredFile

TELL_SCORES = {"score_sheet", "council_minutes"}
"""Papers that say what each member gave: only with the scores."""

OF_ROUND = {"council_minutes", "advisory_report", "submission_letter", "decision"}
"""Papers of the round that decide on the dossier too."""


def paper_parts(
    session: Session, dossier: Dossier, who: Actor, under: str, folder: Path, home: Path, *, scores: bool
) -> list[Part]:
    """Each paper as it was kept (Word), a draft named so, followed by its signed originals.

    `folder`: the store, where the originals are; `home`: where the papers lie. Without `scores` no paper that tells
    points, and of those that tell the result only what may be told by now.
    """
    mine = Capacity(person_id=who.holder_id, role=who.role, office_id=who.office_id, producer_id=who.producer_id)
    parts: list[Part] = []
    for number, line in enumerate(_lines(session, [mine], dossier, scores=scores), start=1):
        try:
            row = visible_paper(session, [mine], line.kind, line.subject).document
        except NotFoundError:
            continue
        if row is None or not (home / row.file).is_file():
            continue
        named = f"{number:02d} {line.label} {row.number or '(dự thảo)' * (row.frozen_at is None)}".strip()
        parts.append(_as_kept(row, f"{under}/{_named(named)}.docx", home))
        parts += [
            part
            for place, signed in enumerate(line.signed, start=1)
            if (part := _original(session, signed, f"{under}/{_named(f'{named} - bản ký {place}')}", folder))
        ]
    return parts


def _named(told: str) -> str:
    return safe_name(told.replace("/", "-"), "")


def _as_kept(row: Document, name: str, home: Path) -> Part:
    # A draft may be made anew while the package is sent: it goes in as it is now.
    path = home / row.file
    return Part(name, path, row.docx_sha256) if row.frozen_at is not None else Part(name, path.read_bytes())


def _original(session: Session, signed: SignedRow, named: str, folder: Path) -> Part | None:
    row = session.scalar(select(StoredFile).where(StoredFile.sha256 == signed.sha256))
    path = path_of(folder, signed.sha256)
    if row is None or not path.is_file():
        return None
    return Part(f"{named}{row.media_type.extension}", path, signed.sha256)


def _lines(session: Session, mine: list[Capacity], dossier: Dossier, *, scores: bool) -> Iterator[PaperLine]:
    told = all(may_see_result(session, mine, attempt) for attempt in dossier.attempts)
    for line in _all_lines(session, mine, dossier):
        if line.version is None or (line.kind in TELL_SCORES and not scores):
            continue
        if line.kind not in TELL_RESULTS or told:
            yield line


def _all_lines(session: Session, mine: list[Capacity], dossier: Dossier) -> Iterator[PaperLine]:
    yield from papers_of_dossier(session, mine, dossier)
    certificates = select(Certificate).where(Certificate.attempt_id.in_([one.id for one in dossier.attempts]))
    for certificate in session.scalars(certificates.order_by(Certificate.id)):
        if may_see_certificate(session, mine, certificate):
            yield from papers_of_certificate(session, mine, certificate)
    for round_ in dict.fromkeys(attempt.round for attempt in dossier.attempts):
        if may_see_round(session, mine, round_):
            yield from (line for line in papers_of_round(session, mine, round_) if line.kind in OF_ROUND)
