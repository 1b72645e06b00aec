"""A case as the flow needs it: name, tags, how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.certificates.life import CertificateState
from models.enums import AttemptStatus
from models.process import Scope, stage_tag, step_definition
from models.process.kinds import StepKind
from models.signals import has_news, locked_run_of
from models.steps.whose import Whose, whose
from models.subjects import attempt_subject
from models.tables import Certificate, DossierAttempt, PlannedInspection, Revocation, Round

LATE_TAG = "quá-hạn"
LATE_WORDS = "Quá hạn: "
CASE_NAMES = {
    Scope.RENEWAL: "Đánh giá lại",
    Scope.INSPECTION: "Kiểm tra",
    Scope.REVOCATION: "Xem xét thu hồi",
}
"""What the runs of a certificate's cases are called."""


@dataclass(frozen=True)
class Case:
    """One attempt of a dossier, one round, or one case of a certificate: what its run is called and tagged with.

    `slug`: the same in ASCII, for the keys of artifacts. `ended_name`: what the end of the run is called when somebody
    ended the attempt while the run was waiting.
    """

    subject: str
    number: int
    round_id: int | None
    title: str
    tags: tuple[str, ...]
    status: AttemptStatus | None = None
    ended_because: str = ""
    slug: str = ""
    ended_name: str = ""
    previous: str | None = None  # the subject of the attempt before this one

    @property
    def in_progress(self) -> bool:
        """Whether the attempt has not ended (a round never ends early; a certificate's case ends with its item)."""
        return self.status in {None, AttemptStatus.IN_PROGRESS}


def load_case(session: Session, subject: str) -> Case:
    """The case that `subject` names, as it stands now."""
    case = whose(session, subject)
    round_, attempt = case.round, case.attempt
    if round_ is None:
        return _of_certificate(case)
    if attempt is None:
        tags: tuple[str, ...] = (f"đợt:{round_.code}",)
        return Case(subject, round_.id, round_.id, round_.title, tags, slug=f"dot-{round_.code}")
    tags = (
        f"đợt:{round_.code}",
        f"xã:{attempt.dossier.product.place.name}",
        f"hồ-sơ:{attempt.dossier.code}",
        f"lần:{attempt.number}",
    )
    return Case(
        subject,
        attempt.id,
        round_.id,
        attempt.title,
        tags,
        attempt.status,
        attempt.ended_because,
        slug=f"ho-so-{attempt.dossier.code}-lan-{attempt.number}",
        ended_name=_ended_name(session, attempt),
        previous=attempt_subject(attempt.previous.id) if attempt.previous is not None else None,
    )


def _ended_name(session: Session, attempt: DossierAttempt) -> str:
    if attempt.status is AttemptStatus.WITHDRAWN:
        return "Đã rút hồ sơ"
    query = select(Certificate).where(Certificate.attempt_id == attempt.id).order_by(Certificate.id.desc())
    certificate = session.scalars(query).first()
    if certificate is None:
        return "Đã kết thúc"
    state = CertificateState.LAPSED
    if certificate.revoked_on is not None:
        state = CertificateState.REVOKED
    elif certificate.replaced_on is not None:
        state = CertificateState.REPLACED
    return f"Đã công nhận, giấy chứng nhận {state.label.lower()}"


def _of_certificate(case: Whose) -> Case:
    row, certificate = case.dates, case.certificate
    if isinstance(row, Round) or certificate is None:
        raise TypeError(f"{case.subject} is no case of a certificate")
    name, day = CASE_NAMES[row.scope], ""
    if isinstance(row, PlannedInspection):
        day = f" {row.planned_on:%d/%m/%Y}"
    elif isinstance(row, Revocation):
        day = f" {row.found_on:%d/%m/%Y}"
    tags = (f"giấy:{certificate.code}", f"xã:{certificate.product.place.name}")
    return Case(case.subject, row.id, None, f"{name}{day} · {certificate.title}", tags, None, row.closed_because)


def tags_at(case: Case, kind: StepKind, due_on: date | None, today: date) -> list[str]:
    """All tags of the run while it waits at a step: round, commune, stage, and late if it is."""
    late = [LATE_TAG] if due_on is not None and due_on < today else []
    return [*case.tags, stage_tag(kind), *late]


def waiting_name(kind: StepKind, due_on: date | None, today: date) -> str:
    """The name of the state while the run waits at a step: `Chờ UBND xã đánh giá`, `Quá hạn: …` when late."""
    late = LATE_WORDS if due_on is not None and due_on < today else ""
    return late + step_definition(kind).waiting


def waiting_message(kind: StepKind, due_on: date | None) -> str:
    """What the state and the form say meanwhile: what is to be done, and until when."""
    until = f" Hạn: {due_on:%d/%m/%Y}." if due_on is not None else ""
    return step_definition(kind).todo + until


def mark_run_ended(session: Session, subject: str, now: datetime) -> None:
    """Note that the run of the subject came to its end; signals no longer look for it.

    Not when an outcome was corrected in this moment: its signal then starts a new run.
    """
    run = locked_run_of(session, subject)
    if not has_news(session, subject):
        run.ended_at = run.ended_at or now
