"""Figures for those who steer, through the API."""

from __future__ import annotations

from models.reports.seeing import Steering, visible_year_reports
from models.reports.year import YearReport
from portal.api import api_router
from portal.api.reading import read
from portal.desk import Desk
from portal.figures import kept_steering
from portal.pages.reports import STEERERS

router = api_router()


@read(router, "/reports", STEERERS, Steering, "Số liệu điều hành của một năm", tag="Báo cáo")
def steering_figures(desk: Desk, year: int | None = None) -> Steering:
    """Tiến độ, việc trễ, thời gian từng bước, lý do trả, điều kiện sao thiếu, sao theo năm và xã."""
    return kept_steering(desk, year)


@read(router, "/reports/{year}", STEERERS, list[YearReport], "Tổng kết năm", tag="Báo cáo")
def year_reports(desk: Desk, year: int) -> list[YearReport]:
    """Kết quả của năm so với chỉ tiêu, mỗi kế hoạch một bản."""
    return visible_year_reports(desk.session, desk.capacities, desk.today, year)
