"""Acts of the audit trail as people read them; one place for every act that the domain records."""

from __future__ import annotations

from models.certificates.kinds import Milestone
from models.enums import AttemptStatus

ACT_WORDS = {
    "dossier.received": "Nhận hồ sơ",
    "attempt.carried": "Chuyển sang đợt sau",
    "findings.not_carried": "Báo cáo của xã không mang sang, phải đánh giá lại",
    "item.opened": "Giao việc",
    "item.completed": "Hoàn thành",
    "item.corrected": "Đính chính kết quả",
    "item.reopened": "Mở lại",
    "item.restarted": "Tính hạn lại từ đầu",
    "item.extended": "Gia hạn",
    "item.suspended": "Tạm dừng tính hạn, hồ sơ ở chủ thể",
    "item.resumed": "Tính hạn tiếp",
    "item.limited": "Hạn rút theo hạn chuyển tiếp",
    "item.carried": "Mang sang từ lần nộp trước",
    "item.cancelled": "Hủy việc",
    "item.voided": "Hủy kết quả",
    "item.due_soon": "Nhắc sắp đến hạn",
    "item.overdue": "Quá hạn",
    "item.escalated_head": "Báo thủ trưởng đơn vị vì quá hạn",
    "item.escalated_coordinator": "Báo văn phòng điều phối vì quá hạn",
    "item.escalated_leader": "Báo lãnh đạo UBND vì quá hạn",
    "round.opened": "Mở đợt",
    "round.closed": "Kết thúc đợt",
    "plan.imported": "Nhập kế hoạch năm",
    "office.imported": "Nhập đơn vị, người dùng",
    "office.migrated": "Chuyển đơn vị sau sắp xếp hành chính",
    "person.added": "Thêm người, phân công vai trò",
    "person.role_ended": "Thôi vai trò",
    "person.contact": "Sửa thư điện tử, điện thoại",
    "office.terms": "Sửa thời hạn của văn phòng",
    "office.rungs": "Sửa bậc nhắc việc",
    "office.calendar": "Sửa ngày nghỉ, ngày làm bù",
    "office.checklist": "Sửa danh mục giấy tờ",
    "item.recounted": "Tính lại hạn vì ngày nghỉ, ngày làm bù thay đổi",
    "channel.tried": "Gửi thử kênh thông báo",
    "database.backed_up": "Sao lưu dữ liệu",
    "council.rules-changed": "Đổi quy chế hội đồng",
    "council.set-up": "Kiện toàn hội đồng",
    "council.scoring-closed": "Đóng chấm điểm",
    "channel.added": "Thêm kênh thông báo",
    "channel.removed": "Bỏ kênh thông báo",
    "certificate.entered": "Ghi giấy chứng nhận đã cấp trước",
    "certificate.inspection_asked": "Giao kiểm tra đột xuất",
    "certificate.renewal_filed": "Nộp hồ sơ đánh giá lại",
    "certificate.finding": "Ghi phát hiện để xem xét thu hồi",
    "certificate.production_stopped": "Xác nhận ngừng sản xuất",
    "certificate.kept": "Kết luận không thu hồi",
    "certificate.revoked": "Thu hồi giấy chứng nhận",
    "run.started-again": "Lượt chạy lỗi được chạy lại",
    "run.given-up": "Lượt chạy lỗi, thôi chạy lại",
    "document.issued": "Ban hành giấy tờ",
    "document.signed": "Nộp bản đã ký của giấy tờ",
    "dossier.exported": "Xuất gói hồ sơ",
    "item.claimed": "Nhận việc",
    "item.released": "Trả lại việc đã nhận",
    "item.handed_over": "Bàn giao việc",
    "worker.away": "Tiến trình xử lý không hoạt động",
    **{f"certificate.{milestone}": milestone.label for milestone in Milestone},
    **{f"attempt.{status}": status.label for status in AttemptStatus},
}


def act_in_words(act: str) -> str:
    """`item.extended` as people read it; an act of another version stays as it is."""
    return ACT_WORDS.get(act, act)
