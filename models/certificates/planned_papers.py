"""Old certificates that a plan mentions: which of them the register does not have yet."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.rounds.plan_form import OldCertificate
from models.tables import Certificate, Product, ProductAlias


def not_in_register(session: Session, lines: Iterable[OldCertificate]) -> list[OldCertificate]:
    """The lines without a certificate of that product with that decision or day."""
    return [line for line in lines if not _entered(session, line)]


def _entered(session: Session, line: OldCertificate) -> bool:
    query = (
        select(Certificate.id)
        .join(Product)
        .where(
            or_(Product.name == line.name, Product.aliases.any(ProductAlias.name == line.name)),
            or_(Certificate.decision_number == line.decision, Certificate.issued_on == line.decided),
        )
    )
    return session.scalars(query).first() is not None


def how_to_enter(session: Session, line: OldCertificate) -> str:
    """The command that enters the line; of a product that is not known yet the producer and set are to be filled in."""
    words = f'ocop certificate enter "{line.name}" --stars {line.stars} --decision "{line.decision}"'
    words += f" --issued {line.decided:%Y-%m-%d}"
    called = or_(Product.name == line.name, Product.aliases.any(ProductAlias.name == line.name))
    if session.scalars(select(Product.id).where(called)).first() is None:
        words += f' --commune "{line.commune or "xã …"}" --producer "…" --set N'
    return words
