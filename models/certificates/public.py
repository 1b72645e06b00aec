"""What anybody may look up about one certificate by its code: nothing private is on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.certificates.life import CertificateState
from models.certificates.listing import RegisterFilter, register_page
from models.certificates.register import RegisterRow, standing
from models.enums import Level
from models.errors import NotFoundError
from models.offices.history import place_as_of
from models.paging import Page, PageAsked
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


def public_register(session: Session, on: date, wanted: RegisterFilter, asked: PageAsked) -> Page[PublicCertificate]:
    """The same of all certificates that are wanted, page by page: open data."""
    page = register_page(session, on, wanted, asked)
    codes = [row.code for row in page.items]
    query = select(Certificate.code, Decision.signed_on).join(Decision).where(Certificate.code.in_(codes))
    signed = {row.code: row.signed_on for row in session.execute(query)}
    return page.map(lambda row: _public_row(row, signed.get(row.code)))


def _public_row(row: RegisterRow, signed_on: date | None) -> PublicCertificate:
    state = CertificateState(row.state)
    return PublicCertificate(
        code=row.code,
        product=row.product,
        producer=row.producer,
        commune=row.commune,
        stars=row.stars,
        level_label=Level(row.level).label,
        decision_number=row.decision_number,
        decided_on=signed_on or row.issued_on,
        valid_until=row.ends_on,
        valid=not state.is_over,
        state_label=_public_state(state).label,
    )


def _find(session: Session, code: str) -> Certificate | None:
    product = joinedload(Certificate.product)
    query = select(Certificate).where(Certificate.code == code)
    query = query.options(product.joinedload(Product.producer), product.joinedload(Product.place))
    return session.scalar(query) if 0 < len(code) <= LONGEST_CODE and code.isprintable() else None


def _public_state(state: CertificateState) -> CertificateState:
    told = state.is_over or state is CertificateState.EXTENDED
    return state if told else CertificateState.VALID
