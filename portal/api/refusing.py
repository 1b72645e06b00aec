"""What the API answers when it does not do what was asked, as its document tells it."""

from __future__ import annotations

from typing import Any

PROBLEM_TYPE = "application/problem+json"
BEARER = "bearer"
KEY_HEADER = "Idempotency-Key"

SCHEMES: dict[str, Any] = {
    BEARER: {"type": "http", "scheme": "bearer", "description": "Mã truy cập tạo ở trang tài khoản của mình."}
}

PROBLEMS: dict[str, Any] = {
    "Problem": {
        "type": "object",
        "required": ["field", "problem", "remedy"],
        "properties": {"field": {"type": "string"}, "problem": {"type": "string"}, "remedy": {"type": "string"}},
    },
    "ProblemAnswer": {
        "type": "object",
        "required": ["type", "title", "status", "detail", "errors"],
        "properties": {
            "type": {"type": "string", "title": "Loại (địa chỉ mô tả)"},
            "title": {"type": "string", "title": "Tóm tắt"},
            "status": {"type": "integer", "title": "Mã HTTP"},
            "detail": {"type": "string", "title": "Bằng lời"},
            "errors": {
                "type": "array",
                "title": "Từng điều chưa đúng",
                "items": {"$ref": "#/components/schemas/Problem"},
            },
        },
    },
}

REASONS = {
    400: "Nội dung gửi lên không đọc được",
    401: "Thiếu mã truy cập, hoặc mã sai, hết hạn, không đủ phạm vi",
    403: "Người này không được phép",
    404: "Không có, hoặc không được xem",
    409: "Đã có người làm trước, hoặc chưa đến, đã qua bước này",
    412: "Đã có bản mới hơn bản nêu trong If-Match",
    413: "Gửi quá nhiều dữ liệu",
    415: "Loại nội dung không nhận",
    422: "Thông tin chưa đúng; `errors` nêu từng mục",
    429: "Tra cứu quá nhiều lần; `Retry-After` nói sau bao nhiêu giây thử lại",
    503: "Hệ thống đang bận; thử lại sau",
}

ALWAYS = {404, 422, 503}
WITH_TOKEN = {401, 403}
OPEN = {429}
ACTING = {400, 409, 412, 413, 415}
UNCHANGED = {"description": "Chưa thay đổi so với bản nêu trong If-None-Match"}


def refusals_of(method: str, *, public: bool) -> dict[str, Any]:
    """The answers of one operation other than success, by status."""
    statuses = ALWAYS | (OPEN if public else WITH_TOKEN) | (ACTING if method == "POST" else set())
    found = {str(status): _refusal(status) for status in sorted(statuses)}
    return found if method == "POST" else {"304": UNCHANGED} | found


def _refusal(status: int) -> dict[str, Any]:
    content = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemAnswer"}}}
    told: dict[str, Any] = {"description": REASONS[status], "content": content}
    if status == 401:  # noqa: PLR2004
        told["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "Bearer"}}
    return told
