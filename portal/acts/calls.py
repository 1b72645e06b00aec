"""Acts as calls of the API: the same form as body, `Idempotency-Key` and `If-Match` in the header."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header
from pydantic import BaseModel, Field
from starlette.requests import Request

from models.enums import TokenScope
from models.errors import InputError
from portal.access import declare
from portal.acts.base import Act, Ask, carry_out, go_ahead
from portal.desk import Desk, looking, working
from portal.routing import let_in
from portal.signatures import KEYWORD, expose
from portal.visitors import by_token

KEY_LONGEST = 200


class ActAnswer(BaseModel):
    """What came of an act."""

    message: str = Field(title="Kết quả bằng lời")
    page: str = Field(title="Trang của cổng để xem tiếp")
    data: Any = Field(default=None, title="Dữ liệu")


IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        title="Khóa chống gửi trùng",
        description="Bắt buộc; gửi lại cùng khóa thì không làm hai lần.",
    ),
]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", title="Bản đã xem (ETag)", description="Từ chối (412) nếu đã có bản mới hơn."),
]


def register_calls(router: APIRouter, acts: Sequence[Act]) -> None:
    """Give every act its call: `POST` under the same path as its page."""
    for act in acts:
        router.add_api_route(
            act.path,
            _endpoint(act),
            methods=["POST"],
            status_code=act.status,
            response_model=ActAnswer,
            summary=act.title,
            description=act.explanation,
            operation_id=_identifier(act),
            tags=[act.tag],
        )


def _endpoint(act: Act) -> Callable[..., ActAnswer]:
    scope = TokenScope(act.scope)

    def call(request: Request, body: Any, idempotency_key: str | None, if_match: str | None, **ids: Any) -> ActAnswer:
        with looking(by_token(request, scope)) as desk:
            let_in(desk, act.access, request.url.path)
            visitor = desk.visitor
        if not idempotency_key or len(idempotency_key) > KEY_LONGEST:
            raise InputError(
                "thiếu khóa chống gửi trùng, hoặc khóa quá dài",
                field="Idempotency-Key",
                remedy="Gửi một chuỗi ngẫu nhiên không quá 200 ký tự cho mỗi việc, ví dụ UUID.",
            )
        seen = if_match.strip().removeprefix("W/").strip('"') if if_match else None
        go_ahead(act, visitor, ids)
        done = carry_out(act, lambda: working(visitor), ids, Ask(body.model_dump(), idempotency_key, seen))
        return ActAnswer(message=done.message, page=done.goto, data=Desk.plain(done.data))

    parameters = [
        *(inspect.Parameter(name, KEYWORD, annotation=kind) for name, kind in act.ids.items()),
        inspect.Parameter("body", KEYWORD, annotation=act.form),
        inspect.Parameter("idempotency_key", KEYWORD, annotation=IdempotencyKey, default=None),
        inspect.Parameter("if_match", KEYWORD, annotation=IfMatch, default=None),
    ]
    expose(call, parameters, name=_identifier(act))
    declare(call, act.access)
    return call


def _identifier(act: Act) -> str:
    return act.name.replace(".", "_").replace("-", "_")
