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
    REVOCATION_OVERDUE = "revocation_overdue", "Quá hạn ra quyết định thu hồi"
