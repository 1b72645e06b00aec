"""Where the other pages of a long list are, as headers (RFC 8288), so that programs need not reckon them."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from models.paging import Page


def page_headers(request: Request, page: Page[Any]) -> dict[str, str]:
    """`Link` to the first, previous, next and last page, and `X-Total-Count`."""
    numbers = {"first": 1, "prev": page.previous, "next": page.next, "last": page.pages}
    links = [
        f'<{_address(request, number, page.size)}>; rel="{name}"' for name, number in numbers.items() if number
    ]  # fmt: skip
    return {"Link": ", ".join(links), "X-Total-Count": str(page.total)}


def _address(request: Request, number: int, size: int) -> str:
    url = request.url.include_query_params(page=number, size=size)
    return f"{url.path}?{url.query}"
