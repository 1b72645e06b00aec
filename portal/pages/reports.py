"""Reports for those who steer: charts of a year with their figures, and the report of the year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from models.access import reach
from models.charts import Chart
from models.charts.rounds import late_chart, progress_chart
from models.charts.stars import communes_chart, years_chart
from models.charts.times import times_chart
from models.enums import Role
from models.errors import NotAllowedError, NotFoundError
from models.reports.seeing import Steering, visible_year_reports
from portal.access import of
from portal.asked import number
from portal.desk import Desk
from portal.figures import kept_steering
from portal.menu import MENU, REPORTS, Link
from portal.pictures import picture
from portal.routing import page
from portal.view import View

router = APIRouter()
STEERERS = of(Role.COORDINATOR, Role.LEADER, Role.AUDITOR)
MENU.append(Link("Báo cáo", "/reports", STEERERS, order=60, group=REPORTS))

MAKERS: dict[str, Callable[[Steering], Chart]] = {
    "late": lambda found: late_chart(found.late),
    "times": lambda found: times_chart(found.times),
    "unit-times": lambda found: times_chart(found.unit_times, "Thời gian làm từng bước so với hạn, theo đơn vị"),
    "years": lambda found: years_chart(found.stars),
    "communes": lambda found: communes_chart(found.communes, found.year),
}
"""Charts of a year by their names in addresses; before them stands how far each of its rounds is (`progress-1`)."""


def makers(found: Steering) -> Mapping[str, Callable[[], Chart]]:
    """Every chart of the page by its name, not drawn yet."""
    rounds = {
        f"progress-{number}": partial(progress_chart, progress, title)
        for number, (title, progress) in enumerate(found.progress.items(), start=1)
    }
    return rounds | {name: partial(make, found) for name, make in MAKERS.items()}


def check_steers(desk: Desk, _ids: Mapping[str, Any]) -> None:
    """Refuse the reports to the head of a commune, who leads none of the rounds that they are about."""
    if all(reach.heads_commune(desk.session, one) for one in desk.capacities if one.role in STEERERS.roles):
        raise NotAllowedError(
            "Báo cáo chỉ dành cho văn phòng điều phối và lãnh đạo phụ trách các đợt.",
            field="actor",
            remedy="Xem sản phẩm của xã ở bảng theo dõi của từng đợt.",
        )


@page(router, "/reports", STEERERS, check=check_steers)
def index(view: View, year: str = "") -> Response:
    """The charts, and why dossiers came back and which gates were missed as tables."""
    desk = view.desk
    found = kept_steering(desk, number(year, "year"))
    charts = {name: make() for name, make in makers(found).items()}
    return view.page("reports/index.html.j2", title=f"Báo cáo năm {found.year}", found=found, charts=charts)


@page(router, "/reports/charts/{name}.svg", STEERERS)
def chart(view: View, name: str, year: str = "") -> Response:
    """One of the pictures."""
    desk = view.desk
    make = makers(kept_steering(desk, number(year, "year"))).get(name)
    if make is None:
        raise NotFoundError(f"Không có biểu đồ «{name}».", field="name", remedy="Mở lại trang báo cáo.")
    return picture(make())


@page(router, "/reports/{year}", STEERERS)
def year(view: View, year: int) -> Response:
    """The report of a year against the targets of its plan."""
    desk = view.desk
    found = visible_year_reports(desk.session, desk.capacities, desk.today, year)
    return view.page("reports/year.html.j2", title=f"Tổng kết năm {year}", reports=found)
