"""The web application: pages and API in one, every route with its access, every error in words."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import as_file
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from models.errors import OcopError
from portal.access import PUBLIC, access_table, declare
from portal.api import api_routers
from portal.api.document import describe
from portal.api.media import JsonOnly
from portal.body_limit import BodyLimit
from portal.headers import AnswerHeaders
from portal.pages import pages_routers
from portal.refusals import finish_sign_in, internal, not_ours, refused, sign_in_needed, stale_form
from portal.rendering import STATIC
from portal.routing import FinishSignInError, SignInNeededError, StaleFormError

YEAR_SECONDS = 365 * 24 * 3600

THREADS = 4
"""Requests that one process deals with at once [ours]: more would only take the processor from one another. Tried with
8, 4 and 2, twice each on a busy machine: the slowest of twenty waited about 2.3, 1.7 and 1.7 times as long as most."""

SELDOM = (50_000, 20, 50)
"""How seldom Python looks for rings of unused objects: a board of 2,500 lines makes a hundred thousand objects that go
by themselves, and looking through them took a third of the page's time [measured: benchmarks/portal.py]."""

GZIP_LEVEL = 4
"""Pages become hardly smaller beyond this, and twice as dear."""


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
    app = FastAPI(
        title="OCOP", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False, lifespan=_at_ease
    )
    for router in [*pages_routers(), *api_routers()]:
        app.router.routes.extend(router.routes)  # not included, which FastAPI puts off: the access table needs them
    with as_file(STATIC) as folder:
        files = _Static(directory=folder)
    declare(files, PUBLIC)
    app.mount("/static", files, name="static")
    app.add_middleware(JsonOnly)
    app.add_middleware(BodyLimit)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=GZIP_LEVEL)
    app.add_middleware(AnswerHeaders)
    describe(app)
    _tell_errors(app)
    access_table(app)
    return app


@asynccontextmanager
async def _at_ease(_app: FastAPI) -> AsyncIterator[None]:
    to_thread.current_default_thread_limiter().total_tokens = THREADS
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    yield
    gc.set_threshold(*before)


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
