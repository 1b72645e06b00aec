"""Step 2: what follows from the check of completeness and from closing the list."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models.actors import Actor
from models.dossiers.attempts import end_attempt
from models.dossiers.evidence import missing_kinds
from models.enums import AttemptStatus, RoundStatus
from models.errors import InputError
from models.forms import RegistrationCheckForm, RegistrationWindowForm
from models.rounds.telling import tell_round
from models.tables import WorkItem


def check(session: Session, item: WorkItem, form: RegistrationCheckForm, who: Actor, now: datetime) -> None:
    """Accepted only when no mandatory paper is missing; returned ends the attempt.

    Raises:
        InputError: accepted although mandatory papers are missing.
    """
    if form.outcome == "returned":
        names = "; ".join(kind.label for kind in form.missing)
        because = " ".join(said for said in (f"Thiếu hoặc chưa hợp lệ: {names}." if names else "", form.note) if said)
        end_attempt(session, item.case, AttemptStatus.RETURNED, because, who, now)
        return
    missing = missing_kinds(item.case)
    if missing:
        raise InputError(
            "Hồ sơ còn thiếu giấy tờ bắt buộc: " + "; ".join(kind.label for kind in missing) + ".",
            field="outcome",
            remedy="Chọn «Trả lại» và ghi giấy tờ còn thiếu, hoặc đề nghị chủ thể nộp thêm.",
        )


def close_list(session: Session, item: WorkItem, _form: RegistrationWindowForm, _who: Actor, _now: datetime) -> None:
    """The round takes no more dossiers."""
    item.round.status = RoundStatus.EVALUATING
    tell_round(session, item.round, "list-closed")
