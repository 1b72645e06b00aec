"""People through the API."""

from __future__ import annotations

from models.offices.people_list import PersonCard, PersonLine
from models.paging import SIZE, Page, PageAsked
from portal.acts.people import TAG
from portal.api import api_router
from portal.api.reading import read
from portal.desk import Desk
from portal.pages.people import LOOKERS, card_for, people_found

router = api_router()


@read(router, "/people", LOOKERS, Page[PersonLine], "Người dùng", tag=TAG)
def people(desk: Desk, search: str = "", role: str = "", page: int = 1, size: int = SIZE) -> Page[PersonLine]:
    """Người và vai trò đang giữ."""
    return people_found(desk, search, role, PageAsked(page, size))


@read(router, "/people/{code}", LOOKERS, PersonCard, "Một người", tag=TAG)
def person(desk: Desk, code: str) -> PersonCard:
    """Vai trò, kênh thông báo; cách liên hệ chỉ cho ai phụ trách người đó."""
    return card_for(desk, code)[0]
