"""The quick second try, against a small server that is busy as often as told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import httpx
import pytest

from tasks.patient_transport import _PAUSES, async_quick_retry, quick_retry

TRIES = len(_PAUSES) + 1


class Busy(BaseHTTPRequestHandler):
    """Answers 503 `busy` times, then 200; notes the bodies that it was sent."""

    busy: ClassVar[int] = 0
    headers_when_busy: ClassVar[dict[str, str]] = {}
    bodies: ClassVar[list[bytes]] = []

    def do_POST(self) -> None:
        Busy.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        is_busy = len(Busy.bodies) <= Busy.busy
        self.send_response(503 if is_busy else 200)
        for name, value in Busy.headers_when_busy.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def url() -> Iterator[str]:
    Busy.busy, Busy.headers_when_busy, Busy.bodies = 0, {}, []
    with HTTPServer(("127.0.0.1", 0), Busy) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def _post(url: str) -> int:
    with httpx.Client(transport=quick_retry()) as client:
        return client.post(url, content=b"xin").status_code


def _post_async(url: str) -> int:
    async def post() -> int:
        async with httpx.AsyncClient(transport=async_quick_retry()) as client:
            return (await client.post(url, content=b"xin")).status_code

    return asyncio.run(post())


@pytest.mark.parametrize("post", [_post, _post_async])
@pytest.mark.parametrize(
    ("busy", "status", "tries"), [(0, 200, 1), (2, 200, 3), (TRIES - 1, 200, TRIES), (99, 503, TRIES)]
)
def test_busy_server_is_asked_again_with_the_same_body(
    url: str, post: Callable[[str], int], busy: int, status: int, tries: int
) -> None:
    Busy.busy = busy

    answered = post(url)

    assert (answered, Busy.bodies) == (status, [b"xin"] * tries)


@pytest.mark.parametrize("post", [_post, _post_async])
def test_server_that_says_when_to_come_back_is_left_to_prefect(url: str, post: Callable[[str], int]) -> None:
    Busy.busy, Busy.headers_when_busy = 1, {"Retry-After": "5"}

    assert (post(url), len(Busy.bodies)) == (503, 1)
