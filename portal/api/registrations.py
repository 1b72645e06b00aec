"""Registrations through the API."""

from __future__ import annotations

from models.dossiers.registration_list import RegistrationRow, registration_page
from models.paging import Page, PageAsked
from portal.acts.registrations import REGISTRARS, registration
from portal.api import api_router
from portal.api.reading import read
from portal.desk import Desk
from portal.registrations import RegistrationView, registration_view

router = api_router()
TAG = "Đăng ký sản phẩm"


@read(router, "/registrations", REGISTRARS, Page[RegistrationRow], "Sản phẩm được đăng ký", tag=TAG)
def registrations(desk: Desk, search: str = "", number: int = 1, size: int = 25) -> Page[RegistrationRow]:
    """Sản phẩm anh/chị được đăng ký, đợt đang nhận, bản nháp và hồ sơ gần nhất."""
    return registration_page(desk.session, desk.held, desk.today, PageAsked(number, size), search)


@read(
    router, "/registrations/{round}/{product_id}", REGISTRARS, RegistrationView, "Một bản nháp đăng ký", tag=TAG
)  # fmt: skip
def one_registration(desk: Desk, round: str, product_id: int) -> RegistrationView:
    """Nội dung đã điền, còn thiếu gì, điểm tự chấm. Trường version gửi lại khi lưu."""
    return registration_view(desk, registration(desk, {"round": round, "product_id": product_id}))
