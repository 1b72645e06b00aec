"""What whoever closes an item of a certificate has to know: the certificate, the case, the law of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.certificates.register import certificate_by_code, row_of
from models.certificates.showing import certificate_life
from models.errors import NotFoundError
from models.regimes import Regime, load_regime, regime_in_force
from models.steps.whose import CASE_TABLES, case_row
from models.subjects import split_subject
from models.tables import Certificate, PlannedInspection, RenewalCandidate, Revocation, WorkItem


@dataclass(frozen=True)
class Facts:
    """One block of facts with its heading; `lines` are label and text."""

    title: str
    lines: list[tuple[str, str]]


def case_facts(session: Session, item: WorkItem, on: date) -> list[Facts]:
    """The facts of the item's certificate and case; nothing for an item of no certificate."""
    if item.certificate_id is None or split_subject(item.subject)[0] not in CASE_TABLES:
        return []
    certificate, row = session.get_one(Certificate, item.certificate_id), case_row(session, item.subject)
    found = [_certificate(session, certificate, on)]
    if isinstance(row, PlannedInspection):
        found += [_inspection(row), *_earlier(session, certificate, on)]
    elif isinstance(row, Revocation):
        found += [_finding(row), *_earlier(session, certificate, on), *_grounds(load_regime(row.regime))]
    elif isinstance(row, RenewalCandidate):
        found += [_renewal(row)]
    return found


def grounds_of(session: Session, code: str, found_on: date) -> list[tuple[str, str]]:
    """The grounds of revocation of the law in force on a day, by their number; none where it lists none.

    Raises:
        NotFoundError: no such certificate.
    """
    certificate_by_code(session, code)
    return [(str(number), ground) for number, ground in enumerate(_listed(regime_in_force(found_on)), 1)]


def grounds_for_item(session: Session, item: WorkItem, on: date) -> list[tuple[str, str]]:
    """The same for what an item finds on a day.

    Raises:
        NotFoundError: an item of no certificate.
    """
    if item.certificate_id is None:
        raise NotFoundError("Việc này không thuộc giấy chứng nhận nào.", field="item", remedy="Mở lại từ danh sách.")
    return grounds_of(session, session.get_one(Certificate, item.certificate_id).code, on)


def _listed(regime: Regime) -> tuple[str, ...]:
    return regime.certificate.revocation_grounds


def _certificate(session: Session, certificate: Certificate, on: date) -> Facts:
    row, producer = row_of(session, certificate, on), certificate.product.producer
    lines = [
        ("Sản phẩm", f"{row.product} ({row.stars} sao)"),
        ("Chủ thể", row.producer),
        ("Địa chỉ", producer.address or row.commune),
        ("Điện thoại", producer.phone or ""),
        ("Quyết định", f"{row.decision_number}, cấp ngày {_day(row.issued_on)}"),
        ("Hiệu lực", f"đến {_day(row.ends_on)} · {row.state_label}"),
        ("Theo quy định", regime_in_force(on).title),
    ]
    return Facts("Giấy chứng nhận", _filled(lines))


def _inspection(row: PlannedInspection) -> Facts:
    made = row.inspection
    lines = [
        ("Loại", "đột xuất" if row.ad_hoc else "hằng năm"),
        ("Lý do", row.reason),
        ("Kiểm tra trước hết ngày", _day(row.planned_on)),
        ("Đã kiểm tra ngày", _day(made.inspected_on) if made is not None else ""),
        ("Kết quả", ("đạt" if made.passed else "chưa đạt") if made is not None else ""),
        ("Nội dung ghi nhận", made.findings if made is not None else ""),
        ("Phải khắc phục", "; ".join(made.remedies) if made is not None else ""),
        ("Hạn khắc phục", _day(row.remedy_by)),
    ]
    return Facts("Cuộc kiểm tra này", _filled(lines))


def _finding(row: Revocation) -> Facts:
    lines = [
        ("Căn cứ", row.ground),
        ("Nội dung", row.finding),
        ("Ngày phát hiện", _day(row.found_on)),
        ("Xã xác nhận trước hết ngày", _day(row.confirm_by)),
        ("Xã xác nhận ngừng sản xuất ngày", _day(row.confirmed_on)),
        ("Hạn ra quyết định", _day(row.due_on)),
        ("Theo quy định", load_regime(row.regime).title),
    ]
    return Facts("Phát hiện đang xem xét", _filled(lines))


def _renewal(row: RenewalCandidate) -> Facts:
    renew = [paper for paper in row.papers if paper.get("mark") == "renew"]
    lines = [
        ("Chờ từ ngày", _day(row.opened_on)),
        ("Hạn nộp hồ sơ", _day(row.file_by)),
        ("Hạn gửi thông báo", _day(row.notice_by)),
        ("Đợt dự kiến", row.round.code if row.round is not None else "chưa có đợt nào"),
        ("Giấy tờ phải làm mới", "; ".join(str(paper.get("title", "")) for paper in renew)),
        ("Theo quy định", load_regime(row.regime).title if row.regime else ""),
    ]
    return Facts("Đánh giá lại", _filled(lines))


def _earlier(session: Session, certificate: Certificate, on: date) -> list[Facts]:
    """What earlier inspections found."""
    made = [line for line in certificate_life(session, certificate.code, on).inspections if line.inspected_on]
    lines = [
        (_day(line.inspected_on), f"{'đạt' if line.passed else 'chưa đạt'}. {line.findings}") for line in made[-5:]
    ]
    return [Facts("Các lần kiểm tra trước", lines)] if lines else []


def _grounds(regime: Regime) -> list[Facts]:
    lines = [(str(number), ground) for number, ground in enumerate(_listed(regime), 1)]
    return [Facts("Căn cứ thu hồi theo quy định", lines)] if lines else []


def _filled(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(label, words) for label, words in lines if words]


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day is not None else ""
