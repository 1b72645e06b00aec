"""What anybody may look up, without signing in: one certificate by its code, and the picture that leads there."""

from __future__ import annotations

from io import BytesIO

import segno
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from models.addresses import from_address, in_address
from models.certificates.public import public_certificate
from models.errors import NotFoundError
from models.settings import settings
from portal.access import PUBLIC
from portal.pace import check_pace
from portal.routing import page
from portal.view import View, go

router = APIRouter()

NOT_LISTED = {"X-Robots-Tag": "noindex"}
TEMPLATE = "public/certificate.html.j2"
TITLE = "Tra cứu giấy chứng nhận OCOP"


@page(router, "/c", PUBLIC)
def search(view: View, code: str = "") -> Response:
    """The form; a code that was typed leads to its page."""
    if code.strip():
        return go(f"/c/{in_address(code.strip())}")
    return _shown(view, "")


@page(router, "/c/{code}", PUBLIC)
def look_up(view: View, code: str) -> Response:
    """One certificate as the public sees it.

    Raises:
        TooOftenError: the same address has looked up too many.
    """
    check_pace(view.request)
    return _shown(view, from_address(code))


@page(router, "/c/{code}/qr.svg", PUBLIC)
def picture(view: View, code: str) -> Response:
    """The QR code that leads to the certificate's public page."""
    found = public_certificate(view.desk.session, from_address(code), view.desk.today)
    content = BytesIO()
    segno.make(f"{base(view.request)}/c/{in_address(found.code)}", error="m").save(
        content, kind="svg", scale=6, border=2
    )
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(content.getvalue(), media_type="image/svg+xml", headers=headers)


def base(request: Request) -> str:
    """The portal's own address, as people outside reach it."""
    return (settings().portal_url or str(request.base_url)).rstrip("/")


def _shown(view: View, code: str) -> Response:
    found, problems = None, []
    if code:
        try:
            found = public_certificate(view.desk.session, code, view.desk.today)
        except NotFoundError as error:
            problems = error.problems
    status = 404 if problems else 200
    response = view.page(TEMPLATE, status=status, title=TITLE, found=found, problems=problems, code=code[:100])
    response.headers.update(NOT_LISTED)
    return response
