"""`ocop db`: bringing the database to this version, checking that it is whole, backing it up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from deployments.backing_up import back_up
from deployments.commands.call import Answer
from deployments.commands.checks import Report, check_database
from deployments.commands.data import current_settings, need_file, shown_place, writing_desk
from deployments.database_upgrade import inspect
from deployments.database_upgrade import upgrade as bring_up
from models.actors import SYSTEM
from models.backups import note_backup
from models.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

app = App(name="db", help="Cơ sở dữ liệu.")

WRONG = 1
"""Exit status of `db check` when something is wrong."""


@app.command
def upgrade() -> Answer:
    """Tạo cơ sở dữ liệu, hoặc nâng lên phiên bản của phần mềm này."""
    found = current_settings()
    before = inspect(found.domain_url, with_drift=False).current
    try:
        now = bring_up(found.domain_url)
    except OSError as error:
        raise InputError(
            f"Không tạo được thư mục dữ liệu: {error}.", field="OCOP_HOME", remedy="Chọn thư mục khác bằng --home."
        ) from error
    data = {"database": shown_place(found), "before": before, "revision": now}
    words = "đã ở phiên bản này" if before == now else "đã tạo" if before is None else f"đã nâng từ {before}"
    return Answer(data, f"Cơ sở dữ liệu {data['database']}: {words} (mã {now}).")


@app.command
def backup(
    *, out: Annotated[Path, Parameter("--out", help="Thư mục chứa bản sao lưu (nên ở ổ đĩa hoặc máy khác).")]
) -> Answer:
    """Sao lưu cơ sở dữ liệu và các tệp đã nhận trong lúc hệ thống vẫn chạy; ghi lại lúc nào, ở đâu. (Không cần --as)"""
    found = current_settings()
    need_file(found)
    made = back_up(found, out.expanduser().absolute())
    with writing_desk() as desk:
        note_backup(desk.session, made, SYSTEM, desk.now)
    size = (made.database_bytes + made.files_bytes) / 1_000_000
    words = f"Đã sao lưu vào {made.folder}: {made.database} và {made.files} tệp ({size:.1f} MB)."
    return Answer(made, f"{words} Cách phục hồi: docs/van-hanh.md.")


@app.command
def check() -> Answer:
    """Kiểm tra cơ sở dữ liệu: tệp, phiên bản, cấu trúc, hạn của việc, tệp đã nhận. Mã kết thúc 1 khi có sai lệch."""
    found = current_settings()
    need_file(found)
    report = check_database(found)
    return Answer(report, lambda console: _draw(console, report), status=0 if report.ok else WRONG)


def _draw(console: Console, report: Report) -> None:
    console.print(f"Cơ sở dữ liệu: {report.database}")
    if report.needed is not None:
        same = "đúng" if report.revision == report.needed else f"cần {report.needed}; chạy: ocop db upgrade"
        console.print(f"Phiên bản: {report.revision or 'chưa có'} ({same})")
    findings = (
        ("Tệp hỏng", report.integrity),
        ("Liên kết hỏng", report.foreign_keys),
        ("Cấu trúc khác", report.drift),
        ("Hạn sai", [f"việc {d.item}: ghi {d.kept}, sổ {d.ledger or '?'} ({d.problem})" for d in report.due_dates]),
        ("Tệp hồ sơ sai", [f"«{f.name}» ({f.sha256[:12]}…): {f.problem}" for f in report.files]),
    )
    for name, found in findings:
        for line in found:
            console.print(f"{name}: {line}")
    console.print(f"Đã so hạn của {report.items_checked} việc đang chờ, đọc lại {report.files_checked} tệp.")
    console.print("Kết luận: tốt." if report.ok else "Kết luận: có sai lệch; phục hồi bản sao lưu hoặc gọi kỹ thuật.")
