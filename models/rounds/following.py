"""Which round comes next: for a dossier that is handed in again, and for one that is carried on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.dossiers.attempts import takes_dossiers
from models.enums import RoundStatus
from models.errors import WrongMomentError
from models.tables import CyclePlan, DossierAttempt, Round

BEFORE_THE_COUNCIL = {RoundStatus.PLANNED, RoundStatus.OPEN, RoundStatus.EVALUATING}


def rounds_of_office(session: Session, round_: Round) -> Sequence[Round]:
    """All rounds of the office that holds this one, in order of time."""
    query = select(Round).join(CyclePlan).where(CyclePlan.office_id == round_.plan.office_id)
    return session.scalars(query.order_by(Round.opens_on, Round.id)).all()


def round_for_resubmission(session: Session, old: DossierAttempt, on: date) -> Round:
    """The attempt's own round while its window is open, else the first of its office that takes dossiers on that day.

    A round that is only planned takes none: the day of receipt fixes the rules, so it cannot lie ahead.

    Raises:
        WrongMomentError: no round takes dossiers; names the next one that will.
    """
    if takes_dossiers(old.round, on):
        return old.round
    rounds = rounds_of_office(session, old.round)
    taking = next((r for r in rounds if takes_dossiers(r, on)), None)
    if taking is not None:
        return taking
    ahead = next((r for r in rounds if r.status in _TO_COME and r.registration_closes_on >= on), None)
    if ahead is None:
        raise WrongMomentError(
            "Không đợt nào đang nhận hồ sơ và chưa có đợt kế tiếp trong kế hoạch.",
            field="round",
            remedy="Nhập kế hoạch có đợt kế tiếp: ocop plan import.",
        )
    raise WrongMomentError(
        f"Chưa đợt nào nhận hồ sơ; đợt kế tiếp là {ahead.title}, nhận từ {ahead.opens_on:%d/%m/%Y} "
        f"đến {ahead.registration_closes_on:%d/%m/%Y} ({ahead.status.label.lower()}).",
        field="round",
        remedy=f"Nộp lại khi đợt đã mở (ocop round open {ahead.code}); quy định áp dụng tính theo ngày nộp.",
    )


_TO_COME = {RoundStatus.PLANNED, RoundStatus.OPEN}


def round_after(session: Session, round_: Round, today: date) -> Round | None:
    """The round of the same office in which a dossier of `round_` can still come before the council: the first later
    one that has not called its council and whose council day is not past."""
    return next(
        (
            r
            for r in rounds_of_office(session, round_)
            if (r.opens_on, r.id) > (round_.opens_on, round_.id)
            and r.status in BEFORE_THE_COUNCIL
            and not r.sessions
            and r.council_on >= today
        ),
        None,
    )
