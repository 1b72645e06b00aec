"""My work: what waits for the person who is there, late ones first, with counts to choose by."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from models.errors import InputError
from models.process.kinds import StepKind
from models.work_items.my_work import MyWorkFilter, my_work
from portal.access import SIGNED_IN
from portal.asked import page_number
from portal.menu import MENU, Link
from portal.routing import page
from portal.view import View

router = APIRouter()
MENU.append(Link("Việc của tôi", "/", SIGNED_IN, order=10))


@page(router, "/", SIGNED_IN)
def show(view: View, late: str = "", soon: str = "", kind: str = "", page: str = "1") -> Response:
    """Open items of the visitor and of their units; what a colleague has claimed carries the colleague's name."""
    desk = view.desk
    wanted = MyWorkFilter(late=bool(late), due_soon=bool(soon), kind=_kind(kind))
    work = my_work(desk.session, desk.held, desk.today, wanted, page_number(page))
    chosen = {"late": late, "soon": soon, "kind": kind}
    return view.page("home.html.j2", title="Việc của tôi", work=work, wanted=wanted, chosen=chosen)


def _kind(text: str) -> StepKind | None:
    if not text:
        return None
    if text not in set(StepKind):
        raise InputError("Không có loại việc này.", field="kind", remedy="Chọn lại từ trang việc của tôi.")
    return StepKind(text)
