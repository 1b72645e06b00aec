"""My work: what waits for the person who is there."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from models.work_items.queries import item_rows
from portal.access import SIGNED_IN
from portal.routing import page
from portal.view import MENU, Link, View

router = APIRouter()
MENU.append(Link("Việc của tôi", "/", SIGNED_IN, order=10))


@page(router, "/", SIGNED_IN)
def my_work(view: View) -> Response:
    """Open items that the visitor may close, in due order."""
    desk = view.desk
    rows = item_rows(desk.session, desk.today, mine=desk.held)
    return view.page("home.html.j2", title="Việc của tôi", rows=rows, late=sum(row.late for row in rows))
