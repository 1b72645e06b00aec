"""Products that no plan names: an old certificate brings its product and producer with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.enums import OrganisationForm
from models.errors import InputError, NotFoundError
from models.names import plain_name
from models.offices.places import commune_now
from models.rounds.product_rows import ProductLine, product_at, product_row
from models.rounds.queries import product_by_name
from models.tables import Place, Product

SETS = range(1, 27)
HOW = 'ghi thêm --commune "xã …" --producer "…" --set N'


@dataclass(frozen=True)
class Unlisted:
    """What is needed to make a product: its commune, its producer and the set of criteria it belongs to."""

    commune: str | None = None
    producer: str | None = None
    criteria_set: int | None = None
    form: OrganisationForm = OrganisationForm.HOUSEHOLD


def product_of_paper(session: Session, name: str, made_by: Unlisted, issued_on: date, today: date) -> Product:
    """The product that an old certificate names; made, with its producer, when it is new and all is said about it.

    Raises:
        NotFoundError: no such product and nothing said about it, or no such commune.
        InputError: no name, too little or something wrong is said about it, or another producer has one of that name.
    """
    given = (made_by.commune, made_by.producer, made_by.criteria_set)
    if given == (None, None, None):
        return _known(session, name)
    if made_by.commune is None or not (made_by.producer or "").strip() or made_by.criteria_set not in SETS:
        raise InputError(
            "Sản phẩm ngoài kế hoạch phải có xã, chủ thể và số bộ tiêu chí (1–26).",
            field="product",
            remedy=f"Hãy {HOW}.",
        )
    if not name:
        raise InputError("Chưa ghi tên sản phẩm.", field="product", remedy="Ghi tên như trên giấy chứng nhận.")
    place = _place(session, made_by.commune, issued_on, today)
    known, maker = product_at(session, name, place.id), (made_by.producer or "").strip()
    if known is None:
        return product_row(session, ProductLine(name, maker, made_by.form, made_by.criteria_set or 0), place.id)
    if plain_name(known.producer.name) != plain_name(maker):
        raise InputError(
            f"«{known.name}» ở {place.title} đã có, của «{known.producer.name}».",
            field="producer",
            remedy="Đúng sản phẩm đó thì bỏ --commune, --producer, --set.",
        )
    return known


def _known(session: Session, name: str) -> Product:
    try:
        return product_by_name(session, name)
    except NotFoundError as error:
        raise NotFoundError(
            f"Không có sản phẩm «{name}».",
            field="product",
            remedy=f"Kiểm tra tên trong kế hoạch (kể cả dấu): ocop plan show; sản phẩm ngoài kế hoạch thì {HOW}.",
        ) from error


def _place(session: Session, name: str, issued_on: date, today: date) -> Place:
    """The commune of today; one that has ended since the paper is the unit that took it over."""
    place = commune_now(session, name, issued_on, today)
    if place is None:
        raise NotFoundError(
            f"Không có xã, thị trấn «{name}».", field="commune", remedy="Sửa tên cho đúng danh mục địa bàn."
        )
    return place
