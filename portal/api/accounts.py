"""Accounts through the API: one's own, and those that one looks after. Never a secret."""

from __future__ import annotations

from models.accounts.listing import PersonAccount
from models.accounts.own import OwnAccount, own_account
from models.paging import SIZE, Page, PageAsked
from portal.access import SIGNED_IN
from portal.acts.accounts import MANAGERS, TAG
from portal.api import api_router
from portal.api.reading import read
from portal.desk import Desk
from portal.pages.accounts import account_found, accounts_found

router = api_router()


@read(router, "/account", SIGNED_IN, OwnAccount, "Tài khoản của tôi", tag=TAG)
def own(desk: Desk) -> OwnAccount:
    """Phiên đăng nhập, mã truy cập, ủy quyền đã cho và đã nhận; không có mật khẩu, mã bí mật nào."""
    return own_account(desk.session, desk.person, desk.today, desk.real_now)


@read(router, "/accounts", MANAGERS, Page[PersonAccount], "Tài khoản", tag=TAG)
def accounts(desk: Desk, search: str = "", page: int = 1, size: int = SIZE) -> Page[PersonAccount]:
    """Tài khoản của những người mình phụ trách; quản trị thấy mọi người."""
    return accounts_found(desk, search, PageAsked(page, size))


@read(router, "/people/{code}/account", MANAGERS, PersonAccount, "Tài khoản của một người", tag=TAG)
def account(desk: Desk, code: str) -> PersonAccount:
    """Tình trạng tài khoản của người mình phụ trách."""
    return account_found(desk, code)
