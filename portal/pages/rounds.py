"""Rounds: the list, the board of one, its calendar, how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from models.access import sees_whole_round
from models.charts import Chart
from models.charts.rounds import progress_chart
from models.enums import Role, RoundStatus
from models.notifications.links import run_address
from models.rounds.board import board_page
from models.rounds.board_index import BoardFilter
from models.rounds.calendar import CalendarEntry
from models.rounds.calendar_file import calendar_file
from models.rounds.listing import round_row
from models.rounds.seeing import (
    board_scope,
    visible_calendar,
    visible_plan,
    visible_progress,
    visible_round,
    visible_round_rows,
)
from models.subjects import round_subject
from models.tables import Round
from portal.access import CASES
from portal.asked import number, page_number
from portal.desk import Desk
from portal.menu import MENU, ROUNDS, Link
from portal.pictures import picture
from portal.routing import page
from portal.view import View

router = APIRouter()
MENU.append(Link("Đợt", "/rounds", CASES, order=20, group=ROUNDS))


@page(router, "/rounds", CASES)
def index(view: View) -> Response:
    """The rounds that the visitor has to do with."""
    desk = view.desk
    rows = visible_round_rows(desk.session, desk.capacities)
    return view.page("rounds/index.html.j2", title="Các đợt", rows=rows, coordinates=Role.COORDINATOR in desk.roles)


def check_seen(desk: Desk, ids: Mapping[str, Any]) -> None:
    """Refuse a round that is not the visitor's to see."""
    visible_round(desk.session, desk.capacities, ids["code"])


@page(router, "/rounds/{code}", CASES, asks=check_seen)
def board(view: View, code: str, commune: str = "", step: str = "", late: str = "", page: str = "1") -> Response:
    """The board of a round: every product, where it is, for whom it waits and until when."""
    desk = view.desk
    round_ = visible_round(desk.session, desk.capacities, code)
    wanted = BoardFilter(commune=commune or None, step=number(step, "step"), late=bool(late))
    scope = board_scope(desk.session, desk.capacities, round_)
    found = board_page(desk.session, round_, desk.today, wanted, page_number(page), scope)
    coordinates = Role.COORDINATOR in desk.roles and scope is None
    return view.page(
        "rounds/board.html.j2",
        title=found.title,
        board=found,
        round=round_row(desk.session, round_),
        year=round_.plan.year,
        chosen={"commune": commune, "step": step, "late": late},
        whole=scope is None,
        may_open=coordinates and round_.status is RoundStatus.PLANNED,
        run=run_address(desk.session, round_subject(round_.id)) if coordinates else None,
    )


@page(router, "/rounds/{code}/progress", CASES)
def progress(view: View, code: str) -> Response:
    """How far the round is, as a picture with its figures."""
    round_, chart = _progress(view.desk, code)
    return view.page("rounds/progress.html.j2", title=f"Tiến độ {round_.title}", round=round_, chart=chart)


@page(router, "/rounds/{code}/progress.svg", CASES)
def progress_picture(view: View, code: str) -> Response:
    """The picture alone."""
    return picture(_progress(view.desk, code)[1])


@page(router, "/rounds/{code}/calendar", CASES)
def calendar(view: View, code: str) -> Response:
    """Everything dated of a round, month by month."""
    desk = view.desk
    round_ = visible_round(desk.session, desk.capacities, code)
    whole = sees_whole_round(desk.session, desk.capacities, round_)
    months: dict[str, list[CalendarEntry]] = {}
    for entry in visible_calendar(desk.session, desk.capacities, round_, desk.today):
        months.setdefault(f"Tháng {entry.on.month} năm {entry.on.year}", []).append(entry)
    return view.page("rounds/calendar.html.j2", title=f"Lịch {round_.title}", round=round_, months=months, whole=whole)


@page(router, "/rounds/{code}/calendar.ics", CASES)
def calendar_download(view: View, code: str) -> Response:
    """The same for a calendar program."""
    desk = view.desk
    round_ = visible_round(desk.session, desk.capacities, code)
    entries = visible_calendar(desk.session, desk.capacities, round_, desk.today)
    made = calendar_file(round_.code, round_.title, entries, desk.now)
    headers = {"Content-Disposition": f'attachment; filename="ocop-{round_.id}.ics"'}
    return Response(made, headers=headers, media_type="text/calendar; charset=utf-8")


@page(router, "/plans/{year}", CASES)
def plan(view: View, year: int, office: str = "") -> Response:
    """The plan of a year: targets, grounds, rounds with the products expected."""
    desk = view.desk
    found = visible_plan(desk.session, desk.capacities, year, office or None)
    return view.page("rounds/plan.html.j2", title=f"Kế hoạch năm {found.year}", plan=found)


def _progress(desk: Desk, code: str) -> tuple[Round, Chart]:
    round_ = visible_round(desk.session, desk.capacities, code)
    found = visible_progress(desk.session, desk.capacities, round_, desk.today)
    return round_, progress_chart(found, round_.title)
