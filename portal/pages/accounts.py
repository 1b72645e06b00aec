"""The accounts that an administrator or a coordinator looks after."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from models.accounts.listing import PersonAccount, people_with_accounts, person_with_account
from models.enums import Role
from models.paging import LARGEST_PAGE, Page, PageAsked
from portal.acts.accounts import MANAGERS, manager
from portal.desk import Desk
from portal.menu import KEEPING, MENU, Link
from portal.routing import page
from portal.view import View

router = APIRouter()
MENU.append(Link("Tài khoản", "/accounts", MANAGERS, order=84, group=KEEPING))


def accounts_found(desk: Desk, search: str, wanted: PageAsked) -> Page[PersonAccount]:
    """One page of the accounts that the visitor looks after."""
    return people_with_accounts(desk.session, manager(desk), desk.today, desk.real_now, search=search, asked=wanted)


def account_found(desk: Desk, code: str) -> PersonAccount:
    """One of them.

    Raises:
        NotAllowedError: it is none of them.
    """
    return person_with_account(desk.session, code, manager(desk), desk.today, desk.real_now)


@page(router, "/accounts", MANAGERS)
def show_all(view: View) -> Response:
    """People with their accounts, a page at a time."""
    asked = view.request.query_params
    search, number = asked.get("search", ""), asked.get("page", "")
    wanted = PageAsked(min(int(number), LARGEST_PAGE) if number.isdigit() and int(number) else 1)
    rows = accounts_found(view.desk, search, wanted)
    return view.page("accounts/list.html.j2", title="Tài khoản", rows=rows, search=search)


@page(router, "/people/{code}/account", MANAGERS)
def show(view: View, code: str) -> Response:
    """One person's account and what may be done with it."""
    found = account_found(view.desk, code)
    administers = Role.ADMINISTRATOR in view.desk.roles
    return view.page("accounts/show.html.j2", title=f"Tài khoản: {found.name}", found=found, administers=administers)
