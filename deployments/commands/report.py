"""`ocop report`: reports of a year, figures of a round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from deployments.commands.call import Answer
from deployments.commands.data import reading_desk
from deployments.commands.options import Number
from deployments.commands.tables import draw
from models.offices.owning import whose_plan
from models.reports.seeing import Steering, steering
from models.reports.steering import StepTimeLine
from models.reports.year import YearReport, plans_of, year_report
from models.rounds.queries import round_by_code

if TYPE_CHECKING:
    from rich.console import Console

app = App(name="report", help="Báo cáo.")


@app.command
def year(year_: Annotated[Number | None, Parameter("YEAR", help="Năm (mặc định: năm nay).")] = None, /) -> Answer:
    """Báo cáo cuối năm: kết quả so với chỉ tiêu, hồ sơ, việc trễ hạn, giấy sắp hết hiệu lực."""
    with reading_desk() as desk:
        plans = plans_of(desk.session, desk.today.year if year_ is None else year_)
        reports = [year_report(desk.session, plan, desk.today) for plan in plans]
    return Answer(reports, lambda console: _draw(console, reports))


@app.command(name="round")
def round_(code: Annotated[str, Parameter("ROUND", help="Mã đợt.")], /) -> Answer:
    """Số liệu điều hành của một đợt: tiến độ, thời gian từng bước so với hạn, lý do trả, điều kiện sao hay bị thiếu."""
    with reading_desk() as desk:
        row = round_by_code(desk.session, code)
        found = steering(desk.session, [row], [row.plan.year], desk.today)
        title = row.title
    return Answer(found, lambda console: _draw_round(console, title, found))


def _draw_round(console: Console, title: str, found: Steering) -> None:
    console.print(title)
    for heading, columns, rows in _round_tables(found):
        draw(heading, columns, rows)(console)


def _round_tables(found: Steering) -> list[tuple[str, list[str], list[tuple[Any, ...]]]]:
    (progress,) = found.progress.values()
    times = ["Việc", "Đơn vị", "Số việc", "Trung vị", "9/10 xong trong", "Hạn", "Trễ", "Tỷ lệ trễ"]
    return [
        (
            "Tiến độ",
            ["Bước", "Đúng hạn", "Trễ"],
            [(f"{one.step}. {one.name}", one.on_time, one.late) for one in progress.steps],
        ),
        ("Hồ sơ đã kết thúc", ["Kết quả", "Hồ sơ"], list(progress.ended.items())),
        ("Thời gian từng bước (ngày)", times, [_time(line) for line in (*found.times, *found.unit_times)]),
        (
            "Lý do trả hồ sơ",
            ["Thiếu", "Hồ sơ", "Tỷ lệ"],
            [(r.label, r.dossiers, _percent(r.share)) for r in found.reasons],
        ),
        (
            "Điều kiện sao đã giữ sản phẩm dưới hạng điểm của nó",
            ["Bộ", "Tiêu chí", "Sao", "Sản phẩm", "Tỷ lệ"],
            [(f"{g.number}. {g.set_name}", g.title, g.stars, g.products, _percent(g.share)) for g in found.gates],
        ),
    ]


def _time(line: StepTimeLine) -> tuple[Any, ...]:
    share = _percent(line.late_share)
    return (
        line.label,
        line.unit or "tất cả",
        line.done,
        _days(line.median),
        line.p90,
        _days(line.term),
        line.late,
        share,
    )


def _days(days: float) -> str:
    return f"{days:g}".replace(".", ",")


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _draw(console: Console, reports: list[YearReport]) -> None:
    for report in reports:
        console.print(whose_plan(report.office, report.made_by))
        console.print(report.summary)
        for title, columns, rows in _tables(report):
            draw(title, columns, rows)(console)


def _tables(report: YearReport) -> list[tuple[str, list[str], list[tuple[Any, ...]]]]:
    met = {True: "đạt", False: "chưa đạt", None: ""}
    return [
        (
            "So với chỉ tiêu",
            ["Hạng", "Được công nhận", "Ít nhất", "Phấn đấu", ""],
            [(f"{s.stars} sao", s.recognised, s.target, s.guided, met[s.met]) for s in report.stars],
        ),
        (
            "Các đợt",
            ["Mã", "Trạng thái", "Mở", "Kết thúc", "Kế hoạch", "Hồ sơ", "Công nhận", "Quyết định"],
            [
                (
                    r.code,
                    r.status_label,
                    r.opens_on,
                    r.closes_on,
                    r.planned,
                    r.handed_in,
                    r.recognised,
                    ", ".join(r.decisions),
                )
                for r in report.rounds
            ],
        ),
        ("Hồ sơ", ["Kết quả", "Số hồ sơ"], [(e.label, e.dossiers) for e in report.ends]),
        (
            "Sản phẩm được công nhận",
            ["Sản phẩm", "Chủ thể", "Địa bàn", "Loại", "Hạng", "Giấy chứng nhận", "Quyết định", "Ngày cấp"],
            [
                (
                    p.product,
                    p.producer,
                    p.commune,
                    p.kind_label,
                    f"{p.stars} sao",
                    p.certificate,
                    p.decision_number,
                    p.issued_on,
                )
                for p in report.recognised
            ],
        ),
        (
            "Trễ hạn theo đơn vị",
            ["Đơn vị", "Xong muộn", "Còn quá hạn"],
            [(t.unit, t.closed_late, t.still_late) for t in report.late],
        ),
        (
            f"Giấy chứng nhận hết hiệu lực trong năm {report.year + 1}",
            ["Giấy", "Sản phẩm", "Địa bàn", "Hạng", "Đến ngày"],
            [(c.certificate, c.product, c.commune, f"{c.stars} sao", c.valid_until) for c in report.ending],
        ),
    ]
