"""Sessions of the council: which one is under way, what is on its agenda, who certifies what it proposes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import NotFoundError
from models.regimes import load_regime
from models.tables import CouncilSession, DossierAttempt, Round, SessionProduct


def latest_session(session: Session, round_id: int) -> CouncilSession:
    """The session of the round that is under way or was last.

    Raises:
        NotFoundError: none was convened.
    """
    meeting = session.scalar(
        select(CouncilSession)
        .where(CouncilSession.round_id == round_id)
        .order_by(CouncilSession.number.desc())
        .limit(1)
    )
    if meeting is None:
        raise NotFoundError("Đợt chưa triệu tập hội đồng.", field="round", remedy="Triệu tập hội đồng trước.")
    return meeting


def session_of(round_: Round, number: int) -> CouncilSession:
    """The session of the round with this number.

    Raises:
        NotFoundError: there is none.
    """
    found = next((meeting for meeting in round_.sessions if meeting.number == number), None)
    if found is None:
        known = ", ".join(str(meeting.number) for meeting in round_.sessions) or "chưa có phiên nào"
        raise NotFoundError(f"Đợt không có phiên họp {number}.", field="session", remedy=f"Các phiên: {known}.")
    return found


def still_on_agenda(meeting: CouncilSession) -> list[SessionProduct]:
    """The products of a session that were not taken off its agenda (withdrawn, an earlier step corrected)."""
    return [p for p in meeting.products if not p.taken_off]


def on_agendas(session: Session, attempt: DossierAttempt) -> list[SessionProduct]:
    """Where the attempt is on an agenda now."""
    query = select(SessionProduct).where(SessionProduct.attempt_id == attempt.id, SessionProduct.taken_off == "")
    return list(session.scalars(query.order_by(SessionProduct.id)))


def take_off_agenda(session: Session, attempt: DossierAttempt, why: str) -> None:
    """Take the attempt off the agendas it is on; sheets and result stay as history."""
    for product in on_agendas(session, attempt):
        product.taken_off = why


def granted_by(attempt: DossierAttempt, stars: int | None) -> str | None:
    """The level that certifies so many stars under the attempt's regime; `None` below three."""
    if stars is None:
        return None
    body = load_regime(attempt.regime).grants.get(stars)
    return body.value if body is not None else None
