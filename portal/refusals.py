"""The answers to what goes wrong: problem+json under `/api/`, a page everywhere else."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.errors import OcopError, Problem
from portal.desk import Visitor, looking
from portal.errors import CHALLENGE, headers_of, invalid_request, problem_answer, problem_json, status_of
from portal.forms import Sent
from portal.pages.signing_in import sign_in_again
from portal.places import page_of
from portal.rendering import query, render
from portal.resuming import resume_page, to_keep, whose_token
from portal.routing import FinishSignInError, SignInNeededError, StaleFormError
from portal.view import View
from portal.visitors import by_cookie

log = logging.getLogger("ocop.portal")

UNAUTHORISED = 401

WRONG_METHOD = 405
WORDS = {
    400: ("Dữ liệu gửi lên không trọn vẹn", "Kiểm tra đường truyền rồi gửi lại."),
    404: ("Không có trang này", "Kiểm tra địa chỉ, hoặc đi từ trang việc của tôi."),
    405: ("Trang này không nhận thao tác đó", "Mở lại trang rồi thử lại."),
    413: ("Gửi quá nhiều dữ liệu", "Gửi tệp nhỏ hơn hoặc chia nhỏ."),
    415: ("Loại nội dung không nhận", "Gửi JSON, kèm Content-Type: application/json."),
}


async def refused(request: Request, error: Exception) -> Response:
    """One of our errors, or what FastAPI found wrong with the request."""
    known = invalid_request(error) if isinstance(error, RequestValidationError) else error
    if not isinstance(known, OcopError):
        raise error
    if _is_api(request):
        return problem_answer(known)
    status, title = status_of(known)
    answer = await run_in_threadpool(_page, request, status, title, known.problems)
    answer.headers.update(headers_of(known) if status != UNAUTHORISED else {})
    return answer


async def not_ours(request: Request, error: Exception) -> Response:
    """No such address, or not with this method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if status == WRONG_METHOD and request.method == "GET" and not _is_api(request):
        return RedirectResponse(page_of(request.app, request.url.path), 303)  # where a form was sent, looked at again
    title, remedy = WORDS.get(status, ("Không làm được", "Quay lại trang trước rồi thử lại."))
    told = Problem("", title, remedy)
    if _is_api(request):
        return problem_json(status, title, [told], headers=headers)
    answer = await run_in_threadpool(_page, request, status, title, [told])
    answer.headers.update(headers)
    return answer


async def internal(request: Request, error: Exception) -> Response:
    """A fault of ours: it is logged, and told without its insides."""
    log.error("%s %s", request.method, request.url.path, exc_info=error)
    told = Problem("", "Hệ thống gặp lỗi; chưa ghi gì.", "Thử lại; nếu vẫn vậy, báo quản trị kèm giờ xảy ra.")
    if _is_api(request):
        return problem_json(500, "Hệ thống có lỗi", [told])
    return render("bare.html.j2", {"title": "Hệ thống có lỗi", "problems": [told]}, status=500)


async def sign_in_needed(request: Request, error: Exception) -> Response:
    """Sign in first; what was typed in a form meanwhile goes along (signed) and is there afterwards."""
    if _is_api(request):
        return problem_json(401, "Chưa đăng nhập", headers=CHALLENGE)
    sent = error.sent if isinstance(error, SignInNeededError) else None
    if sent is not None and request.headers.get("hx-request"):
        answer = render("session_over.html.j2", {})
        answer.headers["HX-Reswap"] = "innerHTML"  # the place stays, for the next try
        return answer
    if request.method == "POST":
        return await run_in_threadpool(sign_in_again, request, sent or {})
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    address = f"/sign-in{query(next=here if here != '/' else None)}"
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


async def finish_sign_in(request: Request, error: Exception) -> Response:
    """Password or second factor first."""
    if _is_api(request):
        told = Problem("Authorization", "Chưa cài xác thực hai lớp", "Vào cổng bằng trình duyệt và cài trước.")
        return problem_json(403, "Không được phép", [told])
    return RedirectResponse(error.path if isinstance(error, FinishSignInError) else "/", 303)


async def stale_form(request: Request, error: Exception) -> Response:
    """A form from before the last sign-in, or from elsewhere: nothing is done; the same person's is given back."""
    if isinstance(error, StaleFormError) and error.visitor is not None and not request.headers.get("hx-request"):
        again = await run_in_threadpool(_own_form, request, error.sent, error.visitor)
        if again is not None:
            return again
    told = Problem("", "Biểu mẫu đã cũ (phiên đăng nhập đã đổi); chưa ghi gì.", "Mở lại trang rồi gửi lại.")
    return await run_in_threadpool(_page, request, 403, "Biểu mẫu đã cũ", [told])


def _own_form(request: Request, sent: Sent, visitor: Visitor) -> Response | None:
    token = next(iter(sent.get("_csrf", ())), "")
    kept = to_keep(request, sent)
    if not token or not kept or whose_token(token) != visitor.person_id:
        return None
    return resume_page(request.url.path, kept, visitor.csrf)


def _page(request: Request, status: int, title: str, problems: Sequence[Problem]) -> Response:
    with looking(by_cookie(request)) as desk:
        return View(desk, request).page("problem.html.j2", status=status, title=title, problems=list(problems))


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")
