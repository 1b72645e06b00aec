"""Finding rounds and products as people name them."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.errors import InputError, NotFoundError
from models.rounds.product_rows import is_called
from models.tables import Product, ProductAlias, Round


def round_by_code(session: Session, code: str) -> Round:
    """The round with this code ("2024-2"), or with code and office ("2024-2-vpdp") where two offices share a code.

    Raises:
        NotFoundError: there is none.
        InputError: several offices have one of this code (plans of before codes were made different).
    """
    query = select(Round).options(joinedload(Round.plan)).order_by(Round.id)
    found = session.scalars(query.where(Round.code == code)).all()
    found = found or [r for r in session.scalars(query) if code_with_office(r) == code]
    if not found:
        known = ", ".join(session.scalars(select(Round.code).order_by(Round.code))) or "chưa có đợt nào"
        raise NotFoundError(f"Không có đợt «{code}».", field="round", remedy=f"Các đợt đang có: {known}.")
    if len(found) > 1:
        whose = "; ".join(f"{code_with_office(r)} của {r.plan.home.name}" for r in found)
        raise InputError(f"Có {len(found)} đợt mã «{code}».", field="round", remedy=f"Ghi mã kèm đơn vị: {whose}.")
    return found[0]


def code_with_office(round_: Round) -> str:
    """The code of a round made different from that of another office: "2024-2-vpdp"."""
    return f"{round_.plan.year}-{round_.number}-{round_.plan.home.code}"


def product_by_name(session: Session, name: str) -> Product:
    """The product with this name or alias.

    Raises:
        NotFoundError: there is none.
        InputError: several producers have one of this name.
    """
    query = select(Product).where(
        or_(Product.name == name, Product.aliases.any(ProductAlias.name == name), Product.code == name)
    )
    found = session.scalars(query.order_by(Product.id)).all() or _spelt_otherwise(session, name)
    if not found:
        raise NotFoundError(
            f"Không có sản phẩm «{name}».",
            field="product",
            remedy="Kiểm tra tên trong kế hoạch (kể cả dấu): ocop plan show.",
        )
    if len(found) > 1:
        makers = "; ".join(p.producer.name for p in found)
        raise InputError(
            f"Có {len(found)} sản phẩm tên «{name}» ({makers}).", field="product", remedy="Dùng mã sản phẩm."
        )
    return found[0]


def _spelt_otherwise(session: Session, name: str) -> list[Product]:
    # SQLite knows small letters of ASCII only, so names are compared here; asked only when no name fits as written.
    query = select(Product).options(selectinload(Product.aliases)).order_by(Product.id)
    return [product for product in session.scalars(query) if is_called(product, name)]
