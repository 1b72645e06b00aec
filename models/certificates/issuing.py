"""Issuing certificates: numbering, dates, and what an upgrade does to the one before."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.certificates.life import certificate_dates
from models.certificates.replacing import settle_replacements
from models.enums import Level
from models.regimes import regime_for
from models.regimes.kinds import DossierKind
from models.tables import Certificate, Decision, DossierAttempt, Place, Product


def issue(
    session: Session, attempt: DossierAttempt, stars: int, level: Level, decision: Decision, now: datetime
) -> Certificate:
    """Issue the certificate of one recognised product; one that is still in force, or extended, is replaced by it.

    What waited for anybody about the replaced one ends.
    """
    product = attempt.dossier.product
    certificate = Certificate(
        code=next_code(session, product, decision.signed_on),
        product=product,
        attempt_id=attempt.id,
        decision_id=decision.id,
        decision_number=decision.number,
        stars=stars,
        regime=attempt.regime,
        level=level,
        issued_on=decision.signed_on,
        valid_until=certificate_dates(decision.signed_on, decision.signed_on).valid_until,
    )
    session.add(certificate)
    session.flush()
    settle_replacements(session, product, now)
    product.code = product.code or certificate.code
    return certificate


def next_code(session: Session, product: Product, on: date) -> str:
    """Product code of the certificate: province-district-commune-serial-year, without district when there is none.

    148 era and 26/2026 (domain.md §7); the serial follows the highest of the commune and the year, which an old paper
    may have brought with it.
    """
    units = [product.place.code]
    parent_id = product.place.parent_id
    while parent_id is not None:
        parent = session.get_one(Place, parent_id)
        units.insert(0, parent.code)
        parent_id = parent.parent_id
    prefix = "-".join(units) + "-"
    suffix = f"-{on.year}"
    taken = session.scalars(
        select(Certificate.code).where(Certificate.code.startswith(prefix), Certificate.code.endswith(suffix))
    )
    serials = [code.removeprefix(prefix).removesuffix(suffix) for code in taken]
    highest = max((int(serial) for serial in serials if serial.isdecimal()), default=0)
    return f"{prefix}{highest + 1:02d}{suffix}"


def register_old(
    session: Session,
    product: Product,
    *,
    stars: int,
    decision_number: str,
    issued_on: date,
    level: Level,
    code: str | None = None,
) -> Certificate:
    """Enter a certificate of before this software, as its paper says; the same again gives the first one back.

    `code`: the product's code on the paper. Where an earlier paper of the product bears it too, the certificate gets
    one of our own [ours].
    """
    known = session.scalar(
        select(Certificate).where(Certificate.product_id == product.id, Certificate.decision_number == decision_number)
    )
    if known is not None:
        return known
    taken = code is None or session.scalar(select(Certificate.id).where(Certificate.code == code)) is not None
    certificate = Certificate(
        code=next_code(session, product, issued_on) if code is None or taken else code,
        product=product,
        decision_number=decision_number,
        stars=stars,
        regime=regime_for(issued_on, DossierKind.FIRST).code,
        level=level,
        issued_on=issued_on,
        valid_until=certificate_dates(issued_on, issued_on).valid_until,
    )
    session.add(certificate)
    product.code = product.code or code
    session.flush()
    return certificate
