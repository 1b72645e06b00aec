"""Rounds and plans through the API."""

from __future__ import annotations

from models.paging import PageAsked
from models.reports.steering import RoundProgress
from models.rounds.board import BoardPage, board_page
from models.rounds.board_index import BoardFilter
from models.rounds.calendar import CalendarEntry
from models.rounds.listing import PlanDetail, RoundRow, round_row
from models.rounds.seeing import (
    board_scope,
    visible_calendar,
    visible_plan,
    visible_progress,
    visible_round,
    visible_round_rows,
)
from portal.access import CASES
from portal.api import api_router
from portal.api.reading import read
from portal.desk import Desk

router = api_router()


@read(router, "/rounds", CASES, list[RoundRow], "Các đợt", tag="Đợt")
def rounds(desk: Desk) -> list[RoundRow]:
    """Các đợt tôi được xem, mới nhất trước."""
    return visible_round_rows(desk.session, desk.capacities)


@read(router, "/rounds/{code}", CASES, RoundRow, "Một đợt", tag="Đợt")
def round_(desk: Desk, code: str) -> RoundRow:
    """Các ngày của đợt, trạng thái, số sản phẩm theo kế hoạch và đã nộp."""
    return round_row(desk.session, visible_round(desk.session, desk.capacities, code))


@read(router, "/rounds/{code}/board", CASES, BoardPage, "Bảng theo dõi của đợt", tag="Đợt")
def board(
    desk: Desk,
    code: str,
    commune: str | None = None,
    step: int | None = None,
    late: bool = False,
    page: int = 1,
    size: int = 25,
) -> BoardPage:
    """Sản phẩm nào ở bước nào, chờ ai, hạn nào; chỉ những hồ sơ tôi được xem."""
    found = visible_round(desk.session, desk.capacities, code)
    scope = board_scope(desk.session, desk.capacities, found)
    return board_page(desk.session, found, desk.today, BoardFilter(commune, step, late), PageAsked(page, size), scope)


@read(router, "/rounds/{code}/calendar", CASES, list[CalendarEntry], "Lịch của đợt", tag="Đợt")
def calendar(desk: Desk, code: str) -> list[CalendarEntry]:
    """Mọi ngày của đợt: mở, nhận hồ sơ, họp, quyết định, hạn luật định, hạn của việc đang mở."""
    found = visible_round(desk.session, desk.capacities, code)
    return visible_calendar(desk.session, desk.capacities, found, desk.today)


@read(router, "/rounds/{code}/progress", CASES, RoundProgress, "Tiến độ của đợt", tag="Đợt")
def progress(desk: Desk, code: str) -> RoundProgress:
    """Bao nhiêu hồ sơ ở từng bước, trong hạn và quá hạn."""
    found = visible_round(desk.session, desk.capacities, code)
    return visible_progress(desk.session, desk.capacities, found, desk.today)


@read(router, "/plans/{year}", CASES, PlanDetail, "Kế hoạch năm", tag="Đợt")
def plan(desk: Desk, year: int, office: str | None = None) -> PlanDetail:
    """Chỉ tiêu, căn cứ, các đợt và sản phẩm dự kiến."""
    return visible_plan(desk.session, desk.capacities, year, office)
