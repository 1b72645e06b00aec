"""Producers and their products."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from models.enums import OrganisationForm
from models.searching import folded, folded_name
from models.tables.base import Base
from models.tables.people import Place


class FoundByName:
    """What producers and products share: `name_folded` is `name` as it is typed without accents, to be searched."""

    name: Mapped[str]
    name_folded: Mapped[str] = mapped_column(default=folded_name, server_default="")

    @validates("name")
    def _fold(self, _key: str, name: str) -> str:
        self.name_folded = folded(name)
        return name


class Producer(FoundByName, Base):
    """One producer (chủ thể): the household, co-operative or company that registers products."""

    __tablename__ = "producers"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    form: Mapped[OrganisationForm]
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), index=True)
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str | None]
    email: Mapped[str | None]
    representative: Mapped[str] = mapped_column(default="")
    representative_post: Mapped[str] = mapped_column(default="")
    representative_sex: Mapped[str | None]
    representative_ethnic_group: Mapped[str | None]
    registration_number: Mapped[str | None]
    registered_on: Mapped[date | None]

    place: Mapped[Place] = relationship()
    products: Mapped[list[Product]] = relationship(back_populates="producer")


class Product(FoundByName, Base):
    """One product of one producer, under the name that stands on its papers."""

    __tablename__ = "products"
    __table_args__ = (UniqueConstraint("producer_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"), index=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), index=True)
    name: Mapped[str] = mapped_column(index=True)
    criteria_set: Mapped[int]
    code: Mapped[str | None] = mapped_column(unique=True)

    producer: Mapped[Producer] = relationship(back_populates="products")
    place: Mapped[Place] = relationship()
    aliases: Mapped[list[ProductAlias]] = relationship(back_populates="product", cascade="all, delete-orphan")


class ProductAlias(Base):
    """One other spelling under which a product is found (Lâm Thẩm / Lâm Thắm)."""

    __tablename__ = "product_aliases"
    __table_args__ = (UniqueConstraint("product_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    name: Mapped[str] = mapped_column(index=True)

    product: Mapped[Product] = relationship(back_populates="aliases")
