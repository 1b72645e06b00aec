"""Where a product was on a day: units merge, so its place of today is not the one of old reports (0005)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Place, Product, UnitTransfer


def product_subject(product: Product) -> str:
    """The name under which moves of a product are kept."""
    return f"product:{product.id}"


def place_as_of(session: Session, product: Product, day: date) -> Place:
    """The place of a product as people named it on `day`: that before the first move after the day."""
    moved = session.scalar(
        select(UnitTransfer.from_id)
        .where(UnitTransfer.subject == product_subject(product), UnitTransfer.moved_on > day)
        .order_by(UnitTransfer.moved_on)
        .limit(1)
    )
    return product.place if moved is None else session.get_one(Place, moved)
