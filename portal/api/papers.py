"""Papers through the API."""

from __future__ import annotations

from models.documents.seeing import PaperLine
from models.files.store import path_of
from models.files.using import file_for
from models.paging import SIZE, Page, PageAsked
from models.settings import settings
from models.signing.certificates import trusted_roots
from models.signing.reports import VerificationReport
from portal.access import CASES
from portal.api import api_router
from portal.api.reading import read
from portal.desk import Desk
from portal.pages.papers import (
    PAPER_KEEPERS,
    certificate_papers,
    dossier_papers,
    papers_waiting,
    round_papers,
)
from portal.papers import PaperView, paper_view

router = api_router()
TAG = "Giấy tờ"


@read(router, "/dossiers/{code}/papers", CASES, list[PaperLine], "Giấy tờ của một hồ sơ", tag=TAG)
def papers_of_dossier(desk: Desk, code: str) -> list[PaperLine]:
    """Các văn bản đã làm cho hồ sơ, mẫu 01 và 02, các bản đã ký."""
    return dossier_papers(desk, code)


@read(router, "/rounds/{code}/papers", CASES, list[PaperLine], "Giấy tờ của một đợt", tag=TAG)
def papers_of_round(desk: Desk, code: str) -> list[PaperLine]:
    """Thông báo, biên bản, tờ trình, quyết định… của đợt, các bản đã ký."""
    return round_papers(desk, code)


@read(router, "/certificates/{code}/papers", CASES, list[PaperLine], "Giấy tờ của một giấy chứng nhận", tag=TAG)
def papers_of_certificate(desk: Desk, code: str) -> list[PaperLine]:
    """Giấy chứng nhận, thông báo, quyết định về nó, các bản đã ký."""
    return certificate_papers(desk, code)


@read(router, "/papers", PAPER_KEEPERS, Page[PaperLine], "Giấy tờ cần xử lý", tag=TAG)
def papers_to_finish(desk: Desk, waiting: str = "", page: int = 1, size: int = SIZE) -> Page[PaperLine]:
    """Giấy tờ của văn phòng đang chờ ghi số (`number`, mặc định) hoặc chờ bản đã ký (`signature`), cũ nhất trước."""
    return papers_waiting(desk, waiting, PageAsked(page, size))


@read(router, "/papers/{kind}/{subject}", CASES, PaperView, "Một giấy tờ", tag=TAG)
def one_paper(desk: Desk, kind: str, subject: str) -> PaperView:
    """Số, ngày, bản đang dùng, các bản đã ký với kết quả kiểm tra chữ ký."""
    return paper_view(desk, kind, subject)


@read(router, "/files/{sha256}/signatures", CASES, VerificationReport, "Kiểm tra chữ ký số của một tệp", tag=TAG)
def file_signatures(desk: Desk, sha256: str) -> VerificationReport:
    """Ai ký, lúc nào, văn bản có bị sửa không, nơi cấp chứng thư có được tin cậy không, tính đến bây giờ."""
    from models.signing.verifying import verify_file

    row, found = file_for(desk.session, sha256, desk.held), settings()
    return verify_file(path_of(found.files_dir, row.sha256), trusted_roots(found.trust_dir), desk.now)
