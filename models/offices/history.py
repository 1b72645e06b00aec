"""Where a product was on a day, and which office held what: names of today are not those of old reports (0005)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import DossierAttempt, Office, Place, Product, UnitTransfer

PRODUCT_SUBJECT = "product:"


def product_subject(product: Product) -> str:
    """The name under which moves of a product are kept."""
    return f"{PRODUCT_SUBJECT}{product.id}"


def place_as_of(session: Session, product: Product, day: date) -> Place:
    """The place of a product as people named it on `day`: that before the first move after the day."""
    moved = _before_move(session, product_subject(product), day)
    return product.place if moved is None else session.get_one(Place, moved)


def place_of_attempt(session: Session, attempt: DossierAttempt) -> Place:
    """The place of the attempt's product: that of the day on which the attempt ended; of today while it goes on."""
    product = attempt.dossier.product
    return product.place if attempt.ended_on is None else place_as_of(session, product, attempt.ended_on)


def office_as_of(session: Session, subject: str, present: Office, day: date) -> Office:
    """The office that held `subject` (`plan:3`, `item:12`, `dossier:7`) on `day`, of which `present` has it now."""
    moved = _before_move(session, subject, day)
    return present if moved is None else session.get_one(Office, moved)


def _before_move(session: Session, subject: str, day: date) -> int | None:
    return session.scalar(
        select(UnitTransfer.from_id)
        .where(UnitTransfer.subject == subject, UnitTransfer.moved_on > day)
        .order_by(UnitTransfer.moved_on)
        .limit(1)
    )
