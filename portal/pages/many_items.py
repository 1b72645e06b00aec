"""Open items in a list to choose from, to do the same to several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from models.access.open_items import open_items
from models.enums import Role
from models.paging import LARGEST_PAGE, PageAsked
from portal.access import CASES, PEOPLE, Access
from portal.acts.many_items import PREVIEW_ACT
from portal.acts.pages import form_page
from portal.menu import MENU, ROUNDS, Link
from portal.rendering import query
from portal.routing import page
from portal.view import View

router = APIRouter()
MENU.append(
    Link(
        "Nhiều việc", "/items", Access(PEOPLE - {Role.ADMINISTRATOR, Role.PRODUCER}), order=28, group=ROUNDS, alone=True
    )
)
SIZE = 50


@page(router, "/items", CASES)
def show(view: View) -> Response:
    """The items, each with a box to tick, and what may be done to those that are ticked."""
    context = {"title": "Nhiều việc"} | dict(list_context(view))
    return view.page("items/list.html.j2", page=form_page(PREVIEW_ACT, view, {}), **context)


def list_context(view: View) -> Mapping[str, Any]:
    """The items of the list, as its address asks for them."""
    desk, asked = view.desk, view.request.query_params
    unit, late = asked.get("of") == "unit", asked.get("late") == "1"
    number = asked.get("page", "")
    wanted = PageAsked(min(int(number), LARGEST_PAGE) if number.isdigit() and int(number) else 1, SIZE)
    rows = open_items(desk.session, desk.held, desk.today, whole_unit=unit, late=late, asked=wanted)

    def address(path: str, *, of: bool = unit, only_late: bool = late, at: int | None = None) -> str:
        return path + query(of="unit" if of else None, late=only_late and "1", page=at)

    return {"rows": rows, "unit": unit, "late": late, "address": address}
