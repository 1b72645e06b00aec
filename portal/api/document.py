"""The OpenAPI document, with Vietnamese titles, what refuses a call, and who may call."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import JSONResponse

from portal.access import PUBLIC, Access, declare
from portal.api import api_router
from portal.api.refusing import BEARER, KEY_HEADER, PROBLEMS, SCHEMES, refusals_of
from portal.api.wording import name_everything

router = api_router()

UNUSED = ("HTTPValidationError", "ValidationError")
"""What FastAPI would answer to a wrong request; ours are problems (RFC 9457)."""

EXPLANATION = """Mọi việc làm được trên trang đều làm được ở đây, bằng mã truy cập của từng người.

- Mã truy cập tạo ở trang tài khoản, gửi trong `Authorization: Bearer …`; phạm vi: xem, làm việc, quản trị.
- Mỗi việc (`POST`) kèm `Idempotency-Key` tự đặt: gửi lại cùng khóa thì nhận lại câu trả lời cũ, không làm hai lần.
- Câu trả lời của `GET` có `ETag`; gửi lại trong `If-None-Match` để khỏi tải lại, trong `If-Match` để không ghi đè bản
  mới hơn của người khác.
- Danh sách dài chia trang: `page` (từ 1), `size` (nhiều nhất 200), `total`; `Link` dẫn đến trang trước, trang sau.
- Không làm được thì trả lời dạng `application/problem+json`: `errors` nêu từng mục, điều chưa đúng và cách sửa.
"""


async def openapi(request: Request) -> JSONResponse:
    """The document of this API."""
    return JSONResponse(request.app.openapi())


declare(openapi, PUBLIC)
router.add_api_route("/openapi.json", openapi, methods=["GET"], include_in_schema=False)


def describe(app: FastAPI) -> None:
    """Let the application describe its API, and only that."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(title="OCOP – Giao diện lập trình", version="1", routes=app.routes, description=EXPLANATION)
    components = made["components"]
    for name in UNUSED:
        components["schemas"].pop(name, None)
    components["schemas"] |= PROBLEMS
    components["securitySchemes"] = SCHEMES
    for route in app.routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                _complete(made["paths"][route.path_format][method.lower()], method, route.endpoint.__dict__["access"])
    name_everything(made)
    return made


def _complete(operation: dict[str, Any], method: str, access: Access) -> None:
    operation["responses"] = {
        code: answer for code, answer in operation["responses"].items() if code != "422"
    } | refusals_of(method, public=access.public)
    operation["security"] = [] if access.public else [{BEARER: []}]
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == KEY_HEADER:
            parameter["required"] = True
            parameter["schema"] = {"type": "string", "minLength": 1, "maxLength": 200} | {
                "title": parameter["schema"]["title"]
            }
