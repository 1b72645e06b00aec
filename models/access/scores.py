"""Who sees score sheets and results: a member's own at once, others' when the scoring is closed (domain.md §4).

A scoring is closed when the secretary has closed it, when its session is concluded or the product's next scoring is
open: the discussion before a second scoring is about the first sheets [ours]. Producers and communes see no sheets, and
results once decided [ours].
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models.access import reach
from models.access.dossiers import dossiers_visible, may_see_dossier
from models.access.reach import Condition
from models.access.rounds import rounds_seen_whole
from models.enums import AttemptStatus, Role, RoundStatus, SessionStatus
from models.tables import (
    Capacity,
    CouncilMember,
    CouncilSession,
    Dossier,
    DossierAttempt,
    Round,
    ScoreSheet,
    SessionProduct,
)

SEES_SHEETS = {
    Role.COORDINATOR,
    Role.ADVISORY_MEMBER,
    Role.COUNCIL_MEMBER,
    Role.COUNCIL_SECRETARY,
    Role.LEADER,
    Role.AUDITOR,
}
"""Roles that see the sheets of the dossiers that are theirs to see, once the scoring is closed; no commune's head."""

SCORING_CLOSED = {SessionStatus.SCORED, SessionStatus.CONCLUDED}

DECIDED = {RoundStatus.DECIDED, RoundStatus.CLOSED}


def sheets_visible(session: Session, capacities: Iterable[Capacity]) -> Condition:
    """The score sheets that these capacities let see, as a condition on `ScoreSheet`."""
    held = list(capacities)
    members = [one.person_id for one in held if one.role is Role.COUNCIL_MEMBER]
    own = ScoreSheet.member.has(CouncilMember.person_id.in_(members))
    attempts = select(DossierAttempt.id).join(Dossier).where(dossiers_visible(session, _sees_sheets(session, held)))
    scored = SessionProduct.session.has(CouncilSession.status.in_(SCORING_CLOSED))
    closed = or_(scored, ScoreSheet.scoring < SessionProduct.scoring)
    return or_(own, ScoreSheet.product.has(and_(closed, SessionProduct.attempt_id.in_(attempts))))


def may_see_sheet(session: Session, capacities: Iterable[Capacity], sheet: ScoreSheet) -> bool:
    """Whether one of the capacities lets see this sheet."""
    return reach.holds(session, ScoreSheet.id, sheet.id, sheets_visible(session, capacities))


def may_see_scores(session: Session, capacities: Iterable[Capacity], product: SessionProduct) -> bool:
    """Whether one of the capacities lets see what the members gave a product in its latest scoring, and the spread."""
    seen = _sees_sheets(session, capacities)
    closed = product.session.status in SCORING_CLOSED
    return closed and may_see_dossier(session, seen, product.attempt)


def scores_visible_of(session: Session, capacities: Iterable[Capacity], meeting: CouncilSession) -> set[int]:
    """The products of the meeting (ids) for which `may_see_scores` holds, by one query."""
    if meeting.status not in SCORING_CLOSED:
        return set()
    query = (
        select(SessionProduct.id)
        .join(DossierAttempt)
        .join(Dossier)
        .where(SessionProduct.session_id == meeting.id, dossiers_visible(session, _sees_sheets(session, capacities)))
    )
    return set(session.scalars(query))


def may_see_who_submitted(session: Session, capacities: Iterable[Capacity], meeting: CouncilSession) -> bool:
    """Whether one of the capacities lets see which members have handed in, never what."""
    held = list(capacities)
    if any(one.role is Role.AUDITOR for one in held):
        return True
    office = meeting.council.office_id
    return any(
        (one.role is Role.COUNCIL_SECRETARY and one.person_id == meeting.council.secretary_id)
        or (one.role is Role.COORDINATOR and office in reach.own_offices(session, one))
        for one in held
    )


def sessions_visible(session: Session, capacities: Iterable[Capacity]) -> Condition:
    """The meetings that these capacities let see, as a condition on `CouncilSession`."""
    rounds = select(Round.id).where(rounds_seen_whole(session, capacities))
    sat_in = [reach.councils_sat_in(one) for one in capacities if one.role is Role.COUNCIL_MEMBER]
    of_rounds = CouncilSession.round_id.in_(rounds)
    return or_(of_rounds, *(CouncilSession.council_id.in_(councils) for councils in sat_in))


def may_see_session(session: Session, capacities: Iterable[Capacity], meeting: CouncilSession) -> bool:
    """Whether one of the capacities lets see the meeting: day, place, agenda, members."""
    return reach.holds(session, CouncilSession.id, meeting.id, sessions_visible(session, list(capacities)))


def may_see_result(session: Session, capacities: Iterable[Capacity], attempt: DossierAttempt) -> bool:
    """Whether one of the capacities lets see the council's result: producer and commune once it is decided."""
    held = (
        list(capacities)
        if _is_decided(attempt)
        else [one for one in capacities if not waits_for_decision(session, one)]
    )
    return may_see_dossier(session, held, attempt)


def _is_decided(attempt: DossierAttempt) -> bool:
    return attempt.status is not AttemptStatus.IN_PROGRESS or attempt.round.status in DECIDED


def waits_for_decision(session: Session, capacity: Capacity) -> bool:
    """Whether the capacity hears the result with the decision: the producer, the commune."""
    return capacity.role is Role.PRODUCER or reach.of_commune(session, capacity)


def _sees_sheets(session: Session, capacities: Iterable[Capacity]) -> Sequence[Capacity]:
    return [one for one in capacities if one.role in SEES_SHEETS and not reach.heads_commune(session, one)]
