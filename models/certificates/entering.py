"""Entering certificates of before this software, so that upgrades, renewals and notices can build on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import audit
from models.actors import Actor
from models.certificates.codes import check_code
from models.certificates.issuing import register_old
from models.certificates.replacing import settle_replacements
from models.certificates.telling import certificate_subject
from models.certificates.unlisted import Unlisted, product_of_paper
from models.clock import vn_date
from models.enums import Level, Role
from models.errors import ConflictError, InputError, NotAllowedError
from models.offices.owning import check_own_office, office_of
from models.regimes import regime_for, regime_in_force
from models.regimes.kinds import DossierKind
from models.tables import Certificate, Product


@dataclass(frozen=True)
class Paper:
    """What an old certificate says. `level`: who issued it, by the law of its day when not given.

    `code`: the product's code on it.
    """

    stars: int
    decision_number: str
    issued_on: date
    level: Level | None = None
    code: str | None = None


def enter_certificate(
    session: Session,
    product: str,
    paper: Paper,
    who: Actor,
    now: datetime,
    unlisted: Unlisted | None = None,
) -> Certificate:
    """Enter a certificate as its paper says; the same again changes nothing.

    `unlisted`: of a product that no plan names. Raises as `enter_for`, and:
        NotFoundError: no such product, or no such commune.
        InputError: too little is said about a new product.
    """
    check_paper(paper, who, now)
    row = product_of_paper(session, product.strip(), unlisted or Unlisted(), paper.issued_on, vn_date(now))
    return enter_for(session, row, paper, who, now)


def check_paper(paper: Paper, who: Actor, now: datetime) -> None:
    """Refuse what is no certificate, before anything is looked up.

    Raises:
        NotAllowedError: not a coordinator.
        InputError: no decision number, a day to come or before the programme, or stars outside 3–5.
    """
    if who.role is not Role.COORDINATOR:
        raise NotAllowedError(
            "Chỉ cán bộ điều phối được ghi giấy chứng nhận cũ.", field="actor", remedy="Dùng vai trò điều phối."
        )
    regime_in_force(paper.issued_on, field="issued")  # before the programme: refused on the field that is wrong
    granting = regime_for(paper.issued_on, DossierKind.FIRST).grants.get(paper.stars)
    if not paper.decision_number.strip() or granting is None or paper.issued_on > vn_date(now):
        raise InputError(
            "Giấy chứng nhận cũ phải có số quyết định, hạng 3–5 sao và ngày cấp không sau hôm nay.",
            field="certificate",
            remedy="Ghi đúng như trên giấy.",
        )


def enter_for(session: Session, product: Product, paper: Paper, who: Actor, now: datetime) -> Certificate:
    """Enter a certificate of a product that is there; the same again changes nothing.

    Of several certificates of the product the later issued replaces the earlier, in whichever order they are entered.

    Raises:
        NotAllowedError, InputError: as `check_paper`, not a coordinator of the product's office, or a product code that
            is none.
        ConflictError: the decision is entered already with other facts, or the same facts under another decision;
            or the product code is another product's.
    """
    check_paper(paper, who, now)
    check_own_office(session, office_of(session, product), who, "ghi giấy chứng nhận của sản phẩm này")
    number, granting = paper.decision_number.strip(), regime_for(paper.issued_on, DossierKind.FIRST).grants[paper.stars]
    code = check_code(session, paper.code, product) if paper.code else None
    known = _entered_before(session, product, number, paper.stars, paper.issued_on)
    certificate = register_old(
        session,
        product,
        stars=paper.stars,
        decision_number=number,
        issued_on=paper.issued_on,
        level=paper.level or Level(granting.value),
        code=code,
    )
    replaced = settle_replacements(session, product, now)
    if known is None:
        facts = {
            "code": certificate.code,
            "stars": paper.stars,
            "decision": number,
            "replaces": [one.code for one in replaced],
        }
        audit.record(session, who, "certificate.entered", certificate_subject(certificate), now, data=facts)
    return certificate


def _entered_before(session: Session, product: Product, number: str, stars: int, issued_on: date) -> Certificate | None:
    """The same certificate, if it is there; a likely second entry of one paper is refused."""
    of_product = select(Certificate).where(Certificate.product_id == product.id).order_by(Certificate.id)
    known = session.scalar(of_product.where(Certificate.decision_number == number))
    if known is not None and (known.stars, known.issued_on) != (stars, issued_on):
        raise ConflictError(
            f"Quyết định {number} của «{product.name}» đã được ghi với {known.stars} sao, "
            f"ngày {known.issued_on:%d/%m/%Y}.",
            field="decision_number",
            remedy=f"Kiểm tra lại giấy; giấy đã ghi mang mã {known.code}.",
        )
    twin = session.scalar(of_product.where(Certificate.stars == stars, Certificate.issued_on == issued_on))
    if known is None and twin is not None:
        raise ConflictError(
            f"«{product.name}» đã có giấy {stars} sao cấp ngày {issued_on:%d/%m/%Y} (mã {twin.code}) theo quyết định "
            f"{twin.decision_number}; có lẽ là cùng một giấy.",
            field="decision_number",
            remedy="Kiểm tra lại số quyết định và ngày cấp trên giấy.",
        )
    return known
