"""What anybody may look up about one certificate by its code: nothing private is on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.certificates.life import CertificateState
from models.certificates.register import standing
from models.errors import NotFoundError
from models.offices.history import place_as_of
from models.tables import Certificate, Decision, Product

LONGEST_CODE = 100


@dataclass(frozen=True)
class PublicCertificate:
    """One certificate as the public sees it. `valid`: whether it counts on the day asked.

    What only concerns office and producer, such as a renewal that is due, is not told: such a certificate is valid.
    """

    code: str
    product: str
    producer: str
    commune: str
    stars: int
    level_label: str
    decision_number: str
    decided_on: date
    valid_until: date
    valid: bool
    state_label: str


def public_certificate(session: Session, code: str, on: date) -> PublicCertificate:
    """The certificate with this code, as it stands on `on`.

    Raises:
        NotFoundError: there is none, or it is not issued yet.
    """
    certificate = _find(session, code.strip())
    if certificate is None or certificate.issued_on > on:
        raise NotFoundError(
            "Không có giấy chứng nhận OCOP mang mã này.",
            field="code",
            remedy="Kiểm tra lại mã in trên giấy chứng nhận hoặc quét lại mã QR.",
        )
    stands = standing(session, certificate, on)
    decision = session.get(Decision, certificate.decision_id) if certificate.decision_id is not None else None
    return PublicCertificate(
        code=certificate.code,
        product=certificate.product.name,
        producer=certificate.product.producer.name,
        commune=place_as_of(session, certificate.product, on).title,
        stars=certificate.stars,
        level_label=certificate.level.label,
        decision_number=certificate.decision_number,
        decided_on=decision.signed_on if decision is not None else certificate.issued_on,
        valid_until=stands.ends_on,
        valid=not stands.state.is_over,
        state_label=_public_state(stands.state).label,
    )


def _find(session: Session, code: str) -> Certificate | None:
    product = joinedload(Certificate.product)
    query = select(Certificate).where(Certificate.code == code)
    query = query.options(product.joinedload(Product.producer), product.joinedload(Product.place))
    return session.scalar(query) if 0 < len(code) <= LONGEST_CODE and code.isprintable() else None


def _public_state(state: CertificateState) -> CertificateState:
    told = state.is_over or state is CertificateState.EXTENDED
    return state if told else CertificateState.VALID
