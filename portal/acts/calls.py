"""Acts as calls of the API: the same form as body, `Idempotency-Key` and `If-Match` in the header."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel, Field
from starlette.requests import Request

from models.enums import TokenScope
from models.errors import InputError
from portal.access import declare
from portal.acts.base import Act, Ask, carry_out, go_ahead
from portal.desk import Desk, Visitor, looking, working
from portal.routing import let_in
from portal.signatures import KEYWORD, expose
from portal.visitors import by_token

KEY_LONGEST = 200


class ActAnswer(BaseModel):
    """What came of an act."""

    message: str = Field(title="Kết quả bằng lời")
    page: str = Field(title="Trang của cổng để xem tiếp")
    data: Any = Field(default=None, title="Dữ liệu")
    once: dict[str, str] = Field(default_factory=dict, title="Bí mật chỉ trả một lần")


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

OnBehalfOf = Annotated[
    str | None,
    Header(alias="On-Behalf-Of", title="Thay mặt ai (mã người)", description="Khi làm thay được cho nhiều người."),
]


def register_calls(router: APIRouter, acts: Sequence[Act]) -> None:
    """Give every act its call: `POST` under the same path as its page."""
    for act in (one for one in acts if one.by_program):
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
            dependencies=[Depends(_door(act))],
        )


def _endpoint(act: Act) -> Callable[..., ActAnswer]:
    def call(
        request: Request,
        body: Any,
        idempotency_key: str | None,
        if_match: str | None,
        on_behalf_of: str | None,
        **ids: Any,
    ) -> ActAnswer:
        visitor: Visitor = request.state.visitor
        if not idempotency_key or len(idempotency_key) > KEY_LONGEST:
            raise InputError(
                "thiếu khóa chống gửi trùng, hoặc khóa quá dài",
                field="Idempotency-Key",
                remedy="Gửi một chuỗi ngẫu nhiên không quá 200 ký tự cho mỗi việc, ví dụ UUID.",
            )
        seen = if_match.strip().removeprefix("W/").strip('"') if if_match else None
        go_ahead(act, visitor, ids, body.model_dump())
        ask = Ask(body.model_dump(), idempotency_key, seen, on_behalf_of or "")
        done = carry_out(act, lambda: working(visitor), ids, ask)
        return ActAnswer(message=done.message, page=done.goto, data=Desk.plain(done.data), once=dict(done.once))

    parameters = [
        *(inspect.Parameter(name, KEYWORD, annotation=kind) for name, kind in act.ids.items()),
        inspect.Parameter("body", KEYWORD, annotation=act.form),
        inspect.Parameter("idempotency_key", KEYWORD, annotation=IdempotencyKey, default=None),
        inspect.Parameter("if_match", KEYWORD, annotation=IfMatch, default=None),
        inspect.Parameter("on_behalf_of", KEYWORD, annotation=OnBehalfOf, default=None),
    ]
    expose(call, parameters, name=_identifier(act))
    declare(call, act.access)
    return call


def _door(act: Act) -> Callable[[Request], None]:
    """Lets nobody pass who may not do the act, before anything of what was sent is judged or told."""
    scope = TokenScope(act.scope)

    def door(request: Request) -> None:
        with looking(by_token(request, scope)) as desk:
            let_in(desk, act.access, request.url.path)
            request.state.visitor = desk.visitor

    return door


def _identifier(act: Act) -> str:
    return act.name.replace(".", "_").replace("-", "_")
