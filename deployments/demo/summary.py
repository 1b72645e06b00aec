"""The summary that `ocop demo` prints at the end."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from models.enums import AttemptStatus

STARS = "★"


def print_summary(facts: dict[str, Any], console: Console) -> None:
    """Results by product, then the targets of the plan and the counters."""
    console.print(_results(facts))
    console.print(_targets(facts))
    counters = facts["counters"]
    console.print(
        f"{counters['steps_completed']} bước đã xong, {counters['score_sheets']} phiếu chấm; "
        f"{counters.get('flow_runs', 0)} lượt chạy, {counters.get('resumes', 0)} lần chạy tiếp, "
        f"{counters.get('retries', 0)} lần thử lại, {counters['signals_redelivered']} tín hiệu phát lại."
    )

    mailbox = facts["mailbox"]
    told = counters["notices"]
    reminders = f"{told.get('due_soon', 0)} nhắc sắp đến hạn, {told.get('overdue', 0)} nhắc quá hạn"
    escalated = sum(count for name, count in told.items() if name.startswith("escalated"))
    console.print(
        f"Hộp thư: {mailbox['letters']} thư gửi {mailbox['people']} người "
        f"({reminders}, {escalated} báo cấp trên, "
        f"{told.get('council-convened', 0)} giấy mời họp, {told.get('digest', 0)} bản tổng hợp), "
        f"lưu dạng Maildir tại {mailbox['path']}"
    )


def _results(facts: dict[str, Any]) -> Table:
    table = Table(title=f"Kết quả năm {facts['year']} (diễn biến giả lập trên kế hoạch thật)")
    for column in ("Đợt", "Sản phẩm", "Địa bàn", "Lần", "Điểm", "Kết quả"):
        table.add_column(column)
    held = {c["product"]: c for c in facts["certificates"] if c["replaced_on"] is None}
    for dossier in facts["dossiers"]:
        for attempt in dossier["attempts"]:
            result = attempt["result"] or {}
            last = attempt is dossier["attempts"][-1]
            certificate = held.get(dossier["product"]) if last and attempt["status"] == "recognised" else None
            words = AttemptStatus(attempt["status"]).label
            if certificate:
                words = f"{certificate['stars'] * STARS}  số {certificate['decision']}"
            table.add_row(
                attempt["round"],
                dossier["product"],
                dossier["commune"],
                str(attempt["number"]),
                (result.get("mean") or "").replace(".", ","),
                words,
            )
    return table


def _targets(facts: dict[str, Any]) -> Table:
    table = Table(title="So với chỉ tiêu kế hoạch")
    for column in ("Hạng", "Chỉ tiêu", "Đạt được", ""):
        table.add_column(column)
    for stars, line in facts["targets"].items():
        table.add_row(f"{stars} sao", f"≥ {line['target']}", str(line["reached"]), "đạt" if line["met"] else "chưa đạt")
    return table
