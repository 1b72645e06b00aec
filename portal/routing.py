"""How handlers become routes: who is there is found out first, and nobody passes who is not let in."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from models.accounts import totp
from models.errors import NotAllowedError
from portal import cookies
from portal.access import Access, Check, declare
from portal.bodies import read_posted
from portal.desk import Desk, Visitor, looking, working
from portal.forms import Sent
from portal.keys import form_token, same_token
from portal.signatures import expose
from portal.view import View
from portal.visitors import by_cookie

MOST_FIELDS = 5000
MOST_FILES = 50
LARGE = 1_000_000
"""Bytes from which a form with files is read only once it is known who sends it."""

SECRETS = {"passphrase", "password", "old", "new", "again"}
"""What is not kept for when somebody has signed in again."""

SECOND_FACTOR, PASSWORD = "/second-factor", "/account/password"
ALWAYS_OPEN = {"/sign-out"}
"""Where somebody may go whose password or second factor is still to be set."""

Handler = Callable[..., Response]


class SignInNeededError(Exception):
    """Nobody has signed in (any more); `sent` is what a form sent meanwhile."""

    def __init__(self, sent: Sent | None = None) -> None:
        self.sent = sent
        super().__init__("sign in")


class FinishSignInError(Exception):
    """The password must be changed, or the second factor given, before anything else."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(path)


class StaleFormError(Exception):
    """The form's token is not that of the session: another site's form, or a page from before the last sign-in."""

    def __init__(self, sent: Sent, visitor: Visitor | None) -> None:
        self.sent, self.visitor = sent, visitor
        super().__init__("stale")


@dataclass(frozen=True)
class Post:
    """What a form sent. `visitor` is empty on public pages."""

    request: Request
    sent: Sent
    files: dict[str, list[UploadFile]]
    visitor: Visitor | None

    def one(self, name: str) -> str:
        """The value of one control; empty when it was not sent."""
        return next(iter(self.sent.get(name, ())), "")

    @contextmanager
    def working(self) -> Iterator[Desk]:
        """A desk whose acts are stored together or not at all."""
        if self.visitor is None:
            raise SignInNeededError(self.sent)
        with working(self.visitor) as desk:
            yield desk

    @contextmanager
    def view(self) -> Iterator[View]:
        """A view to show the page again."""
        with looking(by_cookie(self.request)) as desk:
            yield View(desk, self.request)


def page(router: APIRouter, path: str, access: Access, *, check: Check | None = None) -> Callable[[Handler], Handler]:
    """Make a page of a handler that takes a `View` and what its path and query name.

    `check` refuses it for what the path names; links to it are drawn where neither it nor `access` refuses
    (`View.may_open`).
    """

    def wrap(handler: Handler) -> Handler:
        def endpoint(request: Request, **named: Any) -> Response:
            with looking(by_cookie(request)) as desk:
                let_in(desk, access, request.url.path)
                if check is not None:
                    check(desk, named)
                return handler(View(desk, request), **named)

        _add(router, "GET", path, access, endpoint, handler, check)
        return handler

    return wrap


def posted(router: APIRouter, path: str, access: Access) -> Callable[[Handler], Handler]:
    """Make a form's target of a handler that takes a `Post` and what its path names."""

    def wrap(handler: Handler) -> Handler:
        async def endpoint(request: Request, **named: Any) -> Response:
            if request.headers.get("content-type", "").startswith("multipart/form-data"):
                await run_in_threadpool(_let_in_first, request, access)
            form = await read_posted(request, max_fields=MOST_FIELDS, max_files=MOST_FILES)
            try:
                return await run_in_threadpool(_deal_with, handler, request, form.multi_items(), access, named)
            finally:
                await form.close()

        _add(router, "POST", path, access, endpoint, handler)
        return handler

    return wrap


def let_in(desk: Desk, access: Access, path: str) -> None:
    """Let nobody pass who may not use the route.

    Raises:
        SignInNeededError, FinishSignInError: not (wholly) signed in.
        NotAllowedError: signed in, but not for this.
    """
    if access.public:
        return
    somebody = desk.somebody
    if somebody is None:
        raise SignInNeededError
    unfinished = still_to_do(desk)
    if unfinished is not None and path not in ALWAYS_OPEN and not (path + "/").startswith(unfinished + "/"):
        raise FinishSignInError(unfinished)
    if not access.lets_in(desk.roles):
        raise NotAllowedError(
            "Vai trò của anh/chị không dùng được trang này.",
            field="actor",
            remedy="Nếu cần, nhờ quản trị phân công vai trò.",
        )


def _let_in_first(request: Request, access: Access) -> None:
    """Nobody fills our disk with files who may not send the form; small forms are read first, to be kept (below)."""
    if int(request.headers.get("content-length") or LARGE) < LARGE:
        return
    with looking(by_cookie(request)) as desk:
        let_in(desk, access, request.url.path)


def still_to_do(desk: Desk) -> str | None:
    """The page that must be dealt with before any other: the code, then an own password, then an authenticator app.

    In this order nobody who knows but a password changes it, and no one-time password is left lying about.
    """
    somebody = desk.visitor
    if somebody.second_factor_due:
        return SECOND_FACTOR
    if somebody.must_change:
        return PASSWORD
    return SECOND_FACTOR if not somebody.second_factor and totp.is_required(desk.roles) else None


def _deal_with(
    handler: Handler, request: Request, items: list[tuple[str, Any]], access: Access, named: dict[str, Any]
) -> Response:
    sent: dict[str, list[str]] = {}
    files: dict[str, list[UploadFile]] = {}
    for name, value in items:
        if isinstance(value, str):
            sent.setdefault(name, []).append(value)
        elif value.filename:
            files.setdefault(name, []).append(value)
    with looking(by_cookie(request)) as desk:
        try:
            let_in(desk, access, request.url.path)
        except SignInNeededError:
            raise SignInNeededError({name: typed for name, typed in sent.items() if name not in SECRETS}) from None
        visitor = desk.somebody
    _check_form_token(request, sent, visitor)
    return handler(Post(request, sent, files, visitor), **named)


def _check_form_token(request: Request, sent: Sent, visitor: Visitor | None) -> None:
    given = request.headers.get("x-csrf-token") or next(iter(sent.get("_csrf", ())), "")
    if visitor is not None:
        wanted = visitor.csrf
    else:
        before = cookies.take(request, cookies.BEFORE)
        wanted = form_token(before) if before else ""
    if not wanted or not same_token(given, wanted):
        raise StaleFormError(sent, visitor)


def _add(
    router: APIRouter,
    method: str,
    path: str,
    access: Access,
    endpoint: Callable[..., Any],
    handler: Handler,
    check: Check | None = None,
) -> None:
    parameters = list(inspect.signature(handler, eval_str=True).parameters.values())[1:]
    expose(endpoint, parameters, name=handler.__name__)
    declare(endpoint, access, check)
    router.add_api_route(path, endpoint, methods=[method], response_class=HTMLResponse, include_in_schema=False)
