"""The milestones of a certificate's life that people are told of, each once."""

from __future__ import annotations

from models.enums import Labelled


class Milestone(Labelled):
    """A day in a certificate's life; the order is that of time."""

    NOTICE_DUE = "notice_due", "Đến hạn thông báo sắp hết hiệu lực"
    WINDOW_OPEN = "window_open", "Bắt đầu nhận hồ sơ đánh giá lại"
    WINDOW_CLOSED = "window_closed", "Hết thời gian nộp hồ sơ đánh giá lại"
    END = "end", "Hết 36 tháng hiệu lực"
    LAPSE = "lapse", "Hết hiệu lực hoàn toàn"

    @property
    def advice(self) -> str:
        """What is to be done now, as the message says it."""
        return _ADVICE[self]


_ADVICE = {
    Milestone.NOTICE_DUE: "Văn phòng điều phối gửi thông báo bằng văn bản cho chủ thể.",
    Milestone.WINDOW_OPEN: "Chủ thể chuẩn bị và nộp hồ sơ đánh giá lại, UBND xã hỗ trợ.",
    Milestone.WINDOW_CLOSED: "Hồ sơ nộp từ nay là nộp muộn; nộp ngay để giấy không mất hiệu lực.",
    Milestone.END: "Giấy chỉ còn hiệu lực trong lúc chờ kết quả của hồ sơ đã nộp.",
    Milestone.LAPSE: "Không được dùng dấu hiệu OCOP nữa; muốn được công nhận phải nộp hồ sơ lần đầu.",
}
