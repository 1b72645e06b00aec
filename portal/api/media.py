"""Calls that act take JSON, and say so."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.refusals import not_ours

JSON = ("application/json", "application/x-json")
FILES = ("multipart/form-data", "application/octet-stream")
UNSUPPORTED = 415


class JsonOnly:
    """ASGI middleware that refuses (415) a form or plain text where the API wants JSON; files go by their own type."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at the type of what is sent to the API."""
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"].startswith("/api/"):
            headers = Headers(scope=scope)
            kind = headers.get("content-type", "").partition(";")[0].strip().lower()
            empty = headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers
            untyped_file = not kind and scope["path"].endswith(
                "/files"
            )  # RFC 9110: what says nothing is a row of bytes
            if not empty and not untyped_file and kind not in JSON and not kind.startswith(FILES):
                answer = await not_ours(Request(scope), HTTPException(UNSUPPORTED))
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)
