"""The web application: pages and API in one, every route with its access, every error in words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.resources import as_file
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from models.errors import OcopError
from portal.access import PUBLIC, access_table, declare
from portal.api import api_routers
from portal.api.document import describe
from portal.body_limit import BodyLimit
from portal.pages import pages_routers
from portal.refusals import finish_sign_in, internal, not_ours, refused, sign_in_needed, stale_form
from portal.rendering import STATIC
from portal.routing import FinishSignInError, SignInNeededError, StaleFormError

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What every answer says to browsers: nothing from elsewhere, nothing framed, no script in a page."""

YEAR_SECONDS = 365 * 24 * 3600


class _Static(StaticFiles):
    """Files that browsers keep: their addresses carry the hash of their content."""

    def file_response(self, *args: Any, **named: Any) -> Response:
        response = super().file_response(*args, **named)
        response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
        return response


def create_app() -> FastAPI:
    """The application.

    Raises:
        LookupError: a route does not say who may use it.
    """
    app = FastAPI(title="OCOP", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    for router in [*pages_routers(), *api_routers()]:
        app.router.routes.extend(router.routes)  # not included, which FastAPI puts off: the access table needs them
    with as_file(STATIC) as folder:
        files = _Static(directory=folder)
    declare(files, PUBLIC)
    app.mount("/static", files, name="static")
    app.add_middleware(BodyLimit)
    app.add_middleware(GZipMiddleware, minimum_size=1024)
    app.middleware("http")(_with_headers)
    describe(app)
    _tell_errors(app)
    access_table(app)
    return app


async def _with_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call_next(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if not request.url.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _tell_errors(app: FastAPI) -> None:
    for kind, tell in (
        (OcopError, refused),
        (RequestValidationError, refused),
        (HTTPException, not_ours),
        (SignInNeededError, sign_in_needed),
        (FinishSignInError, finish_sign_in),
        (StaleFormError, stale_form),
        (Exception, internal),
    ):
        app.add_exception_handler(kind, tell)
