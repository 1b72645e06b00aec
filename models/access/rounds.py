"""Who sees which rounds: their dates and state; of what is in them only the dossiers that are theirs to see."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select, true
from sqlalchemy.orm import Session

from models.access import reach
from models.access.dossiers import dossiers_visible
from models.access.reach import Condition, Rule
from models.enums import Role
from models.tables import Capacity, Council, CouncilSession, CyclePlan, Dossier, DossierAttempt, Round


def rounds_visible(session: Session, capacities: Iterable[Capacity]) -> Condition:
    """The rounds that these capacities let see, as a condition on `Round`."""
    return reach.any_of(session, capacities, RULES)


def may_see_round(session: Session, capacities: Iterable[Capacity], round_: Round) -> bool:
    """Whether one of the capacities lets see the round."""
    return reach.holds(session, Round.id, round_.id, rounds_visible(session, capacities))


def rounds_seen_whole(session: Session, capacities: Iterable[Capacity]) -> Condition:
    """The rounds in which these capacities let see everything: of their office, below it, or before their council.

    A condition on `Round`. Who takes part in a round for a commune sees its dates, and of its cases the own ones.
    """
    return reach.any_of(session, capacities, WHOLE)


def sees_whole_round(session: Session, capacities: Iterable[Capacity], round_: Round) -> bool:
    """Whether one of the capacities lets see everything in the round."""
    return reach.holds(session, Round.id, round_.id, rounds_seen_whole(session, capacities))


def _of_offices(offices: set[int]) -> Condition:
    return Round.plan_id.in_(select(CyclePlan.id).where(CyclePlan.office_id.in_(offices)))


def _of_office(session: Session, capacity: Capacity) -> Condition:
    return _of_offices(reach.own_offices(session, capacity))


def _of_place(session: Session, capacity: Capacity) -> Condition:
    """Those that take dossiers from the place."""
    return _of_offices(reach.offices_of_own_place(session, capacity))


def _of_leader(session: Session, capacity: Capacity) -> Condition:
    return or_(_of_office(session, capacity), _of_place(session, capacity))


def _of_dossiers(session: Session, capacity: Capacity) -> Condition:
    in_it = select(DossierAttempt.round_id).join(Dossier).where(dossiers_visible(session, [capacity]))
    return Round.id.in_(in_it)


def _of_seat(_session: Session, capacity: Capacity) -> Condition:
    held = select(CouncilSession.round_id).where(CouncilSession.council_id.in_(reach.councils_sat_in(capacity)))
    return Round.id.in_(held)


def _of_secretary(_session: Session, capacity: Capacity) -> Condition:
    offices = select(Council.office_id).where(Council.id.in_(reach.councils_kept(capacity)))
    return Round.plan_id.in_(select(CyclePlan.id).where(CyclePlan.office_id.in_(offices)))


RULES: dict[Role, Rule] = {
    Role.PRODUCER: _of_place,
    Role.COMMUNE_OFFICER: _of_place,
    Role.COORDINATOR: _of_office,
    Role.CONSULTANT: _of_dossiers,
    Role.ADVISORY_MEMBER: _of_office,
    Role.COUNCIL_MEMBER: _of_seat,
    Role.COUNCIL_SECRETARY: _of_secretary,
    Role.LEADER: _of_leader,
    Role.TECHNICAL_OFFICER: _of_dossiers,
    Role.AUDITOR: lambda _session, _capacity: true(),
}

WHOLE: dict[Role, Rule] = {
    Role.COORDINATOR: _of_office,
    Role.ADVISORY_MEMBER: _of_office,
    Role.COUNCIL_SECRETARY: _of_secretary,
    Role.LEADER: _of_office,
    Role.AUDITOR: lambda _session, _capacity: true(),
}
