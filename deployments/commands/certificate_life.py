"""The life of one certificate, drawn for people: what `ocop certificate show` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployments.commands.tables import days_left, draw
from models.certificates.showing import CertificateLife, InspectionLine
from models.regimes import load_regime

if TYPE_CHECKING:
    from rich.console import Console


KINDS = {False: "hằng năm", True: "đột xuất"}


def draw_life(console: Console, life: CertificateLife) -> None:
    """Print all of it; what there is none of is left out."""
    row = life.certificate
    console.print(f"Giấy chứng nhận {row.code} · {row.product} · {row.producer} · {row.commune} · {row.stars} sao")
    console.print(f"Quyết định {row.decision_number} · cấp ngày {row.issued_on:%d/%m/%Y} · theo {row.regime}")
    until = f"hiệu lực đến {row.ends_on:%d/%m/%Y}"
    console.print(f"Ngày {life.on:%d/%m/%Y}: {row.state_label} · {until} · theo {load_regime(life.law).title}")
    dates = (
        ("gửi thông báo trước hết", row.notice_by),
        ("nhận hồ sơ đánh giá lại từ", row.renewal_opens),
        ("đến hết", row.renewal_closes),
        ("kéo dài nhiều nhất đến", row.extended_until),
    )
    known = [f"{words} {day:%d/%m/%Y}" for words, day in dates if day is not None]
    if known:
        console.print(f"Các mốc: {'; '.join(known)}")
    if row.next_on is not None:
        console.print(f"Mốc tới: {row.next_milestone}, {row.next_on:%d/%m/%Y}")
    if life.replaced_by is not None:
        console.print(f"Được thay thế bởi {life.replaced_by} từ {life.replaced_on:%d/%m/%Y}")
    if life.revoked_on is not None:
        console.print(f"Bị thu hồi từ {life.revoked_on:%d/%m/%Y}")
    _tables(console, life)


def _tables(console: Console, life: CertificateLife) -> None:
    passed = [(m.label, m.on) for m in life.milestones]
    items = [
        (i.id, i.label, i.waiting_for, i.status_label, i.due_on, days_left(i.days_left, i.late)) for i in life.items
    ]
    made = [
        (i.planned_on, "đột xuất" if i.ad_hoc else "hằng năm", i.inspected_on, _result(i)) for i in life.inspections
    ]
    renewals = [(r.opened_on, r.file_by, r.round, r.ended) for r in life.renewals]
    findings = [(r.found_on, r.ground, r.finding, r.confirmed_on, r.due_on, r.ended) for r in life.revocations]
    late = [item.late for item in life.items]
    for title, columns, cells in (
        ("Mốc đã qua", ["Mốc", "Ngày"], passed),
        ("Việc", ["Số", "Việc", "Người làm", "Trạng thái", "Hạn", "Còn lại"], items),
        ("Kiểm tra", ["Kế hoạch", "Loại", "Ngày kiểm tra", "Kết quả"], made),
        ("Đánh giá lại", ["Bắt đầu", "Hạn nộp", "Đợt", "Kết thúc"], renewals),
        ("Phát hiện", ["Ngày", "Căn cứ", "Nội dung", "Xã xác nhận", "Hạn quyết định", "Kết thúc"], findings),
    ):
        if cells:
            draw(title, columns, cells, late if cells is items else ())(console)


def _result(line: InspectionLine) -> str:
    if line.passed is None:
        return line.ended or "chưa kiểm tra"
    mend = f"; hạn khắc phục {line.remedy_by:%d/%m/%Y}" if line.remedy_by is not None else ""
    ended = f" ({line.ended})" if line.ended and not line.passed else ""
    return f"{'đạt' if line.passed else 'chưa đạt'}: {line.findings}{mend}{ended}"
