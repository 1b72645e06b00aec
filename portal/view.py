"""One page being made: the desk, the request, and what every page shows around its own content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from models.actors import Held
from models.notifications.inbox import unread_count
from portal import cookies
from portal.desk import Desk
from portal.menu import menu_of
from portal.rendering import render


@dataclass
class View:
    """One page for one visitor."""

    desk: Desk
    request: Request

    def page(self, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """The page made of `template`, with the frame around it."""
        response = render(template, self.frame() | context, status=status)
        if cookies.is_there(self.request, cookies.FLASH):
            cookies.drop(response, cookies.FLASH)
        return response

    def part(self, template: str, **context: Any) -> HTMLResponse:
        """A part of a page, without the frame, for htmx to put in place."""
        return render(template, {"desk": self.desk, "visitor": self.desk.somebody, "today": self.desk.today} | context)

    def frame(self) -> dict[str, Any]:
        """What `base.html.j2` needs."""
        desk = self.desk
        return {
            "desk": desk,
            "visitor": desk.somebody,
            "today": desk.today,
            "nav": menu_of(desk.roles, self.request.url.path),
            "held_roles": list(dict.fromkeys(_in_words(held) for held in desk.held)),
            "unread": unread_count(desk.session, desk.visitor.person_id) if desk.somebody is not None else 0,
            "flash": cookies.take(self.request, cookies.FLASH, seconds=cookies.FLASH_SECONDS),
            "simulated": desk.simulated,
            "title": "",
        }


def _in_words(held: Held) -> str:
    """`Cán bộ cấp xã, UBND xã Thọ Diên`, with whom the person stands in for."""
    capacity = held.capacity
    where = f", {capacity.office.name}" if capacity.office is not None else ""
    instead = f" (thay mặt {held.delegation.from_person.name})" if held.delegation is not None else ""
    return f"{capacity.role.label}{where}{instead}"


def go(path: str, message: str = "") -> RedirectResponse:
    """To another page of ours after something was done, with a message there."""
    response = RedirectResponse(local(path), 303)
    if message:
        cookies.give(response, cookies.FLASH, message, seconds=cookies.FLASH_SECONDS)
    return response


def local(path: str | None) -> str:
    """`path` if it is an address within the portal, else the first page: no redirect leads elsewhere."""
    if not path or not path.startswith("/") or path.startswith("//") or any(c in path for c in "\r\n\t\\"):
        return "/"
    return path
