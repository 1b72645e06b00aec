"""The visitor's own account."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import select
from starlette.responses import Response

from models.accounts import passwords, sessions
from models.accounts.own import own_account
from models.accounts.signing_in import account_of, change_password
from models.errors import InputError, OcopError
from models.settings import settings
from models.tables import Account, CalendarToken, PortalSession
from portal import cookies
from portal.access import SIGNED_IN
from portal.errors import status_of
from portal.routing import PASSWORD, Post, page, posted
from portal.view import View, go

router = APIRouter()


@page(router, "/account", SIGNED_IN)
def show(view: View) -> Response:
    """The account: who one is, how one gets in, who stands in for one."""
    desk = view.desk
    calendar = desk.session.get(CalendarToken, desk.visitor.person_id)
    return view.page(
        "account/show.html.j2",
        title="Tài khoản của tôi",
        person=desk.person,
        own=own_account(desk.session, desk.person, desk.today, desk.real_now),
        calendar=f"{settings().portal_address}/ical/{calendar.token}.ics" if calendar else "",
    )


@page(router, PASSWORD, SIGNED_IN)
def password(view: View) -> Response:
    """The form for a new password."""
    return view.page("account/password.html.j2", title="Đổi mật khẩu", problems=[])


@posted(router, PASSWORD, SIGNED_IN)
def change(post: Post) -> Response:
    """Replace the password; other sessions end, this one goes on under a new secret."""
    try:
        secret = _change(post, post.one("old"), post.one("new"), post.one("again"))
    except OcopError as error:
        with post.view() as view:
            status = status_of(error)[0]
            problems = error.problems
            return view.page("account/password.html.j2", status=status, title="Đổi mật khẩu", problems=problems)
    response = go("/", "Đã đổi mật khẩu.")
    cookies.give(response, cookies.SESSION, secret)
    return response


def _change(post: Post, old: str, new: str, again: str) -> str:
    if new != again:
        raise InputError("hai lần gõ mật khẩu mới không giống nhau", field="again", remedy="Gõ lại.")
    with post.view() as view:  # the slow part, while nobody waits for the database
        query = select(Account).where(Account.person_id == view.desk.visitor.person_id)
        tried = passwords.try_out(view.desk.session.scalar(query), old)
        new_hash = passwords.hashed(new) if tried.right and len(new) <= passwords.LONGEST else None
    with post.working() as desk:
        account, stay = account_of(desk.session, desk.person), desk.visitor.session_id
        change_password(
            desk.session, account, old, new, desk.real_now, stay=stay, tried=tried, new_hash=new_hash
        )  # fmt: skip
        return sessions.rotate(desk.session, desk.session.get_one(PortalSession, stay))
