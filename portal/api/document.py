"""The OpenAPI document, with Vietnamese titles."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import JSONResponse

from portal.access import PUBLIC, declare
from portal.api import api_router

router = api_router()


async def openapi(request: Request) -> JSONResponse:
    """The document of this API."""
    return JSONResponse(request.app.openapi())


declare(openapi, PUBLIC)
router.add_api_route("/openapi.json", openapi, methods=["GET"], include_in_schema=False)


def describe(app: FastAPI) -> None:
    """Let the application describe its API, and only that."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = get_openapi(
                title="OCOP – Giao diện lập trình",
                version="1",
                routes=app.routes,
                description="Mọi việc làm được trên trang đều làm được ở đây, bằng mã truy cập của từng người.",
            )
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]
