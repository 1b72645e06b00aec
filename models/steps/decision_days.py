"""Days on decisions: a paper is signed on or after the day of what it rests on."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from models.errors import InputError
from models.process.kinds import StepKind
from models.subjects import attempt_subject, item_key
from models.tables import CouncilSession, DossierAttempt
from models.work_items.closing import find_item


def check_after_meeting(on: date, meeting: CouncilSession, field: str = "signed_on") -> None:
    """Refuse a decision of a day before the council sat: validity and papers run from its day [ours].

    Raises:
        InputError: the day is earlier.
    """
    _check_not_before(on, meeting.held_on, "ngày họp hội đồng", field)


def check_after_answer(session: Session, attempt: DossierAttempt, on: date) -> None:
    """Refuse a decision for one product of a day before the level above answered.

    Raises:
        InputError: the day is earlier.
    """
    answered = find_item(session, item_key(attempt_subject(attempt.id), StepKind.HIGHER_LEVEL_RESULT, 1))
    if answered is not None and answered.outcome is not None:
        answer = date.fromisoformat(answered.outcome.data["decided_on"])
        _check_not_before(on, answer, "ngày văn bản của cấp trên", "signed_on")


def _check_not_before(on: date, first: date, what: str, field: str) -> None:
    if on < first:
        raise InputError(
            f"ngày {on:%d/%m/%Y} trước {what} ({first:%d/%m/%Y})",
            field=field,
            remedy=f"Ghi đúng ngày trên văn bản, từ {first:%d/%m/%Y} trở đi.",
        )
