"""The board of a round, the register of certificates and the public tables as workbooks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.certificates.life import CertificateState
from models.certificates.listing import register
from models.clock import vn_date
from models.enums import Level, SessionStatus
from models.offices.history import place_as_of
from models.rounds.board import board
from models.tables import Certificate, CouncilSession, Dossier, DossierAttempt, Place, Product, Round, SessionProduct
from models.workbooks.columns import Column, Kind, SheetPlan
from models.workbooks.exports.certificates import EVERYTHING, Seen, certificates_on
from models.workbooks.writing import new_book, write_table

BOARD = (
    Column("product", "Sản phẩm", 26),
    Column("commune", "Xã, thị trấn", 16),
    Column("dossier", "Hồ sơ", 10),
    Column("attempt", "Lần nộp", 8, Kind.WHOLE),
    Column("target_stars", "Sao đăng ký", 9, Kind.WHOLE),
    Column("status", "Trạng thái", 16),
    Column("stage", "Bước", 28),
    Column("waiting_for", "Đang chờ", 26),
    Column("due_on", "Hạn", 13, Kind.DAY),
    Column("days_left", "Còn lại (ngày)", 10, Kind.WHOLE),
    Column("late", "Quá hạn", 9),
    Column("finish_by", "Hạn chuyển tiếp", 13, Kind.DAY),
)

REGISTER = (
    Column("code", "Mã", 21),
    Column("product", "Sản phẩm", 25),
    Column("producer", "Chủ thể", 25),
    Column("commune", "Xã, thị trấn", 16),
    Column("stars", "Hạng sao", 7, Kind.WHOLE),
    Column("level", "Cấp công nhận", 11),
    Column("decision_number", "Số quyết định", 17),
    Column("issued_on", "Ngày cấp", 12, Kind.DAY),
    Column("valid_until", "Hiệu lực đến", 12, Kind.DAY),
    Column("ends_on", "Hết hạn", 12, Kind.DAY),
    Column("days_left", "Còn lại (ngày)", 9, Kind.WHOLE),
    Column("state_label", "Trạng thái", 18),
    Column("waiting", "Đang chờ, mốc tới", 26),
)

PTNT = tuple(
    Column(key, key, width, kind)
    for key, width, kind in (
        ("MA_OCOP", 24, Kind.TEXT),
        ("Ma_DonViHanhChinh", 20, Kind.TEXT),
        ("Ma_ThoiGian", 13, Kind.TEXT),
        ("Ma_SanPham", 24, Kind.TEXT),
        ("TenSanPham", 30, Kind.TEXT),
        ("XepHang", 10, Kind.WHOLE),
        ("ChuTheSXKD", 32, Kind.TEXT),
        ("DoanhThuNam", 15, Kind.WHOLE),
        ("TrangThai", 22, Kind.TEXT),
    )
)

EVALUATIONS = tuple(
    Column(key, key, width, kind)
    for key, width, kind in (
        ("Ma_DanhGia", 20, Kind.TEXT),
        ("MA_OCOP", 22, Kind.TEXT),
        ("Ma_DonViHanhChinh", 20, Kind.TEXT),
        ("Ma_ThoiGian", 13, Kind.TEXT),
        ("Ma_SanPham", 22, Kind.TEXT),
        ("TenSanPham", 26, Kind.TEXT),
        ("ChuTheSXKD", 26, Kind.TEXT),
        ("BoTieuChi", 11, Kind.WHOLE),
        ("LoaiHoSo", 12, Kind.TEXT),
        ("NgayDanhGia", 14, Kind.DAY),
        ("DiemTrungBinh", 16, Kind.TEXT),
        ("XepHang", 10, Kind.WHOLE),
        ("KetQua", 18, Kind.TEXT),
        ("SoQuyetDinh", 16, Kind.TEXT),
        ("NgayQuyetDinh", 16, Kind.DAY),
    )
)
"""The columns are ours: the public table is known to us by its name only [ours]."""

OURS = "Tên cột do phần mềm đặt theo mẫu PTNT_OCOP vì chưa có mô tả công khai của bảng này."


def export_board(session: Session, round_: Round, path: Path, now: datetime) -> int:
    """The board of a round; the number of its lines."""
    found = board(session, round_, vn_date(now))
    rows = [{**vars(row), "late": "quá hạn" if row.late else ""} for row in found.rows]
    note = f"{found.status_label}. Tính đến ngày {found.today:%d/%m/%Y}; {found.late} dòng quá hạn."
    plan = SheetPlan("Bảng theo dõi", f"BẢNG THEO DÕI {found.title.upper()}", BOARD, note)
    return _write(path, now, plan, rows)


def export_register(session: Session, path: Path, now: datetime, on: date, seen: Seen = EVERYTHING) -> int:
    """The register of certificates that are seen, as it stands on a day; the number of its lines."""
    rows = []
    for row in register(session, on, visible=seen.certificates):
        coming = f"{row.next_milestone} {row.next_on:%d/%m/%Y}" if row.next_on is not None else ""
        waiting = "; ".join(part for part in (*row.waiting, coming) if part)
        rows.append({**vars(row), "level": Level(row.level).label, "waiting": waiting})
    plan = SheetPlan("Sổ giấy chứng nhận", "SỔ GIẤY CHỨNG NHẬN OCOP", REGISTER, f"Tính đến ngày {on:%d/%m/%Y}.")
    return _write(path, now, plan, rows)


def export_public_tables(session: Session, path: Path, now: datetime, on: date, seen: Seen = EVERYTHING) -> int:
    """PTNT_OCOP and DanhGiaSanPhamOCOP as of a day, of what is seen; the number of lines of the first."""
    rows = list(public_rows(session, on, seen))
    note = f"Tính đến ngày {on:%d/%m/%Y}. DoanhThuNam: phần mềm không có số liệu này, văn phòng điền."
    with new_book(path, now, "PTNT_OCOP") as book:
        write_table(book, SheetPlan("PTNT_OCOP", "PTNT_OCOP", PTNT, note), rows)
        second = SheetPlan("DanhGiaSanPhamOCOP", "DanhGiaSanPhamOCOP", EVALUATIONS, OURS)
        write_table(book, second, evaluation_rows(session, on, seen))
    return len(rows)


def public_rows(session: Session, on: date, seen: Seen = EVERYTHING) -> Iterator[dict[str, Any]]:
    """PTNT_OCOP: a line for each certificate not replaced by the day; the year is that of the report [ours]."""
    for one in certificates_on(session, on, seen):
        if one.row.state != CertificateState.REPLACED:
            paper = {"MA_OCOP": one.row.code, "XepHang": one.row.stars, "TrangThai": one.row.state_label}
            yield {**_of_product(one.product, one.place, on), **paper}


def evaluation_rows(session: Session, on: date, seen: Seen = EVERYTHING) -> Iterator[dict[str, Any]]:
    """DanhGiaSanPhamOCOP: a line for each product that a council concluded on by the day [ours]."""
    query = (
        select(SessionProduct)
        .join(CouncilSession, CouncilSession.id == SessionProduct.session_id)
        .where(CouncilSession.status == SessionStatus.CONCLUDED, CouncilSession.held_on <= on)
        .join(DossierAttempt, DossierAttempt.id == SessionProduct.attempt_id)
        .join(Dossier)
        .where(SessionProduct.taken_off == "", seen.dossiers)
        .order_by(CouncilSession.held_on, SessionProduct.id)
    )
    for one in session.scalars(query):
        if one.result is not None:
            yield _evaluation(session, one, one.attempt, on)


def _evaluation(session: Session, one: SessionProduct, attempt: DossierAttempt, on: date) -> dict[str, Any]:
    result, held, product = one.result, one.session.held_on, attempt.dossier.product
    query = select(Certificate).where(Certificate.attempt_id == attempt.id, Certificate.issued_on <= on)
    paper = session.scalars(query.order_by(Certificate.issued_on.desc())).first()
    return {
        **_of_product(product, place_as_of(session, product, held), held),
        "Ma_DanhGia": f"{attempt.dossier.code}-{attempt.number}",
        "MA_OCOP": paper.code if paper else None,
        "BoTieuChi": attempt.criteria_set,
        "LoaiHoSo": attempt.dossier.kind.label,
        "NgayDanhGia": held,
        "DiemTrungBinh": result.mean_cut if result else None,
        "XepHang": result.stars if result else None,
        "KetQua": attempt.status.label,
        "SoQuyetDinh": paper.decision_number if paper else None,
        "NgayQuyetDinh": paper.issued_on if paper else None,
    }


def _of_product(product: Product, place: Place, on: date) -> dict[str, Any]:
    return {
        "Ma_DonViHanhChinh": place.code,
        "Ma_ThoiGian": str(on.year),
        "Ma_SanPham": product.code,
        "TenSanPham": product.name,
        "ChuTheSXKD": product.producer.name,
    }


def _write(path: Path, now: datetime, plan: SheetPlan, rows: list[dict[str, Any]]) -> int:
    with new_book(path, now, plan.title) as book:
        write_table(book, plan, rows)
    return len(rows)
