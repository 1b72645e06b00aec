"""My work and my inbox through the API."""

from __future__ import annotations

from models.notifications.inbox import InboxRow, inbox_page
from models.paging import Page, PageAsked
from models.process.kinds import StepKind
from models.work_items.my_work import MyWork, MyWorkFilter, my_work
from portal.access import SIGNED_IN
from portal.api import api_router
from portal.api.reading import read
from portal.desk import Desk

router = api_router()


@read(router, "/work", SIGNED_IN, MyWork, "Việc của tôi", tag="Việc")
def work(
    desk: Desk, late: bool = False, soon: bool = False, kind: StepKind | None = None, page: int = 1, size: int = 25
) -> MyWork:
    """Việc đang chờ tôi và đơn vị tôi, quá hạn trước; `soon`: sắp đến hạn."""
    wanted = MyWorkFilter(late=late, due_soon=soon, kind=kind)
    return my_work(desk.session, desk.held, desk.today, wanted, PageAsked(page, size))


@read(router, "/inbox", SIGNED_IN, Page[InboxRow], "Thông báo của tôi", tag="Thông báo")
def inbox(desk: Desk, new: bool = False, page: int = 1, size: int = 25) -> Page[InboxRow]:
    """Những điều tôi được báo, mới nhất trước; `new`: chỉ thông báo chưa đọc."""
    return inbox_page(desk.session, desk.person, PageAsked(page, size), unread_only=new)
