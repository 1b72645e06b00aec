"""HTTP transports that ask again at once when Prefect's server says 503.

With SQLite the server answers 503 whenever two transactions meet ("database is locked"), several times a
minute under load; nothing was done then and the next try succeeds. Prefect's client waits 2 s, 4 s, … before
it: ten times as long as a whole step takes. After about a second the answer goes to Prefect's own patience.
"""

from __future__ import annotations

import asyncio
import random
import ssl
import time
from collections.abc import Iterator

import certifi
import httpx
from prefect.settings import get_current_settings

_PAUSES = (0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3)
"""Seconds before each further try, half as much again at random so that two do not meet twice."""
_LIMITS = httpx.Limits(max_connections=16, max_keepalive_connections=8, keepalive_expiry=25)  # as Prefect's


class QuickRetry(httpx.HTTPTransport):
    """For the synchronous client."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send, and again while the server is busy."""
        for pause in _pauses():
            response = super().handle_request(request)
            if not _is_busy(response):
                return response
            response.close()
            time.sleep(pause)
        return super().handle_request(request)


class AsyncQuickRetry(httpx.AsyncHTTPTransport):
    """For the asynchronous client."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send, and again while the server is busy."""
        for pause in _pauses():
            response = await super().handle_async_request(request)
            if not _is_busy(response):
                return response
            await response.aclose()
            await asyncio.sleep(pause)
        return await super().handle_async_request(request)


def quick_retry() -> QuickRetry:
    """A transport with Prefect's settings for TLS and connections."""
    return QuickRetry(verify=_verify(), limits=_LIMITS)


def async_quick_retry() -> AsyncQuickRetry:
    """As `quick_retry`, for the asynchronous client."""
    return AsyncQuickRetry(verify=_verify(), limits=_LIMITS)


def _pauses() -> Iterator[float]:
    return (pause * random.uniform(1, 1.5) for pause in _PAUSES)


def _is_busy(response: httpx.Response) -> bool:
    # With Retry-After the server says itself when to come back (maintenance): Prefect's client obeys.
    return response.status_code == httpx.codes.SERVICE_UNAVAILABLE and "retry-after" not in response.headers


def _verify() -> ssl.SSLContext | bool:
    api = get_current_settings().api
    if api.tls_insecure_skip_verify:
        return False
    return ssl.create_default_context(cafile=api.ssl_cert_file or certifi.where())
