"""`ocop export`: what leaves as workbooks and open data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from deployments.commands.call import Answer
from deployments.commands.data import reading_desk
from deployments.commands.files import path_to_write
from deployments.commands.options import Day, Number
from models.councils.sessions import latest_session, session_of
from models.reports.year import plans_of
from models.rounds.queries import round_by_code

app = App(name="export", help="Xuất ra Excel, dữ liệu mở.")

Out = Annotated[str, Parameter(help="Tệp Excel sẽ tạo (.xlsx).")]
On = Annotated[Day | None, Parameter(help="Tính đến ngày (mặc định: hôm nay).")]
RoundCode = Annotated[str, Parameter("ROUND", help="Mã đợt, ví dụ 2024-1.")]


@app.command
def board(round_: RoundCode, /, *, out: Out) -> Answer:
    """Bảng theo dõi của một đợt: sản phẩm ở bước nào, chờ ai, hạn nào."""
    from models.workbooks.exports.lists import export_board

    path = path_to_write(out)
    with reading_desk() as desk:
        rows = export_board(desk.session, round_by_code(desk.session, round_), path, desk.now)
    return _done(path, rows, f"Đã xuất bảng theo dõi đợt {round_}")


@app.command
def register(*, out: Out, on: On = None) -> Answer:
    """Sổ giấy chứng nhận."""
    from models.workbooks.exports.lists import export_register

    path = path_to_write(out)
    with reading_desk() as desk:
        rows = export_register(desk.session, path, desk.now, on or desk.today)
    return _done(path, rows, "Đã xuất sổ giấy chứng nhận")


@app.command
def scores(
    round_: RoundCode,
    /,
    *,
    out: Out,
    session: Annotated[Number | None, Parameter(help="Phiên họp thứ mấy của đợt (mặc định: phiên cuối).")] = None,
) -> Answer:
    """Phiếu điểm của một phiên họp đã kết luận: mỗi sản phẩm một sheet, công thức cộng lại được."""
    from models.workbooks.exports.scores import export_scores

    path = path_to_write(out)
    with reading_desk() as desk:
        found = round_by_code(desk.session, round_)
        meeting = latest_session(desk.session, found.id) if session is None else session_of(found, session)
        rows = export_scores(meeting, path, desk.now)
    return _done(path, rows, f"Đã xuất phiếu điểm đợt {round_}")


@app.command
def ptnt(*, out: Out, on: On = None) -> Answer:
    """Bảng PTNT_OCOP và DanhGiaSanPhamOCOP để gửi báo cáo."""
    from models.workbooks.exports.lists import export_public_tables

    path = path_to_write(out)
    with reading_desk() as desk:
        rows = export_public_tables(desk.session, path, desk.now, on or desk.today)
    return _done(path, rows, "Đã xuất PTNT_OCOP, DanhGiaSanPhamOCOP")


@app.command
def report(year: Annotated[Number, Parameter("YEAR", help="Năm.")], /, *, out: Out) -> Answer:
    """Số liệu điều hành của một năm: tiến độ, thời gian từng bước so với hạn, lý do trả, điều kiện sao hay bị thiếu."""
    from models.reports.seeing import steering
    from models.workbooks.exports.steering import export_steering

    path = path_to_write(out)
    with reading_desk() as desk:
        rounds = [round_ for plan in plans_of(desk.session, year) for round_ in plan.rounds]
        rows = export_steering(steering(desk.session, rounds, [year], desk.today), path, desk.now)
    return _done(path, rows, f"Đã xuất số liệu điều hành năm {year}")


@app.command(name="open-data")
def open_data(*, out: Annotated[str, Parameter(help="Thư mục sẽ ghi CSV, JSON và mô tả.")], on: On = None) -> Answer:
    """Dữ liệu mở về giấy chứng nhận: CSV (UTF-8), JSON và mô tả các trường."""
    from models.workbooks.exports.open_data import export_open_data

    with reading_desk() as desk:
        paths = [str(path) for path in export_open_data(desk.session, Path(out).expanduser(), on or desk.today)]
    return Answer({"files": paths}, "Đã ghi dữ liệu mở:\n  " + "\n  ".join(paths))


def _done(path: Path, rows: int, words: str) -> Answer:
    return Answer({"file": str(path), "rows": rows}, f"{words}: {rows} dòng, {path}")
