"""Signing in and out."""

from __future__ import annotations

import json
import secrets

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from models.accounts import sessions
from models.accounts.signing_in import sign_in
from models.database import transaction
from models.errors import OcopError
from models.office_clock import clock_for
from models.settings import settings
from models.tables import PortalSession
from portal import cookies
from portal.access import PUBLIC, SIGNED_IN
from portal.errors import status_of
from portal.keys import form_token, read_signed, signed
from portal.rendering import render
from portal.routing import Post, page, posted
from portal.view import View, go, local

router = APIRouter()

TYPED = "typed"
TYPED_SECONDS = 12 * 3600


def sign_in_page(
    request: Request, *, target: str = "/", typed: str = "", login: str = "", error: OcopError | None = None
) -> Response:
    """The sign-in form; `typed` (JSON) is what a form sent after the session had ended, kept until signed in."""
    before = cookies.take(request, cookies.BEFORE) or secrets.token_urlsafe(16)
    context = {
        "title": "Đăng nhập",
        "visitor": None,
        "csrf": form_token(before),
        "target": local(target),
        "typed": signed(TYPED, {"path": local(target), "sent": json.loads(typed)}) if typed else "",
        "login": login,
        "problems": error.problems if error is not None else [],
    }
    response = render("sign_in.html.j2", context, status=status_of(error)[0] if error else 200)
    cookies.give(response, cookies.BEFORE, before)
    return response


@page(router, "/sign-in", PUBLIC)
def show(view: View, next: str = "/") -> Response:
    """The form; who has signed in goes on."""
    return go(next) if view.desk.somebody is not None else sign_in_page(view.request, target=next)


@posted(router, "/sign-in", PUBLIC)
def enter(post: Post) -> Response:
    """Check login and password and begin a session; it always has a secret of its own."""
    login, target = post.one("login"), local(post.one("next"))
    try:
        with transaction(settings().domain_url) as session:
            now = clock_for(session, settings()).now()
            account = sign_in(session, login, post.one("password"), now)
            _, secret = sessions.start(session, account, now)
    except OcopError as error:
        return sign_in_page(post.request, target=target, login=login, error=error)
    response = _resume(post, secret) or go(target)
    cookies.give(response, cookies.SESSION, secret)
    cookies.drop(response, cookies.BEFORE)
    return response


@posted(router, "/sign-out", SIGNED_IN)
def leave(post: Post) -> Response:
    """End the session."""
    with post.working() as desk:
        row = desk.session.get_one(PortalSession, desk.visitor.session_id)
        sessions.end(desk.session, row, desk.now)
    response = go("/sign-in")
    cookies.drop(response, cookies.SESSION)
    return response


def _resume(post: Post, secret: str) -> Response | None:
    """The page that leads back to the form that was sent after the session had ended, with what was typed."""
    found = read_signed(TYPED, post.one(TYPED), seconds=TYPED_SECONDS)
    if not isinstance(found, dict):
        return None
    kept = {name: values for name, values in found["sent"].items() if name not in {"_csrf", "_more"}}
    context = {
        "title": "Tiếp tục",
        "visitor": None,
        "path": found["path"],
        "csrf": form_token(secret),
        "sent": [(name, value) for name, values in kept.items() for value in values],
    }
    return render("resume.html.j2", context)
