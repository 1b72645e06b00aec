"""People: who acts as what, and how they are reached."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import Response

from models.accounts.managed import check_may_manage
from models.enums import Role
from models.offices.people import person_of_code
from models.offices.people_list import PersonCard, PersonLine, people_page, person_card
from models.paging import Page, PageAsked
from portal import asked
from portal.access import of
from portal.acts.capacities import passes
from portal.acts.people import KEEPERS
from portal.desk import Desk
from portal.menu import KEEPING, MENU, Link
from portal.routing import page
from portal.view import View

router = APIRouter()
LOOKERS = of(Role.COORDINATOR, Role.ADMINISTRATOR, Role.AUDITOR)
MENU.append(Link("Người dùng", "/people", LOOKERS, order=82, group=KEEPING))


def people_found(desk: Desk, q: str, role: str, page_asked: PageAsked) -> Page[PersonLine]:
    """One page of the people who are wanted."""
    return people_page(desk.session, desk.today, page_asked, search=q, role=asked.one_of(Role, role, "role"))


def card_for(desk: Desk, code: str) -> tuple[PersonCard, bool]:
    """One person, and whether the visitor looks after them; how they are reached is for those only.

    Raises:
        NotFoundError: there is none.
    """
    card, person = person_card(desk.session, code, desk.today), person_of_code(desk.session, code)
    may = passes(lambda who: check_may_manage(desk.session, person, who, desk.today))
    manages = any(may(one.actor) for one in desk.choices_in(*KEEPERS))
    return (card if manages else replace(card, email=None, phone=None, channels=[])), manages


@page(router, "/people", LOOKERS)
def people(view: View, q: str = "", role: str = "", page: str = "1") -> Response:
    """Everybody, or those who were asked for."""
    found = people_found(view.desk, q, role, asked.page_number(page))
    return view.page(
        "people/list.html.j2", title="Người dùng", found=found, q=q, role=role,
        roles=[one for one in Role if one is not Role.SYSTEM], may_add=bool(set(KEEPERS) & view.desk.roles),
    )  # fmt: skip


@page(router, "/people/{code}", LOOKERS)
def person(view: View, code: str) -> Response:
    """One person."""
    card, manages = card_for(view.desk, code)
    keeper = bool(set(KEEPERS) & view.desk.roles)
    return view.page("people/show.html.j2", title=card.name, card=card, manages=manages, keeper=keeper)
