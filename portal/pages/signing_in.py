"""Signing in and out."""

from __future__ import annotations

import secrets

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from models.accounts import sessions, totp
from models.accounts.signing_in import sign_in, try_login
from models.clock import SystemClock
from models.database import reading, transaction
from models.enums import SignedInBy
from models.errors import OcopError
from models.settings import settings
from models.tables import Account, PortalSession
from portal import cookies, oidc
from portal.access import PUBLIC, SIGNED_IN
from portal.errors import status_of
from portal.forms import Sent
from portal.keys import form_token
from portal.places import page_of
from portal.rendering import render
from portal.resuming import TYPED, give_back, keep
from portal.routing import Post, page, posted
from portal.view import View, go, local

router = APIRouter()


def sign_in_page(
    request: Request,
    *,
    target: str = "/",
    typed: str = "",
    login: str = "",
    error: OcopError | None = None,
    lost: bool = False,
) -> Response:
    """The sign-in form; `typed` is what `portal.resuming` kept of a form sent after the session had ended.

    `lost`: nothing of it could be kept, which is said.
    """
    before = cookies.take(request, cookies.BEFORE) or secrets.token_urlsafe(16)
    context = {
        "title": "Đăng nhập",
        "visitor": None,
        "csrf": form_token(before),
        "target": local(target),
        "typed": typed,
        "login": login,
        "lost": lost,
        "problems": error.problems if error is not None else [],
        "by_identity": oidc.is_on(),
    }
    response = render("sign_in.html.j2", context, status=status_of(error)[0] if error else 200)
    cookies.give(response, cookies.BEFORE, before)
    return response


def sign_in_again(request: Request, sent: Sent) -> Response:
    """The sign-in form in answer to a form that came after the session had ended."""
    typed = keep(request, sent)
    response = sign_in_page(request, target=page_of(request.app, request.url.path), typed=typed, lost=not typed)
    response.status_code = 401
    return response


@page(router, "/sign-in", PUBLIC)
def show(view: View, next: str = "/") -> Response:
    """The form; who has signed in goes on."""
    return go(next) if view.desk.somebody is not None else sign_in_page(view.request, target=next)


@posted(router, "/sign-in", PUBLIC)
def enter(post: Post) -> Response:
    """Check login and password and begin a session; it always has a secret of its own."""
    login, password = post.one("login"), post.one("password")
    target, typed = local(post.one("next")), post.one(TYPED)
    try:
        with reading(settings().domain_url) as session:
            tried = try_login(session, login, password)
        with transaction(settings().domain_url) as session:
            now = SystemClock().now()
            account = sign_in(session, login, password, now, tried=tried)
            _, secret = sessions.start(session, account, now)
    except OcopError as error:
        return sign_in_page(post.request, target=target, typed=typed, login=login, error=error)
    return welcome(account, secret, target, typed)


def welcome(account: Account, secret: str, target: str, typed: str = "") -> Response:
    """What comes after password or identity: the code of the second factor, the form that was typed, or the page."""
    if totp.is_set_up(account):
        from portal.pages.second_factor import code_page

        response = code_page(form_token(secret), target=target, typed=typed)
    else:
        response = give_back(typed, account.person_id, secret) or go(target)
    cookies.give(response, cookies.SESSION, secret)
    cookies.drop(response, cookies.BEFORE)
    return response


@posted(router, "/sign-out", SIGNED_IN)
def leave(post: Post) -> Response:
    """End the session."""
    with post.working() as desk:
        row = desk.session.get_one(PortalSession, desk.visitor.session_id)
        sessions.end(desk.session, row, desk.real_now)
    response = go("/sign-in")
    cookies.drop(response, cookies.SESSION)
    return response


@page(router, "/sign-in/identity", PUBLIC)
def ask_identity(view: View, next: str = "/") -> Response:
    """To the organisation's own sign-in (OpenID Connect)."""
    return go(next) if view.desk.somebody is not None else oidc.leave_for_provider(local(next))


@page(router, "/sign-in/identity/back", PUBLIC)
def take_identity(view: View) -> Response:
    """Back from it: who it vouches for has signed in."""
    try:
        person_id, target = oidc.person_from(view.request)
        with transaction(settings().domain_url) as session:
            now = SystemClock().now()
            account = oidc.account_of_identity(session, person_id, now)
            _, secret = sessions.start(session, account, now, by=SignedInBy.IDENTITY)
    except OcopError as error:
        response = sign_in_page(view.request, error=error)
    else:
        response = welcome(account, secret, target)
    cookies.drop(response, cookies.IDENTITY)
    return response
