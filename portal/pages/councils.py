"""Councils and their meetings: who sits, who has handed in, and what the scoring came to once it is closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from models.access.scores import may_see_who_submitted
from models.councils.keeping import check_keeps
from models.councils.meeting_view import meeting_by_id, meeting_view
from models.councils.reading import council_views
from models.councils.results_view import meeting_charts, meeting_results, product_chart, results_open
from models.enums import Role
from models.errors import NotAllowedError, NotFoundError
from models.tables import Council
from portal.access import of
from portal.acts.council_steps import meeting_progress
from portal.desk import Desk
from portal.menu import MENU, Link
from portal.pictures import picture
from portal.routing import page
from portal.view import View

router = APIRouter()

COUNCILS = of(
    Role.COORDINATOR, Role.COUNCIL_SECRETARY, Role.COUNCIL_MEMBER, Role.ADVISORY_MEMBER, Role.LEADER, Role.AUDITOR
)
KNOWS_WHO_SCORED = of(Role.COORDINATOR, Role.COUNCIL_SECRETARY, Role.AUDITOR)
MENU.append(Link("Hội đồng", "/councils", COUNCILS, order=40))


@page(router, "/councils", COUNCILS)
def councils(view: View) -> Response:
    """The councils, those in force first, with their meetings."""
    desk = view.desk
    found = council_views(desk.session, desk.capacities, desk.today)
    rows = {one.id: desk.session.get_one(Council, one.id) for one in found}
    kept = {number for number, council in rows.items() if _keeps(desk, council)}
    return view.page("councils/list.html.j2", title="Hội đồng", councils=found, kept=kept)


def check_seen(desk: Desk, ids: Mapping[str, Any]) -> None:
    """Refuse a meeting that is not the visitor's to see."""
    meeting_by_id(desk.session, desk.capacities, ids["session_id"])


@page(router, "/sessions/{session_id}", COUNCILS, check=check_seen)
def meeting(view: View, session_id: int) -> Response:
    """One meeting."""
    desk = view.desk
    found = meeting_by_id(desk.session, desk.capacities, session_id)
    seen = meeting_view(desk.session, desk.capacities, found, desk.today)
    title = f"Phiên họp hội đồng {found.round.title} (lần {found.number})"
    return view.page("councils/meeting.html.j2", title=title, meeting=seen, results_open=results_open(found))


@page(router, "/sessions/{session_id}/progress", KNOWS_WHO_SCORED)
def live(view: View, session_id: int) -> Response:
    """Who has handed in: the part of the meeting's page that looks again every few seconds."""
    desk = view.desk
    found = meeting_by_id(desk.session, desk.capacities, session_id)
    if not may_see_who_submitted(desk.session, desk.capacities, found):
        raise NotAllowedError("Chỉ thư ký xem được ai đã nộp phiếu.", field="actor", remedy="Hỏi thư ký hội đồng.")
    return view.part("councils/progress.html.j2", **meeting_progress(desk, found))


@page(router, "/sessions/{session_id}/results", COUNCILS)
def results(view: View, session_id: int) -> Response:
    """What the scoring came to, once it is closed."""
    desk = view.desk
    found = meeting_by_id(desk.session, desk.capacities, session_id)
    lines = meeting_results(desk.session, desk.capacities, found)
    charts = meeting_charts(desk.session, desk.capacities, found)
    seen = meeting_view(desk.session, desk.capacities, found, desk.today)
    title = f"Kết quả chấm {found.round.title} (phiên {found.number})"
    return view.page("councils/results.html.j2", title=title, meeting=seen, results=lines, charts=charts)


@page(router, "/sessions/{session_id}/products/{product_id}/chart.svg", COUNCILS)
def chart(view: View, session_id: int, product_id: int) -> Response:
    """Points by part against the gates, as a picture."""
    found = meeting_by_id(view.desk.session, view.desk.capacities, session_id)
    product = next((one for one in found.products if one.id == product_id), None)
    if product is None:
        raise NotFoundError("Không có sản phẩm này trong phiên họp.", field="product", remedy="Mở lại trang kết quả.")
    return picture(product_chart(view.desk.session, view.desk.capacities, product))


def _keeps(desk: Desk, council: Council) -> bool:
    try:
        check_keeps(council, desk.acting(Role.COORDINATOR, Role.COUNCIL_SECRETARY))
    except NotAllowedError:
        return False
    return True
