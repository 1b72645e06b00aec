"""Councils, meetings, one's own sheets and results through the API."""

from __future__ import annotations

from pydantic import Field
from pydantic.dataclasses import dataclass

from models.councils.agenda import Candidate, candidates
from models.councils.meeting_view import MeetingView, meeting_by_id, meeting_view
from models.councils.reading import CouncilView, council_views
from models.councils.results_view import ProductResult, meeting_results
from models.councils.sheet_drafts import SheetDraft, load_sheet_draft, sheet_product
from models.councils.sheet_view import HandedIn, SheetView, own_sheet, running, sheet_view
from models.councils.signing_view import DraftDecision, draft_decision
from models.dossiers.self_assessment import SelfScore
from models.enums import Role
from models.errors import NotFoundError, WrongMomentError
from models.process.kinds import StepKind
from models.tables import WorkItem
from models.work_items.queries import item_by_id
from models.work_items.seeing import seen_item
from portal.access import of
from portal.api import api_router
from portal.api.reading import read
from portal.desk import Desk
from portal.pages.councils import COUNCILS

router = api_router()
TAG = "Hội đồng"
MAKE_AGENDA = of(Role.COUNCIL_SECRETARY, Role.COORDINATOR, Role.AUDITOR)


@dataclass(frozen=True)
class OwnSheet:
    """One's own sheet: what may be chosen, what is chosen so far, what it comes to, what was handed in."""

    sheet: SheetView = Field(title="Phiếu")
    draft: SheetDraft | None = Field(title="Bản nháp")
    so_far: SelfScore = Field(title="Cộng đến nay")
    handed_in: HandedIn | None = Field(title="Phiếu đã nộp")


@read(router, "/councils", COUNCILS, list[CouncilView], "Các hội đồng", tag=TAG)
def councils(desk: Desk) -> list[CouncilView]:
    """Hội đồng đang hiệu lực đứng trước; kèm thành viên, quy chế, các phiên họp được xem."""
    return council_views(desk.session, desk.capacities, desk.today)


@read(router, "/sessions/{session_id}", COUNCILS, MeetingView, "Một phiên họp", tag=TAG)
def council_session(desk: Desk, session_id: int) -> MeetingView:
    """Chương trình, thành viên; ai đã nộp phiếu chỉ cho thư ký, điều phối, kiểm toán. Không có điểm."""
    return meeting_view(
        desk.session, desk.capacities, meeting_by_id(desk.session, desk.capacities, session_id), desk.today
    )


@read(router, "/sessions/{session_id}/results", COUNCILS, list[ProductResult], "Kết quả một phiên họp", tag=TAG)
def council_results(desk: Desk, session_id: int) -> list[ProductResult]:
    """Điểm, chênh lệch, điều kiện sao, kết luận từng sản phẩm; từ khi thư ký đóng chấm điểm."""
    meeting = meeting_by_id(desk.session, desk.capacities, session_id)
    return meeting_results(desk.session, desk.capacities, meeting)


@read(router, "/items/{item_id}/candidates", MAKE_AGENDA, list[Candidate], "Hồ sơ để đưa ra hội đồng", tag=TAG)
def council_candidates(desk: Desk, item_id: int) -> list[Candidate]:
    """Các hồ sơ của đợt ở việc triệu tập: hồ sơ sẵn sàng, và hồ sơ khác còn chờ gì."""
    item = _seen(desk, item_id, StepKind.COUNCIL_CONVENING)
    return candidates(desk.session, item.round.id)


@read(router, "/items/{item_id}/sheet", of(Role.COUNCIL_MEMBER), OwnSheet, "Phiếu chấm của mình", tag=TAG)
def own_score_sheet(desk: Desk, item_id: int) -> OwnSheet:
    """Phiếu của chính người dùng: các mức, bản nháp, điểm cộng đến nay, phiếu đã nộp."""
    item = _seen(desk, item_id, StepKind.SCORE_SHEET)
    if item.assignee_id != desk.visitor.person_id:
        raise NotFoundError(f"Không có phiếu ở việc số {item_id}.", field="item", remedy="Xem danh sách việc của mình.")
    product = sheet_product(desk.session, item)
    handed_in = own_sheet(desk.session, item, product)
    draft = load_sheet_draft(desk.session, item, desk.acting_on(item)) if handed_in is None else None
    choices = handed_in.choices if handed_in is not None else draft.choices if draft is not None else {}
    return OwnSheet(sheet_view(desk.session, item, product), draft, running(product, choices), handed_in)


@read(
    router, "/items/{item_id}/draft-decision", of(Role.LEADER, Role.COORDINATOR, Role.AUDITOR), DraftDecision,
    "Dự thảo kết quả để ký", tag=TAG,
)  # fmt: skip
def draft_results(desk: Desk, item_id: int) -> DraftDecision:
    """Từng sản phẩm: điểm, sao, được công nhận, chuyển lên đâu; quyết định sẽ thực hiện đúng như vậy."""
    found = draft_decision(desk.session, _seen(desk, item_id, StepKind.DECISION_SIGNING).round)
    if found is None:
        raise WrongMomentError("Hội đồng chưa kết luận.", field="item", remedy="Chờ kết luận phiên họp.")
    return found


def _seen(desk: Desk, item_id: int, kind: StepKind) -> WorkItem:
    item = item_by_id(desk.session, item_id)
    seen_item(desk.session, desk.capacities, item, desk.today)
    if item.kind is not kind:
        raise NotFoundError(f"Việc số {item_id} không có mục này.", field="item", remedy="Xem việc để biết loại.")
    return item
