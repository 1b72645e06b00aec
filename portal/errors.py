"""What goes wrong, as programs are told it: problem+json (RFC 9457); the statuses hold for pages as well."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi.exceptions import RequestValidationError
from starlette.responses import JSONResponse

from models.accounts.errors import MissingScopeError, WrongTokenError
from models.errors import (
    ConflictError,
    FinalError,
    InputError,
    NotAllowedError,
    NotFoundError,
    OcopError,
    PersonError,
    Problem,
    RetryableError,
    WrongMomentError,
)
from models.forms.base import problems_in
from models.forms.tidy import UNFIT
from portal.where import here


class PreconditionError(ConflictError):
    """What `If-Match` names is no longer the latest version."""


class TooOftenError(PersonError):
    """The same address asks too often; `seconds` until it may ask again."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__("Tra cứu quá nhiều lần trong một lúc.", remedy=f"Thử lại sau {seconds} giây.")


BUSY = 503
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="ocop"'}

STATUS: tuple[tuple[type[OcopError], int, str], ...] = (
    (PreconditionError, 412, "Đã có bản mới hơn"),
    (MissingScopeError, 403, "Mã truy cập không đủ phạm vi"),
    (WrongTokenError, 401, "Mã truy cập không dùng được"),
    (TooOftenError, 429, "Quá nhiều lần"),
    (InputError, 422, "Thông tin chưa đúng"),
    (ConflictError, 409, "Đã có người làm trước"),
    (NotAllowedError, 403, "Không được phép"),
    (NotFoundError, 404, "Không tìm thấy"),
    (WrongMomentError, 409, "Chưa đến hoặc đã qua bước này"),
    (RetryableError, BUSY, "Hệ thống đang bận"),
    (FinalError, 500, "Hệ thống có lỗi"),
)
"""HTTP status and title of each class of error; the first that fits."""


def status_of(error: OcopError) -> tuple[int, str]:
    """HTTP status and title of an error; what is refused for any other reason is the input's fault."""
    found = ((code, title) for kind, code, title in STATUS if isinstance(error, kind))
    return next(found, (422, "Không thực hiện được"))


def problem_answer(error: OcopError) -> JSONResponse:
    """The answer of the API to an error of ours."""
    status, title = status_of(error)
    return problem_json(status, title, error.problems, headers=headers_of(error))


def headers_of(error: OcopError) -> dict[str, str]:
    """What the answer to an error says beside its words: when to come again, how to show who one is."""
    if isinstance(error, TooOftenError):
        return {"Retry-After": str(error.seconds)}
    return {BUSY: {"Retry-After": "2"}, 401: CHALLENGE}.get(status_of(error)[0], {})


def problem_json(
    status: int, title: str, problems: Sequence[Problem] = (), *, headers: dict[str, str] | None = None
) -> JSONResponse:
    """A problem in the form of RFC 9457; `errors` lists each field with its remedy."""
    told = [Problem(*(here(_readable(part)) for part in (one.field, one.problem, one.remedy))) for one in problems]
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": "; ".join(str(problem) for problem in told) or title,
        "errors": [problem.as_dict() for problem in told],
    }
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def _readable(text: str) -> str:
    """The text without what no answer can carry: a field may be named after what was sent."""
    return UNFIT.sub("?", text)


def invalid_request(error: RequestValidationError) -> OcopError:
    """What FastAPI found wrong with a request, in our words; fields as the body has them.

    An address with an impossible number or sign in it names nothing.
    """
    if any(found["loc"][0] == "path" for found in error.errors()):
        return NotFoundError("Không có mục này.", field="địa chỉ", remedy="Kiểm tra số, mã trong địa chỉ.")
    return InputError.of(problems_in(error.errors(), without={"body", "query", "path", "header"}))
