"""How reads of the API become routes: by token, with an ETag of what is given."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import TypeAdapter
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.enums import TokenScope
from models.paging import Page
from portal.access import Access, declare
from portal.api.links import page_headers
from portal.desk import looking
from portal.pace import check_pace
from portal.routing import let_in
from portal.signatures import expose
from portal.visitors import by_token

Handler = Callable[..., Any]

OPEN = "public, max-age=300"
"""What is said of open data: the same for everybody, and five minutes old is new enough [ours]."""


def read(
    router: APIRouter, path: str, access: Access, gives: Any, title: str, *, tag: str
) -> Callable[[Handler], Handler]:
    """Make a read of a handler that takes a `Desk` and gives `gives`, or a pair of that and its version (the ETag)."""
    adapter = TypeAdapter(gives)

    def wrap(handler: Handler) -> Handler:
        def endpoint(request: Request, **named: Any) -> Response:
            if access.public:
                check_pace(request)
            with looking(_nobody if access.public else by_token(request, TokenScope.READ)) as desk:
                let_in(desk, access, request.url.path)
                found = handler(desk, **named)
                data, version = found if isinstance(found, tuple) else (found, None)
                answer = _answer(request, adapter.dump_json(data), version, public=access.public)
                if isinstance(data, Page):
                    answer.headers.update(page_headers(request, data))
                return answer

        parameters = list(inspect.signature(handler, eval_str=True).parameters.values())[1:]
        expose(endpoint, parameters, name=handler.__name__)
        declare(endpoint, access)
        router.add_api_route(
            path, endpoint, methods=["GET"], responses={200: {"model": gives}}, summary=title,
            description=inspect.getdoc(handler) or "", operation_id=_identifier(path), tags=[tag],
        )  # fmt: skip
        return handler

    return wrap


def _identifier(path: str) -> str:
    return "_".join(["read", *path.replace("{", "").replace("}", "").replace(".", "_").strip("/").split("/")])


def _nobody(_session: Session, _now: datetime) -> None:
    """Open data: no token is asked for, and one that is sent is not looked at."""


def _answer(request: Request, content: bytes, version: str | None, *, public: bool) -> Response:
    etag = f'"{version or hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": OPEN if public else "private, no-cache"}
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type="application/json")
