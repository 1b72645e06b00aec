"""Step 4: visits of the consultant, and the producer's supplements."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models.actors import Actor
from models.dossiers.evidence import add_evidence, expired_by, missing_kinds
from models.enums import Role
from models.errors import InputError, Problem
from models.files.using import check_files
from models.forms import ConsultingForm, SupplementForm
from models.tables import ConsultingVisit, DossierAttempt, WorkItem
from models.work_items.suspending import resume_after_producer


def record_visit(session: Session, item: WorkItem, form: ConsultingForm, who: Actor, now: datetime) -> None:
    """Keep the visit. "Ready" needs papers that will still be valid when the council sits [ours].

    Raises:
        InputError: declared ready although papers are missing or will have expired.
    """
    attempt = item.case
    ready = form.outcome == "ready"
    if ready and (item.outcome is None or item.outcome.code != "ready"):
        _check_papers(attempt)
    found = next((visit for visit in attempt.visits if visit.turn == item.turn), None)
    visit = found or ConsultingVisit(attempt=attempt, turn=item.turn, recorded_at=now)
    if who.role is Role.CONSULTANT and who.person_id is not None:  # a coordinator who corrects did not visit
        visit.consultant_id = who.person_id
    visit.visited_on, visit.findings, visit.improved = form.visited_on, form.findings, form.improved
    visit.requests, visit.ready = form.requests, ready
    visit.missed_gates = [{"criterion": code} for code in form.missed_gates]
    session.add(visit)


def supplement(session: Session, item: WorkItem, form: SupplementForm, who: Actor, now: datetime) -> None:
    """Put the producer's papers into the dossier; what waited for them goes on.

    Raises:
        InputError: the file of a paper is not in the store or somebody else's, or has not the pages that are named.
    """
    check_files(session, form.evidence, who, item.case.dossier.product.producer_id, must_be_stored=True)
    resume_after_producer(session, item.subject, now)
    add_evidence(session, item.case, form.evidence)


def _check_papers(attempt: DossierAttempt) -> None:
    council_on = attempt.round.council_on
    remedy = "Ghi kết luận «Chưa sẵn sàng» (not_ready) và yêu cầu chủ thể bổ sung."
    problems = [
        Problem(
            "evidence",
            f"«{paper.title}» hết hạn ngày {paper.expires_on:%d/%m/%Y}, trước ngày họp hội đồng "
            f"({council_on:%d/%m/%Y})",
            remedy,
        )
        for paper in expired_by(attempt, council_on)
    ]
    problems += [Problem("evidence", f"thiếu {kind.label}", remedy) for kind in missing_kinds(attempt)]
    if problems:
        raise InputError.of(problems)
