"""Which stored files may stand behind the papers of a dossier, and who may put them there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.access.dossiers import dossiers_visible
from models.actors import Actor, Held
from models.documents.seeing import paper_with_file
from models.errors import InputError, Problem
from models.files.store import file_subject, stored_file, unknown_file
from models.forms import EvidenceForm
from models.tables import AuditEntry, Dossier, DossierAttempt, Evidence, Product, StoredFile

NOBODY = 0
"""No producer's id: uploads by offices are recorded without one, and must not match each other by that."""


def check_files(
    session: Session, papers: Sequence[EvidenceForm], who: Actor, producer_id: int, *, must_be_stored: bool = False
) -> None:
    """Refuse papers whose file the person may not use, or whose pages it does not have.

    `must_be_stored`: the portal names files by what was uploaded, so a hash that is not in the store is refused too;
    a file of the command line may name a paper that lies elsewhere.

    Raises:
        InputError: with every paper that is wrong.
    """
    found: list[Problem] = []
    for number, paper in enumerate(papers):
        if paper.file_sha256 is not None:
            where = f"evidence[{number}]"
            found += _problems(session, paper, paper.file_sha256, who, producer_id, where, must_be_stored)
    if found:
        raise InputError.of(found)


def may_use(session: Session, sha256: str, who: Actor, producer_id: int) -> bool:
    """Whether the person may hand in this file for this producer.

    Uploaded by the person, by someone of the same office or by the producer's people, or already in one of the
    producer's dossiers. Knowing the hash of another's file opens nothing.
    """
    uploads = select(AuditEntry).where(AuditEntry.subject == file_subject(sha256), AuditEntry.act == "file.stored")
    for entry in session.scalars(uploads):
        by_office = who.office_id is not None and entry.data.get("office") == who.office_id
        if entry.actor_id == who.person_id or by_office or entry.data.get("producer") == producer_id:
            return True
    in_dossier = (
        select(Evidence.id)
        .join(DossierAttempt)
        .join(Dossier)
        .join(Product)
        .where(Evidence.file_sha256 == sha256, Product.producer_id == producer_id)
    )
    return session.scalar(in_dossier.limit(1)) is not None


def papers_with(session: Session, sha256: str) -> list[Evidence]:
    """The papers, of whatever dossier, that a file stands behind: who may see one of those may see it."""
    return list(session.scalars(select(Evidence).where(Evidence.file_sha256 == sha256).order_by(Evidence.id)))


def _problems(
    session: Session,
    paper: EvidenceForm,
    sha256: str,
    who: Actor,
    producer_id: int,
    where: str,
    must_be_stored: bool,
) -> list[Problem]:
    file = session.scalar(select(StoredFile).where(StoredFile.sha256 == sha256))
    refused = must_be_stored if file is None else not may_use(session, sha256, who, producer_id)
    if refused:
        problem = f"không có tệp «{paper.file_name or sha256[:12]}» trong kho của mình"
        return [Problem(f"{where}.file_sha256", problem, "Tải tệp lên rồi nộp lại.")]
    return _pages(paper, file, where) if file is not None else []


def _pages(paper: EvidenceForm, file: StoredFile, where: str) -> list[Problem]:
    """Pages that the file does not have."""
    if file.pages is None:
        return []
    ends = {"page_to": paper.page_to or paper.page_from}
    ends |= {f"uses[{n}].page_to": use.page_to or use.page_from for n, use in enumerate(paper.uses)}
    remedy = f"Ghi trang từ 1 đến {file.pages}."
    return [
        Problem(f"{where}.{name}", f"tệp «{file.first_name}» chỉ có {file.pages} trang", remedy)
        for name, page in ends.items()
        if page is not None and page > file.pages
    ]


def may_open(session: Session, sha256: str, held: Iterable[Held]) -> bool:
    """Whether somebody in these capacities may look at a file.

    It stands behind a paper of a dossier that they see, is the signed original of a paper that they see, or was
    uploaded by them, their office or their producer's people and stands in no dossier yet.
    """
    capacities = list(held)
    shown = (
        select(Evidence.id)
        .join(DossierAttempt)
        .join(Dossier)
        .where(Evidence.file_sha256 == sha256, dossiers_visible(session, [one.capacity for one in capacities]))
    )
    if session.scalar(shown.limit(1)) is not None:
        return True
    if paper_with_file(session, [one.capacity for one in capacities], sha256):
        return True
    return any(may_use(session, sha256, one.actor, one.capacity.producer_id or NOBODY) for one in capacities)


def file_for(session: Session, sha256: str, held: Iterable[Held]) -> StoredFile:
    """The file, for who may look at it.

    Raises:
        NotFoundError: there is none, or not for this person; which of the two is not told.
    """
    row = stored_file(session, sha256)
    if not may_open(session, sha256, held):
        raise unknown_file(sha256)
    return row
