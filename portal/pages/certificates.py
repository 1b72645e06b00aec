"""The register of certificates, and one certificate with its life."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import select
from starlette.responses import Response

from models.access.certificates import certificate_seen, certificates_visible
from models.addresses import from_address
from models.certificates.life import CertificateState
from models.certificates.listing import RegisterFilter, register_page, years_of_issue
from models.certificates.register import ENDING_DAYS, RegisterRow
from models.certificates.revoking import check_may_decide
from models.certificates.showing import certificate_life
from models.documents.seeing import papers_of_certificate
from models.enums import Role
from models.paging import Page, PageAsked
from models.regimes import load_regime
from models.tables import Certificate, Place, Product
from portal import asked
from portal.access import CASES
from portal.acts import certificates as acts
from portal.acts.capacities import passes
from portal.desk import Desk
from portal.menu import MENU, Link
from portal.routing import page
from portal.view import View

router = APIRouter()
MENU.append(Link("Giấy chứng nhận", "/certificates", CASES, order=45))


@page(router, "/certificates", CASES)
def register(
    view: View,
    q: str = "",
    state: str = "",
    ending: str = "",
    stars: str = "",
    commune: str = "",
    year: str = "",
    page: str = "1",
) -> Response:
    """The certificates that concern the visitor."""
    desk = view.desk
    asked_for = {"q": q, "state": state, "ending": ending, "stars": stars, "commune": commune, "year": year}
    wanted = wanted_of(**asked_for)
    found = visible_page(desk, wanted, asked.page_number(page))
    visible = certificates_visible(desk.session, [held.capacity for held in desk.held])
    places = select(Product.place_id).join(Certificate).where(visible)
    communes = desk.session.scalars(select(Place).where(Place.id.in_(places)).order_by(Place.name)).all()
    return view.page(
        "certificates/list.html.j2",
        title="Sổ giấy chứng nhận",
        found=found,
        asked=asked_for,
        filtered=any(asked_for.values()),
        states=list(CertificateState),
        communes=communes,
        years=years_of_issue(desk.session, visible),
        soon=ENDING_DAYS,
        may_enter=Role.COORDINATOR in desk.roles,
    )


def wanted_of(*, q: str, state: str, ending: str, stars: str, commune: str, year: str) -> RegisterFilter:
    """What the address asks for.

    Raises:
        InputError: a number or a state that is none.
    """
    year_of = asked.number(year, "year")
    return RegisterFilter(
        search=q,
        state=asked.one_of(CertificateState, state, "state"),
        ending=asked.number(ending, "ending"),
        stars=asked.number(stars, "stars"),
        commune_id=asked.number(commune, "commune"),
        year=year_of if year_of is None else min(max(year_of, 1), 9998),
    )


def visible_page(desk: Desk, wanted: RegisterFilter, page_asked: PageAsked) -> Page[RegisterRow]:
    """One page of the certificates that concern the visitor."""
    visible = certificates_visible(desk.session, [held.capacity for held in desk.held])
    return register_page(desk.session, desk.today, wanted, page_asked, visible)


@page(router, "/certificates/{code}", CASES)
def show(view: View, code: str) -> Response:
    """One certificate."""
    desk, code = view.desk, from_address(code)
    certificate = certificate_seen(desk.session, [held.capacity for held in desk.held], code)
    life = certificate_life(desk.session, code, max(desk.today, certificate.issued_on))
    return view.page(
        "certificates/show.html.j2",
        title=f"Giấy chứng nhận {code}",
        life=life,
        row=life.certificate,
        law=load_regime(life.law),
        may=_may(desk, life.certificate.state, certificate),
        finding=next((line for line in life.revocations if line.closed_on is None), None),
        renewing=any(line.closed_on is None for line in life.renewals),
        audit=Role.AUDITOR in desk.roles,
        subject=f"certificate:{certificate.id}",
        papers=papers_of_certificate(desk.session, desk.capacities, certificate),
    )


def _may(desk: Desk, state: str, certificate: Certificate) -> dict[str, bool]:
    """Which acts the page offers; whether one is done the domain says once more."""
    over = CertificateState(state).is_over
    offered = {
        "renew": acts.HANDERS_IN, "inspect": acts.ASKERS, "find": acts.FINDERS,
    }  # fmt: skip
    decides = passes(lambda who: check_may_decide(desk.session, certificate, who, desk.today))
    deciders = desk.choices_in(*acts.DECIDERS)
    may = {name: not over and bool(set(roles) & desk.roles) for name, roles in offered.items()}
    return may | {"decide": not over and any(decides(one.actor) for one in deciders)}
