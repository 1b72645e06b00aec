"""Products and their producers as a line of the plan, or an old certificate, names them: found, or made once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.enums import OrganisationForm
from models.names import plain_name
from models.offices.history import PRODUCT
from models.offices.places import predecessors
from models.tables import Producer, Product, ProductAlias, UnitTransfer


@dataclass(frozen=True)
class ProductLine:
    """One product as it is written down; `producer` may be missing, it is then completed at registration."""

    name: str
    producer: str | None
    form: OrganisationForm
    criteria_set: int
    aliases: Iterable[str] = ()


def product_at(session: Session, name: str, place_id: int) -> Product | None:
    """The product of this name or alias, however it is spelt, in the commune or one it took over (or was in then)."""
    places = [place_id, *predecessors(session, place_id)]
    here = or_(Product.place_id.in_(places), Product.id.in_(_moved_from(session, places)))
    of_place = session.scalars(select(Product).where(here).order_by(Product.id))
    return next((product for product in of_place if is_called(product, name)), None)


def is_called(product: Product, name: str) -> bool:
    """Whether this is the product's name or an alias; capitals, spaces and the form of accents make no other name."""
    wanted = plain_name(name)
    return any(plain_name(known) == wanted for known in (product.name, *(alias.name for alias in product.aliases)))


def _moved_from(session: Session, places: Sequence[int]) -> list[int]:
    """The products that were in these places when the places ended."""
    query = select(UnitTransfer.subject).where(
        UnitTransfer.from_id.in_(places), UnitTransfer.subject.like(f"{PRODUCT}%")
    )
    return [int(subject.removeprefix(PRODUCT)) for subject in session.scalars(query)]


def product_row(session: Session, line: ProductLine, place_id: int) -> Product:
    """The product in the commune, made with its producer when it is not there; new aliases are added."""
    product = product_at(session, line.name, place_id)
    if product is None:
        product = Product(
            producer=_producer_row(session, line, place_id),
            place_id=place_id,
            name=line.name,
            criteria_set=line.criteria_set,
        )
        session.add(product)
    product.aliases.extend(ProductAlias(name=alias) for alias in line.aliases if not is_called(product, alias))
    session.flush()
    return product


def provisional_maker(product: str) -> str:
    """How a producer is called of whom only the product is known."""
    return f"Cơ sở sản xuất {product}"


def _producer_row(session: Session, line: ProductLine, place_id: int) -> Producer:
    # The plan of an office often names the product only; the producer is completed at registration.
    name = provisional_maker(line.name) if line.producer is None else line.producer
    producer = session.scalar(select(Producer).where(Producer.name == name, Producer.place_id == place_id))
    return producer or new_producer(session, line, place_id)


def new_producer(session: Session, line: ProductLine, place_id: int) -> Producer:
    """A producer with the next free code."""
    number = (session.scalar(select(func.max(Producer.id))) or 0) + 1
    name = provisional_maker(line.name) if line.producer is None else line.producer
    producer = Producer(code=f"ct{number:04d}", name=name, form=line.form, place_id=place_id)
    session.add(producer)
    session.flush()
    return producer
