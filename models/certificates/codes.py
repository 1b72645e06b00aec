"""Codes of products on their certificates: the form of each era, and what looks odd about one (never a refusal)."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import ConflictError, InputError
from models.offices.history import place_as_of
from models.offices.places import predecessors
from models.regimes import regime_for
from models.regimes.kinds import DossierKind
from models.regimes.parts import CodePart
from models.tables import Certificate, Place, Product

WRITTEN = re.compile(r"^[0-9A-Za-zĐđ][0-9A-Za-zĐđ./_-]{2,39}$")
"""What a code of any era may be made of [ours]."""

DIGITS = {
    CodePart.PROVINCE: r"\d{2}",
    CodePart.DISTRICT: r"\d{3}",
    CodePart.COMMUNE: r"\d{5}",
    CodePart.SERIAL: r"\d{1,4}",
    CodePart.YEAR: r"\d{4}",
}


def check_code(session: Session, code: str, product: Product) -> str:
    """The code without spaces around it, if it may be the product's.

    Raises:
        InputError: signs that no code has.
        ConflictError: it is the code of another product.
    """
    plain = code.strip()
    if not WRITTEN.match(plain):
        raise InputError(
            f"«{code}» không phải mã sản phẩm.",
            field="product_code",
            remedy="Ghi mã như trên giấy: chữ, số và dấu gạch, ví dụ 38-395-15538-01-2024.",
        )
    owner = session.scalar(select(Product).where(Product.code == plain))
    paper = session.scalar(select(Certificate).where(Certificate.code == plain))
    other = owner if owner is not None and owner is not product else None
    if other is None and paper is not None and paper.product_id != product.id:
        other = paper.product
    if other is not None:
        raise ConflictError(
            f"Mã «{plain}» là của «{other.name}» ({other.producer.name}).",
            field="product_code",
            remedy="Kiểm tra lại mã trên giấy.",
        )
    return plain


def odd_about(session: Session, code: str, product: Product, issued_on: date) -> list[str]:
    """What of a code does not fit its era, in sentences; empty when nothing, or when its era has no known form."""
    parts = regime_for(issued_on, DossierKind.FIRST).product_code
    if not parts:
        return []
    match = re.fullmatch("-".join(f"(?P<{part}>{DIGITS[part]})" for part in parts), code)
    if match is None:
        form = "-".join(part.label for part in parts)
        return [f"Mã «{code}» không theo dạng của thời kỳ cấp ({form})."]
    return _unfit(session, match.groupdict(), product, issued_on)


def _unfit(session: Session, given: dict[str, str], product: Product, issued_on: date) -> list[str]:
    found = []
    if given[CodePart.YEAR] != str(issued_on.year):
        found.append(f"Năm trong mã là {given[CodePart.YEAR]}, giấy cấp năm {issued_on.year}.")
    place = place_as_of(session, product, issued_on)
    units = _units(session, place)
    for part in (CodePart.PROVINCE, CodePart.DISTRICT, CodePart.COMMUNE):
        if part in given and given[part] not in units:
            found.append(f"{part.label.capitalize()} trong mã là {given[part]}, không phải của {place.title}.")
    return found


def _units(session: Session, place: Place) -> set[str]:
    """The codes of a place and all above it, those of before it was made from several too."""
    found = set[str]()
    for one in [place.id, *predecessors(session, place.id)]:
        at: Place | None = session.get_one(Place, one)
        while at is not None:
            found.add(at.code)
            at = session.get(Place, at.parent_id) if at.parent_id is not None else None
    return found
