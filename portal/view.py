"""One page being made: the desk, the request, and what every page shows around its own content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from models.actors import Held
from models.notifications.inbox import unread_count
from portal import cookies
from portal.access import CASES, Access
from portal.desk import Desk
from portal.rendering import render


@dataclass(frozen=True)
class Link:
    """One entry of the main menu; `order` says where it stands. `alone`: the pages below its own are not its."""

    label: str
    path: str
    access: Access = CASES
    order: int = 50
    alone: bool = False


@dataclass(frozen=True)
class _Shown:
    label: str
    path: str
    here: bool


MENU: list[Link] = []
"""The main menu; each page's module adds its own entry."""


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
            "nav": self._menu(self.request.url.path),
            "held_roles": list(dict.fromkeys(_in_words(held) for held in desk.held)),
            "unread": unread_count(desk.session, desk.visitor.person_id) if desk.somebody is not None else 0,
            "flash": cookies.take(self.request, cookies.FLASH, seconds=cookies.FLASH_SECONDS),
            "simulated": desk.simulated,
            "title": "",
        }

    def _menu(self, path: str) -> list[_Shown]:
        open_to = [link for link in MENU if link.access.lets_in(self.desk.roles)]
        best = max((link.path for link in open_to if _leads(link, path)), key=len, default=None)
        return [_Shown(link.label, link.path, link.path == best) for link in sorted(open_to, key=lambda k: k.order)]


def _in_words(held: Held) -> str:
    """`Cán bộ cấp xã, UBND xã Thọ Diên`, with whom the person stands in for."""
    capacity = held.capacity
    where = f", {capacity.office.name}" if capacity.office is not None else ""
    instead = f" (thay mặt {held.delegation.from_person.name})" if held.delegation is not None else ""
    return f"{capacity.role.label}{where}{instead}"


def _leads(link: Link, path: str) -> bool:
    return path == link.path or (link.path != "/" and not link.alone and path.startswith(f"{link.path}/"))


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
