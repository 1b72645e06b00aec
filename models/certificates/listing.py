"""The register of certificates as a list: all, or searched, filtered and in pages (`ocop certificate list`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select, true
from sqlalchemy.orm import Session, aliased, joinedload

from models.certificates.life import CertificateState, certificate_dates
from models.certificates.register import (
    WITHOUT_RESULT,
    PendingRenewal,
    RegisterRow,
    Standing,
    register_row,
    standing_of,
    waiting_words,
)
from models.enums import ItemStatus
from models.offices.history import PlacesThen
from models.paging import Page, PageAsked
from models.regimes.kinds import DossierKind
from models.searching import contains
from models.tables import Certificate, Dossier, DossierAttempt, Producer, Product, WorkItem

BATCH = 500
"""Rows that are written out at once."""

FARTHEST = 100 * 365
"""Days: what ends later than in a hundred years is wanted by any larger number too."""


@dataclass(frozen=True)
class RegisterFilter:
    """Which certificates are wanted. `search`: words of product, producer or code, accents or not.

    `ending`: those that still count and end within so many days. `commune_id` is a place of today; `year` is that of
    issue.
    """

    search: str = ""
    state: CertificateState | None = None
    ending: int | None = None
    stars: int | None = None
    commune_id: int | None = None
    year: int | None = None


def register(
    session: Session,
    on: date,
    *,
    ending: int | None = None,
    state: CertificateState | None = None,
    visible: ColumnElement[bool] | None = None,
) -> list[RegisterRow]:
    """All certificates issued by `on`, the first to end first; those of a state, or that end within `ending` days.

    `visible`: only these (a condition on `Certificate`).
    """
    stands = _standings(session, RegisterFilter(ending=ending, state=state), on, visible)
    ids = list(stands)
    batches = (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
    return [row for batch in batches for row in _rows(session, batch, stands, on)]


def register_page(
    session: Session, on: date, wanted: RegisterFilter, asked: PageAsked, visible: ColumnElement[bool] | None = None
) -> Page[RegisterRow]:
    """One page of the certificates that are wanted, the first to end first; only those that are `visible`."""
    stands = _standings(session, wanted, on, visible)
    page = Page.of(list(stands), asked)
    return Page(_rows(session, page.items, stands, on), page.total, page.page, page.size)


def years_of_issue(session: Session, visible: ColumnElement[bool]) -> list[int]:
    """The years in which certificates that are `visible` were issued, the latest first."""
    days = session.scalars(select(Certificate.issued_on).where(visible).distinct())
    return sorted({day.year for day in days}, reverse=True)


def _standings(
    session: Session, wanted: RegisterFilter, on: date, visible: ColumnElement[bool] | None = None
) -> dict[int, Standing]:
    """Where each certificate stands that is wanted, by id, in the order of the register."""
    query = (
        select(
            Certificate.id,
            Certificate.product_id,
            Certificate.issued_on,
            Certificate.valid_until,
            Certificate.revoked_on,
            Certificate.replaced_on,
        )
        .where(Certificate.issued_on <= on, *_conditions(wanted, on), true() if visible is None else visible)
        .order_by(Certificate.valid_until, Certificate.code)
    )
    rows = session.execute(query).all()
    renewals = _renewals(session, _products(wanted, on), on)
    # Certificates of one decision share their dates: they are computed once.
    dates = cache(partial(certificate_dates, on=on))
    stands = {}
    for row in rows:
        of_this = dates(row.issued_on, revoked_on=row.revoked_on, replaced_on=row.replaced_on)
        stands[row.id] = standing_of(of_this, _pending(renewals.get(row.product_id, ()), row, on))
    return {number: stand for number, stand in stands.items() if _wanted(stand, wanted, on)}


def _conditions(wanted: RegisterFilter, on: date) -> list[ColumnElement[bool]]:
    """What the database can tell; the state and the last day of an extension it cannot."""
    found: list[ColumnElement[bool]] = []
    if wanted.search.strip():
        names = [Product.__table__.c.name_folded, Producer.__table__.c.name_folded]
        products_found = select(Product.id).join(Producer).where(contains(wanted.search, names, []))
        code = contains(wanted.search, [], [Certificate.__table__.c.code])
        found.append(Certificate.product_id.in_(products_found) | code)
    if wanted.commune_id is not None:
        found.append(Certificate.product_id.in_(select(Product.id).where(Product.place_id == wanted.commune_id)))
    if wanted.stars is not None:
        found.append(Certificate.stars == wanted.stars)
    if wanted.year is not None:
        found.append(Certificate.issued_on.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    if wanted.ending is not None:
        found.append(Certificate.valid_until <= on + timedelta(days=min(wanted.ending, FARTHEST)))
    return found


def _wanted(stands: Standing, wanted: RegisterFilter, on: date) -> bool:
    if wanted.state is not None and stands.state is not wanted.state:
        return False
    return wanted.ending is None or (not stands.state.is_over and (stands.ends_on - on).days <= wanted.ending)


def _products(wanted: RegisterFilter, on: date) -> Select[tuple[int]]:
    return select(Certificate.product_id).where(Certificate.issued_on <= on, *_conditions(wanted, on))


def _renewals(session: Session, products: Select[tuple[int]], on: date) -> dict[int, list[Row[Any]]]:
    """The attempts of re-evaluations received by `on` that had no result then, by product, the first received first."""
    latest = aliased(DossierAttempt)
    number = select(func.max(DossierAttempt.number)).where(DossierAttempt.dossier_id == Dossier.id)
    query = (
        select(Dossier.product_id, Dossier.code, DossierAttempt.received_on)
        .join(DossierAttempt, DossierAttempt.dossier_id == Dossier.id)
        .join(
            latest,
            and_(latest.dossier_id == Dossier.id, latest.number == number.correlate(Dossier).scalar_subquery()),
        )
        .where(
            Dossier.kind == DossierKind.RENEWAL,
            Dossier.product_id.in_(products),
            DossierAttempt.received_on <= on,
            latest.status.in_(WITHOUT_RESULT) | (latest.ended_on > on),
        )
        .order_by(DossierAttempt.received_on, DossierAttempt.id)
    )
    found: dict[int, list[Row[Any]]] = {}
    for row in session.execute(query):
        found.setdefault(row.product_id, []).append(row)
    return found


def _pending(renewals: Sequence[Row[Any]], certificate: Row[Any], on: date) -> PendingRenewal | None:
    """The first that was handed in while the certificate was valid."""
    until = min(on, certificate.valid_until)
    for row in renewals:
        if certificate.issued_on <= row.received_on <= until:
            return PendingRenewal(row.code, row.received_on)
    return None


def _rows(session: Session, ids: list[int], stands: dict[int, Standing], on: date) -> list[RegisterRow]:
    among = select(Certificate.id).where(Certificate.id.in_(ids))
    query = (
        select(Certificate)
        .options(joinedload(Certificate.product).options(joinedload(Product.producer), joinedload(Product.place)))
        .where(Certificate.id.in_(ids))
    )
    found = {certificate.id: certificate for certificate in session.scalars(query)}
    places = PlacesThen(session, select(Certificate.product_id).where(Certificate.id.in_(among)))
    waiting: dict[int, list[str]] = {}
    items = select(WorkItem).where(WorkItem.certificate_id.in_(among), WorkItem.status == ItemStatus.OPEN)
    for item in session.scalars(items.order_by(WorkItem.due_on, WorkItem.id)):
        waiting.setdefault(item.certificate_id or 0, []).append(waiting_words(item))
    rows = []
    for number in ids:
        certificate = found[number]
        commune = places.title(certificate.product_id, certificate.product.place.title, on)
        rows.append(register_row(certificate, stands[number], on, commune, waiting.get(number, [])))
    return rows
