"""Evidence: adding papers, replacing them, finding what is missing or will have expired."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy.orm import Session

from models.dossiers.checklist import checklist_of
from models.forms import EvidenceForm
from models.regimes.evidence_kinds import EvidenceKind
from models.tables import DossierAttempt, Evidence, EvidenceUse


def add_evidence(session: Session, attempt: DossierAttempt, papers: Iterable[EvidenceForm]) -> list[Evidence]:
    """Add papers; one of the same kind and title replaces the earlier one, which is kept and marked."""
    added = []
    for paper in papers:
        row = Evidence(
            attempt=attempt,
            **paper.model_dump(exclude={"criteria", "uses"}),
            uses=[
                EvidenceUse(criterion=code, page_from=first, page_to=last)
                for code, (first, last) in paper.pages_by_criterion.items()
            ],
        )
        session.add(row)
        session.flush()
        for earlier in in_force(attempt):
            if earlier.id != row.id and (earlier.kind, earlier.title) == (row.kind, row.title):
                earlier.replaced_by_id = row.id
        added.append(row)
    return added


def in_force(attempt: DossierAttempt) -> list[Evidence]:
    """The papers that count: not replaced by a later one."""
    return [paper for paper in attempt.evidence if paper.replaced_by_id is None]


def missing_kinds(attempt: DossierAttempt) -> list[EvidenceKind]:
    """Mandatory kinds of the office's checklist of which the attempt has no paper, in the checklist's order."""
    present = {paper.kind for paper in in_force(attempt)}
    checklist = checklist_of(attempt.regime, attempt.dossier.office)
    return [entry.kind for entry in checklist if entry.mandatory and entry.kind not in present]


def expired_by(attempt: DossierAttempt, day: date) -> list[Evidence]:
    """Papers in force whose last day of validity is before `day` (a finding, domain.md §3).

    Not one that a later paper of its kind, valid on that day, stands in for under another title [ours].
    """
    papers = in_force(attempt)

    def expired(paper: Evidence) -> bool:
        return paper.expires_on is not None and paper.expires_on < day

    return [
        paper
        for paper in papers
        if expired(paper)
        and not any(p.kind is paper.kind and p.id > paper.id and p.expires_on and not expired(p) for p in papers)
    ]


def still_good(old: DossierAttempt, on: date, refused: Collection[EvidenceKind] = ()) -> list[Evidence]:
    """The papers of an attempt that hold for the next: not of a refused kind, and not expired on that day."""
    return [
        paper
        for paper in in_force(old)
        if paper.kind not in refused and not (paper.expires_on is not None and paper.expires_on < on)
    ]


def carry_over(
    session: Session,
    old: DossierAttempt,
    new: DossierAttempt,
    on: date,
    refused: Collection[EvidenceKind] = (),
) -> list[Evidence]:
    """Copy the papers that are still valid from one attempt to the next, each linked to where it came from.

    `refused`: kinds that the office did not accept; those must be handed in again.
    """
    carried = []
    for paper in still_good(old, on, refused):
        row = Evidence(
            attempt=new,
            kind=paper.kind,
            title=paper.title,
            number=paper.number,
            issued_on=paper.issued_on,
            expires_on=paper.expires_on,
            page_from=paper.page_from,
            page_to=paper.page_to,
            file_name=paper.file_name,
            file_sha256=paper.file_sha256,
            carried_from_id=paper.id,
            uses=[
                EvidenceUse(criterion=use.criterion, page_from=use.page_from, page_to=use.page_to) for use in paper.uses
            ],
        )
        session.add(row)
        carried.append(row)
    session.flush()
    return carried
