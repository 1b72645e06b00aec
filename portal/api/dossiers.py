"""Dossiers through the API."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from models.audit_list import AuditLine
from models.dossiers.comparing import Comparison
from models.dossiers.listing import DossierRow, dossier_page
from models.dossiers.seeing import DossierView, dossier_view, visible_audit, visible_comparison
from models.enums import AttemptStatus, Role, TokenScope
from models.paging import Page, PageAsked
from portal.access import CASES, declare, of
from portal.api import api_router
from portal.api.reading import read
from portal.desk import Desk, looking, working
from portal.pages.dossiers import EXPORTERS, package, wanted_dossiers
from portal.routing import let_in
from portal.visitors import by_token

router = api_router()


@read(router, "/dossiers", CASES, Page[DossierRow], "Các hồ sơ", tag="Hồ sơ")
def dossiers(
    desk: Desk, search: str = "", round: str = "", status: AttemptStatus | None = None, page: int = 1, size: int = 25
) -> Page[DossierRow]:
    """Hồ sơ tôi được xem; `search`: từ trong tên sản phẩm, chủ thể hoặc mã, không cần dấu."""
    wanted = wanted_dossiers(desk, search, round, status or "")
    return dossier_page(desk.session, wanted, PageAsked(page, size))


@read(router, "/dossiers/{code}", CASES, DossierView, "Một hồ sơ", tag="Hồ sơ")
def dossier(desk: Desk, code: str) -> DossierView:
    """Mọi điều tôi được xem của hồ sơ: đang ở đâu, các lần nộp, giấy tờ, báo cáo xã, tư vấn, kết quả, diễn biến."""
    return dossier_view(desk.session, desk.capacities, code, desk.today)


@read(router, "/dossiers/{code}/comparison", CASES, Comparison, "So hai lần nộp", tag="Hồ sơ")
def comparison(desk: Desk, code: str, before: int | None = None, after: int | None = None) -> Comparison:
    """Hai lần nộp cạnh nhau, mặc định hai lần cuối."""
    numbers = (before, after) if before is not None and after is not None else None
    return visible_comparison(desk.session, desk.capacities, code, numbers)


@read(
    router, "/dossiers/{code}/audit", of(Role.COORDINATOR, Role.AUDITOR, Role.LEADER), list[AuditLine],
    "Nhật ký của hồ sơ", tag="Hồ sơ",
)  # fmt: skip
def audit(desk: Desk, code: str) -> list[AuditLine]:
    """Mọi dòng nhật ký về hồ sơ, mới nhất trước."""
    return visible_audit(desk.session, desk.capacities, code)


def take_out(request: Request, code: str, scores: bool = False) -> Response:
    """Cả hồ sơ thành một tệp ZIP kèm mã băm; việc xuất được ghi vào nhật ký. `scores`: kèm phiếu chấm đã kết thúc."""
    with looking(by_token(request, TokenScope.READ)) as desk:
        let_in(desk, of(*EXPORTERS), request.url.path)
        visitor = desk.visitor
    with working(visitor) as desk:
        return package(desk, code, scores=scores)


declare(take_out, of(*EXPORTERS))
router.add_api_route(
    "/dossiers/{code}/package", take_out, methods=["POST"], summary="Xuất cả hồ sơ (ZIP)", tags=["Hồ sơ"],
    operation_id="take_out_dossier", response_class=Response,
    responses={200: {"content": {"application/zip": {}}}},
)  # fmt: skip
