"""Getting in, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.site import DESKTOP, PHONE, Site, check_accessible, picture

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_sign_in_page_is_accessible_and_refuses_in_words(site: Site, size: tuple[int, int]) -> None:
    with site.stranger(size) as page:
        page.goto("/")
        check_accessible(page)

        page.fill("#login", "dieu-phoi")
        page.fill("#password", "sai mật khẩu")
        page.get_by_role("button", name="Đăng nhập").click()

        expect(page.get_by_role("alert")).to_contain_text("Tên đăng nhập hoặc mật khẩu không đúng")
        expect(page.locator("#login")).to_have_value("dieu-phoi")
        check_accessible(page)


def test_coordinator_gets_in_without_scripts_too(site: Site) -> None:
    with site.person("dieu-phoi", scripts=False) as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("Việc của tôi")

    with site.person("dieu-phoi") as page:
        check_accessible(page)
        picture(page, "dang-nhap-xong")
