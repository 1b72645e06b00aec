"""Reads no more of any request than it may carry."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.bodies import TooLargeError, most_bytes
from portal.refusals import not_ours


class BodyLimit:
    """ASGI middleware that reads no more of a request than it may carry."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what says that it is too large; stop reading what turns out to be."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        most = most_bytes(headers.get("content-type", ""), scope["path"])
        said = headers.get("content-length", "")
        if said.isdecimal() and int(said) > most:
            answer = await not_ours(Request(scope), TooLargeError())
            await answer(scope, receive, send)
            return
        await self.app(scope, _counting(receive, most), send)


def _counting(receive: Receive, most: int) -> Receive:
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise TooLargeError
        return message

    return counted
