"""Who sees which dossiers."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, or_, select, true
from sqlalchemy.orm import Session

from models.access import reach
from models.access.reach import Condition, Rule
from models.enums import Role
from models.process.kinds import StepKind
from models.tables import (
    Capacity,
    Council,
    CouncilSession,
    CyclePlan,
    Dossier,
    DossierAttempt,
    Product,
    Round,
    SessionProduct,
    WorkItem,
)


def dossiers_visible(session: Session, capacities: Iterable[Capacity]) -> Condition:
    """The dossiers that these capacities let see, as a condition on `Dossier`."""
    return reach.any_of(session, capacities, RULES)


def may_see_dossier(session: Session, capacities: Iterable[Capacity], dossier: Dossier | DossierAttempt) -> bool:
    """Whether one of the capacities lets see the dossier (with all its attempts)."""
    dossier_id = dossier.dossier_id if isinstance(dossier, DossierAttempt) else dossier.id
    return reach.holds(session, Dossier.id, dossier_id, dossiers_visible(session, capacities))


def _of_producer(_session: Session, capacity: Capacity) -> Condition:
    own = select(Product.id).where(Product.producer_id == capacity.producer_id)
    return Dossier.product_id.in_(own)


def _of_commune(session: Session, capacity: Capacity) -> Condition:
    here = select(Product.id).where(Product.place_id == reach.own_place(session, capacity))
    return Dossier.product_id.in_(here)


def _of_office(session: Session, capacity: Capacity) -> Condition:
    """Those that it received, and those of its rounds (it may have taken over the plan of an office that ended)."""
    offices = reach.own_offices(session, capacity)
    in_rounds = _attempts().join(Round).join(CyclePlan).where(CyclePlan.office_id.in_(offices))
    return or_(Dossier.office_id.in_(offices), Dossier.id.in_(in_rounds))


def _of_leader(session: Session, capacity: Capacity) -> Condition:
    return or_(_of_office(session, capacity), _of_commune(session, capacity))


def _given_to_office(*kinds: StepKind) -> Rule:
    def rule(_session: Session, capacity: Capacity) -> Condition:
        given = _attempts().join(WorkItem, WorkItem.attempt_id == DossierAttempt.id)
        return Dossier.id.in_(given.where(WorkItem.kind.in_(kinds), WorkItem.office_id == capacity.office_id))

    return rule


def _of_seat(_session: Session, capacity: Capacity) -> Condition:
    on_agenda = _attempts().join(SessionProduct).join(CouncilSession)
    return Dossier.id.in_(on_agenda.where(CouncilSession.council_id.in_(reach.councils_sat_in(capacity))))


def _of_secretary(_session: Session, capacity: Capacity) -> Condition:
    """Those of the rounds for which the council sits: the secretary chooses what comes before it."""
    offices = select(Council.office_id).where(Council.id.in_(reach.councils_kept(capacity)))
    in_rounds = _attempts().join(Round).join(CyclePlan).where(CyclePlan.office_id.in_(offices))
    on_agenda = _attempts().join(SessionProduct).join(CouncilSession)
    kept = on_agenda.where(CouncilSession.council_id.in_(reach.councils_kept(capacity)))
    return or_(Dossier.id.in_(in_rounds), Dossier.id.in_(kept))


def _attempts() -> Select[tuple[int]]:
    return select(DossierAttempt.dossier_id)


RULES: dict[Role, Rule] = {
    Role.PRODUCER: _of_producer,
    Role.COMMUNE_OFFICER: _of_commune,
    Role.COORDINATOR: _of_office,
    Role.CONSULTANT: _given_to_office(StepKind.CONSULTING),
    Role.ADVISORY_MEMBER: _of_office,
    Role.COUNCIL_MEMBER: _of_seat,
    Role.COUNCIL_SECRETARY: _of_secretary,
    Role.LEADER: _of_leader,
    Role.TECHNICAL_OFFICER: _given_to_office(StepKind.INSPECTION),
    Role.AUDITOR: lambda _session, _capacity: true(),
}
"""An administrator does no case work and sees none."""
