"""Who sees which certificates with their life (the public look-up shows less, and to everybody)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select, true
from sqlalchemy.orm import Session

from models.access import reach
from models.access.dossiers import dossiers_visible
from models.access.reach import Condition, Rule
from models.certificates.register import certificate_by_code
from models.enums import Role
from models.errors import NotFoundError
from models.tables import Capacity, Certificate, CyclePlan, Dossier, DossierAttempt, Product, Round, WorkItem


def certificates_visible(session: Session, capacities: Iterable[Capacity]) -> Condition:
    """The certificates that these capacities let see, as a condition on `Certificate`."""
    return reach.any_of(session, capacities, RULES)


def certificates_of_offices(session: Session, office_ids: set[int]) -> Condition:
    """The certificates of the places that these offices look after, and of the products in their rounds."""
    of_rounds = select(DossierAttempt.dossier_id).join(Round).join(CyclePlan).where(CyclePlan.office_id.in_(office_ids))
    products = select(Dossier.product_id).where(Dossier.id.in_(of_rounds))
    return or_(_at(reach.places_of(session, office_ids)), Certificate.product_id.in_(products))


def may_see_certificate(session: Session, capacities: Iterable[Capacity], certificate: Certificate) -> bool:
    """Whether one of the capacities lets see the certificate."""
    return reach.holds(session, Certificate.id, certificate.id, certificates_visible(session, capacities))


def certificate_seen(session: Session, capacities: Iterable[Capacity], code: str) -> Certificate:
    """The certificate with this code, for whom one of the capacities lets see it.

    Raises:
        NotFoundError: there is none, or it is not theirs: which of both is not told.
    """
    certificate = certificate_by_code(session, code)
    if not may_see_certificate(session, capacities, certificate):
        raise NotFoundError(
            f"Không có giấy chứng nhận «{code}».", field="certificate", remedy="Mở lại từ sổ giấy chứng nhận."
        )
    return certificate


def _of_producer(_session: Session, capacity: Capacity) -> Condition:
    return Certificate.product_id.in_(select(Product.id).where(Product.producer_id == capacity.producer_id))


def _of_commune(session: Session, capacity: Capacity) -> Condition:
    return _at({place} if (place := reach.own_place(session, capacity)) is not None else set())


def _at(places: set[int]) -> Condition:
    return Certificate.product_id.in_(select(Product.id).where(Product.place_id.in_(places)))


def _of_dossiers(session: Session, capacity: Capacity) -> Condition:
    products = select(Dossier.product_id).where(dossiers_visible(session, [capacity]))
    return Certificate.product_id.in_(products)


def _of_office(session: Session, capacity: Capacity) -> Condition:
    """Those of the places that it looks after, entered ones too, and of the products in its rounds."""
    places = reach.places_of(session, reach.own_offices(session, capacity))
    return or_(_at(places), _of_dossiers(session, capacity))


def _given_to_office(session: Session, capacity: Capacity) -> Condition:
    given = select(WorkItem.certificate_id).where(
        WorkItem.role == capacity.role, WorkItem.office_id == capacity.office_id, WorkItem.certificate_id.is_not(None)
    )
    return or_(Certificate.id.in_(given), _of_dossiers(session, capacity))


def _of_leader(session: Session, capacity: Capacity) -> Condition:
    own = or_(_of_office(session, capacity), _of_commune(session, capacity))
    return or_(own, _given_to_office(session, capacity))


RULES: dict[Role, Rule] = {
    Role.PRODUCER: _of_producer,
    Role.COMMUNE_OFFICER: _of_commune,
    Role.COORDINATOR: _of_office,
    Role.CONSULTANT: _of_dossiers,
    Role.ADVISORY_MEMBER: _of_office,
    Role.COUNCIL_MEMBER: _of_dossiers,
    Role.COUNCIL_SECRETARY: _of_dossiers,
    Role.LEADER: _of_leader,
    Role.TECHNICAL_OFFICER: _given_to_office,
    Role.AUDITOR: lambda _session, _capacity: true(),
}
