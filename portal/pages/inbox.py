"""The inbox: what the visitor was told, the latest first."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from models.notifications.inbox import InboxRow, inbox_page
from models.notifications.links import base_address
from portal.access import SIGNED_IN
from portal.asked import page_number
from portal.menu import MENU, Link
from portal.routing import page
from portal.view import View

router = APIRouter()
MENU.append(Link("Thông báo", "/inbox", SIGNED_IN, order=15))


@page(router, "/inbox", SIGNED_IN)
def show(view: View, new: str = "", page: str = "1") -> Response:
    """All notifications, or the new ones."""
    desk = view.desk
    found = inbox_page(desk.session, desk.person, page_number(page), unread_only=bool(new))
    base = base_address(desk.session)
    rows = [(row, _within(row, base)) for row in found.items]
    return view.page("inbox.html.j2", title="Thông báo", found=found, rows=rows, new=new)


def _within(row: InboxRow, base: str) -> str:
    """Where in the portal the matter is; nothing for links that lead elsewhere."""
    path = row.link.removeprefix(base)
    return path if row.link.startswith(base) and not path.startswith("/runs") else ""
