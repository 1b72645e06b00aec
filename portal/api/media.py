"""Calls that act take JSON, and say so."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.bodies import carries_a_file
from portal.refusals import not_ours

JSON = ("application/json", "application/x-json")
UNSUPPORTED = 415


class JsonOnly:
    """ASGI middleware that refuses (415) a form or plain text where the API wants JSON; files may say anything."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at the type of what is sent to the API."""
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"].startswith("/api/"):
            headers = Headers(scope=scope)
            kind = headers.get("content-type", "").partition(";")[0].strip().lower()
            empty = headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers
            if not empty and kind not in JSON and not carries_a_file(kind, scope["path"]):
                answer = await not_ours(Request(scope), HTTPException(UNSUPPORTED))
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)
