"""The figures by which a year is steered as a workbook: one sheet a table, figures as numbers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from models.clock import vn_date
from models.reports.seeing import Steering
from models.reports.steering import StarsLine, StepTimeLine
from models.workbooks.columns import Column, Kind, SheetPlan
from models.workbooks.writing import new_book, write_table

PROGRESS = (
    Column("round", "Đợt", 20),
    Column("name", "Bước, kết quả", 34),
    Column("on_time", "Đang chờ, trong hạn", 12, Kind.WHOLE),
    Column("late", "Quá hạn", 10, Kind.WHOLE),
    Column("idle", "Không chờ ai", 12, Kind.WHOLE),
)
LATE = (
    Column("unit", "Đơn vị, người", 40),
    Column("open", "Việc đang mở", 12, Kind.WHOLE),
    Column("late", "Việc quá hạn", 12, Kind.WHOLE),
    Column("most_days", "Trễ lâu nhất (ngày)", 14, Kind.WHOLE),
)
_DAYS = (
    Column("done", "Số việc", 9, Kind.WHOLE),
    Column("median", "Nửa số việc xong trong (ngày)", 15, Kind.NUMBER),
    Column("p90", "9/10 xong trong (ngày)", 13, Kind.WHOLE),
    Column("term", "Hạn (ngày)", 10, Kind.NUMBER),
    Column("late", "Việc trễ", 9, Kind.WHOLE),
    Column("late_share", "Tỷ lệ trễ", 10, Kind.SHARE),
)
TIMES = (Column("label", "Bước", 34), *_DAYS)
UNIT_TIMES = (Column("label", "Bước", 30), Column("unit", "Đơn vị, người", 34), *_DAYS)
REASONS = (
    Column("label", "Giấy tờ thiếu", 50),
    Column("dossiers", "Hồ sơ", 10, Kind.WHOLE),
    Column("share", "Trong số hồ sơ bị trả", 14, Kind.SHARE),
)
GATES = (
    Column("number", "Bộ số", 8, Kind.WHOLE),
    Column("set_name", "Bộ tiêu chí", 34),
    Column("title", "Tiêu chí", 50),
    Column("stars", "Điều kiện (sao)", 10, Kind.WHOLE),
    Column("products", "Sản phẩm", 10, Kind.WHOLE),
    Column("share", "Trong số đã chấm", 12, Kind.SHARE),
)
STARS = (
    Column("year", "Năm", 8, Kind.WHOLE),
    Column("commune", "Xã, thị trấn", 30),
    *(Column(str(stars), f"{stars} sao", 8, Kind.WHOLE) for stars in (3, 4, 5)),
    Column("total", "Tổng", 8, Kind.WHOLE),
)


def export_steering(found: Steering, path: Path, now: datetime) -> int:
    """One sheet for each table of the report page; the number of lines of all."""
    upto = f"Năm {found.year}, tính đến ngày {vn_date(now):%d/%m/%Y}."
    clock = f"{upto} Ngày theo đơn vị của từng hạn (ngày làm việc hoặc ngày lịch)."
    sheets: list[tuple[SheetPlan, list[dict[str, Any]]]] = [
        (SheetPlan("Tiến độ", "TIẾN ĐỘ TỪNG ĐỢT", PROGRESS, upto), _progress(found)),
        (SheetPlan("Việc quá hạn", "VIỆC QUÁ HẠN THEO ĐƠN VỊ", LATE, upto), _rows(found.late)),
        (SheetPlan("Thời gian từng bước", "THỜI GIAN TỪNG BƯỚC SO VỚI HẠN", TIMES, clock), _times(found.times)),
        (SheetPlan("Theo đơn vị", "THỜI GIAN SO VỚI HẠN, THEO ĐƠN VỊ", UNIT_TIMES, clock), _times(found.unit_times)),
        (SheetPlan("Lý do trả hồ sơ", "LÝ DO TRẢ HỒ SƠ", REASONS, upto), _rows(found.reasons)),
        (SheetPlan("Điều kiện sao thiếu", "ĐIỀU KIỆN SAO HAY BỊ THIẾU", GATES, upto), _rows(found.gates)),
        (SheetPlan("Sao theo năm", "SẢN PHẨM ĐƯỢC CÔNG NHẬN THEO NĂM", STARS, upto), _stars(found.stars)),
        (SheetPlan("Sao theo xã", "SẢN PHẨM ĐƯỢC CÔNG NHẬN THEO XÃ", STARS, upto), _stars(found.communes)),
    ]
    with new_book(path, now, f"Số liệu điều hành năm {found.year}") as book:
        for plan, rows in sheets:
            write_table(book, plan, rows)
    return sum(len(rows) for _, rows in sheets)


def _rows(lines: Iterable[Any]) -> list[dict[str, Any]]:
    return [vars(line) for line in lines]


def _times(lines: Iterable[StepTimeLine]) -> list[dict[str, Any]]:
    return _rows(lines)


def _progress(found: Steering) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for title, progress in found.progress.items():
        rows += [
            {"round": title, "name": f"{step.step}. {step.name}", "on_time": step.on_time, "late": step.late}
            for step in progress.steps
        ]
        idle = {"đang chuyển bước": progress.between, **progress.ended, "chưa nộp hồ sơ": progress.not_handed_in}
        rows += [{"round": title, "name": name, "idle": count} for name, count in idle.items() if count]
    return rows


def _stars(lines: Iterable[StarsLine]) -> list[dict[str, Any]]:
    return [
        {"year": line.year, "commune": line.commune, "total": line.total}
        | {str(stars): line.by_stars.get(stars, 0) for stars in (3, 4, 5)}
        for line in lines
    ]
