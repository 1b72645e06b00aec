"""What the papers of a decided round share: its concluded session, its results, its minutes and decision by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.councils.sessions import still_on_agenda
from models.documents.builders.common import (
    ResultLine,
    outcome_of_round,
)
from models.documents.framing import Frame
from models.documents.kinds import kind_named
from models.documents.words import referred, spelled_out
from models.enums import SessionStatus
from models.process.kinds import StepKind
from models.tables import (
    CouncilSession,
    Decision,
    Result,
    Round,
)


def concluded_session(round_: Round) -> CouncilSession | None:
    """The latest session of a round that has concluded."""
    return next((s for s in reversed(round_.sessions) if s.status is SessionStatus.CONCLUDED), None)


def results_in(meeting: CouncilSession) -> list[Result]:
    """The results of a session, in the order of its agenda."""
    return [p.result for p in still_on_agenda(meeting) if p.result is not None]


def minutes_of(frame: Frame, meeting: CouncilSession) -> str:
    """The minutes as other papers name them."""
    symbol = frame.symbol(kind_named("council_minutes"))
    return f"{referred('Biên bản', meeting.minutes_number, symbol, meeting.held_on)} của {meeting.council.name}"


def decision_of(session: Session, round_: Round) -> Decision | None:
    """The decision of the round's own level, once it is signed."""
    return session.scalars(select(Decision).where(Decision.round_id == round_.id).order_by(Decision.id.desc())).first()


def signed_on(session: Session, round_: Round) -> date | None:
    """The day on which the papers of the round were signed."""
    signing = outcome_of_round(session, round_, StepKind.DECISION_SIGNING)
    return date.fromisoformat(signing["signed_on"]) if signing.get("signed_on") else None


def decision_named(frame: Frame, number: str | None, on: date | None) -> str:
    """The decision as other papers name it."""
    symbol = frame.symbol(kind_named("decision"))
    return f"{referred('Quyết định', number, symbol, on, frame.on.year)} của {spelled_out(frame.authority_name)}"


def numbered(lines: Sequence[ResultLine]) -> list[ResultLine]:
    """The lines with numbers from 1."""
    return [ResultLine(**(vars(line) | {"no": no})) for no, line in enumerate(lines, start=1)]
