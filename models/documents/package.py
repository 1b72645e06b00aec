"""The package that goes to the level above: one ZIP with the letter and everything that its list of contents names."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.documents.builders.round_results import concluded_session, results_in
from models.documents.building import build
from models.documents.framing import Making
from models.documents.issuing import issued_content, latest_document
from models.documents.kinds import kind_named
from models.documents.rendering import LONG_AGO, render
from models.documents.subjects import SUBJECTS
from models.documents.templates import template_of
from models.dossiers.evidence import in_force
from models.errors import WrongMomentError
from models.files.store import open_stored
from models.searching import folded
from models.steps.decision import goes_on
from models.tables import DossierAttempt, Evidence, Round, StoredFile

FileOf = Callable[[Evidence], bytes | None]
"""The file of a paper of the dossier, when it is kept on this machine."""

COMMON = ("forwarding_letter", "advisory_report", "council_minutes", "decision")
FORMS = ("registration_form", "self_assessment", "commune_report")


def forwarding_package(making: Making, round_: Round, home: Path, file_of: FileOf) -> bytes:
    """The ZIP: `00-…` the letter, the common papers, then a folder a dossier, in the order of the list of contents.

    Raises:
        WrongMomentError: nothing of the round goes to the level above.
    """
    meeting = concluded_session(round_)
    onward = [r for r in results_in(meeting) if goes_on(r)] if meeting is not None else []
    if meeting is None or not onward:
        raise WrongMomentError(
            f"{round_.title} không có hồ sơ nào chuyển lên cấp trên.",
            field="round",
            remedy="Chờ hội đồng kết luận; chỉ sản phẩm đủ điểm mới được chuyển.",
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in _entries(making, round_, home, [r.product.attempt for r in onward], file_of):
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return out.getvalue()


def _entries(
    making: Making, round_: Round, home: Path, attempts: list[DossierAttempt], file_of: FileOf
) -> Iterator[tuple[str, bytes]]:
    number = 0
    for code in COMMON:
        content = _paper(
            making, code, round_ if code in {"forwarding_letter", "decision"} else round_.sessions[-1], home
        )
        if content is not None:
            yield f"{number:02d}-{plain(kind_named(code).label)}.docx", content
            number += 1
    for index, attempt in enumerate(attempts, start=1):
        folder = f"ho-so-{index:02d}-{attempt.dossier.code}-{plain(attempt.dossier.product.name)[:60]}"
        for place, code in enumerate(FORMS, start=1):
            content = _paper(making, code, attempt, home)
            if content is not None:
                yield f"{folder}/{place:02d}-{plain(kind_named(code).label)}.docx", content
        for place, paper in enumerate(sorted(in_force(attempt), key=lambda p: p.kind.number), start=len(FORMS) + 1):
            file = file_of(paper)
            if file is not None:
                suffix = Path(paper.file_name or "").suffix.lower()
                yield f"{folder}/{place:02d}-{plain(paper.title)[:60]}{suffix}", file


def _paper(making: Making, code: str, subject: object, home: Path) -> bytes | None:
    kind = kind_named(code)
    kept = latest_document(making.session, code, SUBJECTS[kind.of].name(subject))
    if kept is not None and kept.frozen_at is not None:
        return issued_content(kept, home)
    paper = build(making, kind, subject)
    return None if paper is None else render(template_of(kind, home), paper)


def plain(text: str) -> str:
    """A text as a file name that every system takes: `Bánh gai` is `banh-gai`."""
    return re.sub(r"[^a-z0-9]+", "-", folded(text)).strip("-")


def stored_content(session: Session) -> FileOf:
    """The files of evidence from the store of this installation; none for what was never uploaded."""

    def of(paper: Evidence) -> bytes | None:
        if paper.file_sha256 is None:
            return None
        row = session.scalar(select(StoredFile).where(StoredFile.sha256 == paper.file_sha256))
        if row is None:
            return None
        with open_stored(row) as file:
            return file.read()

    return of
