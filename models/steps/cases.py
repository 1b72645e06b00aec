"""A case as the flow needs it: name, tags, how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.enums import AttemptStatus
from models.process import stage_tag, step_definition
from models.process.kinds import StepKind
from models.signals import has_news, locked_run_of
from models.steps.advancing import case_of
from models.subjects import attempt_subject

LATE_TAG = "quá-hạn"
LATE_WORDS = "Quá hạn: "


@dataclass(frozen=True)
class Case:
    """One attempt of a dossier, or one round: what its run is called and tagged with (`slug`: in ASCII)."""

    subject: str
    number: int
    round_id: int
    title: str
    tags: tuple[str, ...]
    status: AttemptStatus | None = None
    ended_because: str = ""
    slug: str = ""
    previous: str | None = None  # the subject of the attempt before this one

    @property
    def in_progress(self) -> bool:
        """Whether the attempt has not ended (a round never ends early)."""
        return self.status in {None, AttemptStatus.IN_PROGRESS}


def load_case(session: Session, subject: str) -> Case:
    """The case that `subject` names, as it stands now."""
    round_, attempt = case_of(session, subject)
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
        previous=attempt_subject(attempt.previous.id) if attempt.previous is not None else None,
    )


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
