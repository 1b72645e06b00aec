"""The second factor: the code at signing in, and setting it up with an authenticator app."""

from __future__ import annotations

import segno
from fastapi import APIRouter
from starlette.responses import Response

from models.accounts import sessions, totp
from models.accounts.signing_in import account_of
from models.errors import OcopError
from models.tables import Account, PortalSession
from portal import cookies
from portal.access import SIGNED_IN
from portal.desk import Desk
from portal.errors import status_of
from portal.keys import form_token
from portal.rendering import render
from portal.resuming import TYPED, give_back
from portal.routing import SECOND_FACTOR, Post, page, posted
from portal.view import View, go, local

router = APIRouter()
CODE_SIZE = 5


def code_page(csrf: str, *, target: str = "/", typed: str = "", error: OcopError | None = None) -> Response:
    """The form for the code; what was typed before the session ended goes along."""
    context = {
        "title": "Mã xác thực",
        "visitor": None,
        "csrf": csrf,
        "target": local(target),
        "typed": typed,
        "problems": error.problems if error is not None else [],
    }
    return render("second_factor/code.html.j2", context, status=status_of(error)[0] if error else 200)


@page(router, SECOND_FACTOR, SIGNED_IN)
def show(view: View, next: str = "/") -> Response:
    """The form for the code, or setting up; nothing for who has given it."""
    visitor = view.desk.visitor
    if visitor.second_factor_due:
        return code_page(visitor.csrf, target=next)
    return go("/account") if visitor.second_factor else _setting_up(view)


@posted(router, SECOND_FACTOR, SIGNED_IN)
def prove(post: Post) -> Response:
    """Check the code; the session goes on under a new secret."""
    target, typed = local(post.one("next")), post.one(TYPED)
    try:
        with post.working() as desk:
            totp.verify(desk.session, account_of(desk.session, desk.person), post.one("code"), desk.real_now)
            person_id, secret = desk.person.id, proven(desk)
    except OcopError as error:
        return code_page(post.visitor.csrf if post.visitor else "", target=target, typed=typed, error=error)
    response = give_back(typed, person_id, secret) or go(target)
    cookies.give(response, cookies.SESSION, secret)
    return response


@posted(router, f"{SECOND_FACTOR}/enrolment", SIGNED_IN)
def enrol(post: Post) -> Response:
    """Make a new secret and show it as a QR code; it is not in force yet."""
    with post.working() as desk:
        totp.enrol(desk.session, account_of(desk.session, desk.person))
    return go(SECOND_FACTOR)


@posted(router, f"{SECOND_FACTOR}/confirmation", SIGNED_IN)
def confirm(post: Post) -> Response:
    """Put it in force with a first code; the recovery codes are shown this once."""
    try:
        with post.working() as desk:
            codes = totp.confirm(desk.session, account_of(desk.session, desk.person), post.one("code"), desk.real_now)
            secret = proven(desk)
    except OcopError as error:
        with post.view() as view:
            return _setting_up(view, error)
    context = {"title": "Mã dự phòng", "visitor": None, "csrf": form_token(secret), "codes": codes}
    response: Response = render("second_factor/recovery.html.j2", context)
    cookies.give(response, cookies.SESSION, secret)
    return response


def proven(desk: Desk) -> str:
    """Note in the session that the code was right; gives its new secret."""
    row = desk.session.get_one(PortalSession, desk.visitor.session_id)
    row.second_factor_at = desk.real_now
    return sessions.rotate(desk.session, row)


def _setting_up(view: View, error: OcopError | None = None) -> Response:
    desk = view.desk
    account = desk.session.query(Account).filter_by(person_id=desk.visitor.person_id).one()
    address = totp.pending_address(account)
    return view.page(
        "second_factor/set_up.html.j2",
        status=status_of(error)[0] if error else 200,
        title="Xác thực hai lớp",
        problems=error.problems if error else [],
        picture=segno.make(address, error="m").svg_data_uri(scale=CODE_SIZE, border=2) if address else "",
        by_hand=account.totp_secret if address else "",
        required=totp.is_required(desk.roles),
    )
