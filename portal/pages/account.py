"""The visitor's own account."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from models.accounts.signing_in import account_of, change_password
from models.errors import InputError, OcopError
from portal.access import SIGNED_IN
from portal.errors import status_of
from portal.routing import Post, page, posted
from portal.view import View, go

router = APIRouter()


@page(router, "/account", SIGNED_IN)
def show(view: View) -> Response:
    """The account."""
    return view.page("account/show.html.j2", title="Tài khoản của tôi")


@page(router, "/account/password", SIGNED_IN)
def password(view: View) -> Response:
    """The form for a new password."""
    return view.page("account/password.html.j2", title="Đổi mật khẩu", problems=[])


@posted(router, "/account/password", SIGNED_IN)
def change(post: Post) -> Response:
    """Replace the password; other sessions end."""
    try:
        if post.one("new") != post.one("again"):
            raise InputError("hai lần gõ mật khẩu mới không giống nhau", field="again", remedy="Gõ lại.")
        with post.working() as desk:
            account = account_of(desk.session, desk.person)
            stay = desk.visitor.session_id
            change_password(desk.session, account, post.one("old"), post.one("new"), desk.now, stay=stay)
    except OcopError as error:
        with post.view() as view:
            status = status_of(error)[0]
            problems = error.problems
            return view.page("account/password.html.j2", status=status, title="Đổi mật khẩu", problems=problems)
    return go("/", "Đã đổi mật khẩu.")
