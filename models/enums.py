"""The closed lists of the domain, each value with the Vietnamese words that people see (one place for both)."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A `StrEnum` whose values carry a Vietnamese `label`."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Level(Labelled):
    """Level of government (the district ends on 30/06/2025)."""

    COMMUNE = "commune", "cấp xã"
    DISTRICT = "district", "cấp huyện"
    PROVINCE = "province", "cấp tỉnh"
    MINISTRY = "ministry", "cấp bộ"


class OfficeKind(Labelled):
    """What an office does in the cycle (plan of 2024, section V)."""

    COORDINATION = "coordination", "Văn phòng điều phối"
    COMMUNE = "commune", "UBND cấp xã"
    TECHNICAL = "technical", "Cơ quan chuyên môn"
    AUTHORITY = "authority", "Ủy ban nhân dân"
    CONSULTANT = "consultant", "Đơn vị tư vấn"


class Role(Labelled):
    """The capacity in which a person acts (domain.md §9)."""

    PRODUCER = "producer", "Chủ thể"
    COMMUNE_OFFICER = "commune_officer", "Cán bộ cấp xã"
    COORDINATOR = "coordinator", "Cán bộ điều phối"
    CONSULTANT = "consultant", "Tư vấn"
    ADVISORY_MEMBER = "advisory_member", "Thành viên tổ tư vấn"
    COUNCIL_MEMBER = "council_member", "Thành viên hội đồng"
    COUNCIL_SECRETARY = "council_secretary", "Thư ký hội đồng"
    LEADER = "leader", "Lãnh đạo UBND"
    TECHNICAL_OFFICER = "technical_officer", "Cán bộ chuyên môn"
    AUDITOR = "auditor", "Kiểm toán, thanh tra"
    ADMINISTRATOR = "administrator", "Quản trị hệ thống"
    SYSTEM = "system", "Hệ thống"


class OrganisationForm(Labelled):
    """Who may register a product (148/QĐ-TTg, 26/2026/QĐ-TTg; domain.md §3)."""

    COOPERATIVE = "cooperative", "Hợp tác xã"
    COOPERATIVE_GROUP = "cooperative_group", "Tổ hợp tác"
    ENTERPRISE = "enterprise", "Doanh nghiệp nhỏ và vừa"
    FARM = "farm", "Trang trại"
    HOUSEHOLD = "household", "Hộ sản xuất có đăng ký kinh doanh"
    ASSOCIATION = "association", "Hội, hiệp hội (du lịch)"


class RoundStatus(Labelled):
    """How far a round is."""

    PLANNED = "planned", "Theo kế hoạch"
    OPEN = "open", "Đang nhận hồ sơ"
    EVALUATING = "evaluating", "Đã chốt danh sách, đang đánh giá"
    DECIDED = "decided", "Đã có quyết định"
    CLOSED = "closed", "Đã kết thúc"


class AttemptStatus(Labelled):
    """How an attempt of a dossier stands or ended."""

    IN_PROGRESS = "in_progress", "Đang xử lý"
    RETURNED = "returned", "Trả hồ sơ để bổ sung"
    NOT_PROPOSED = "not_proposed", "UBND xã không đề nghị"
    RECOGNISED = "recognised", "Được công nhận"
    NOT_RECOGNISED = "not_recognised", "Chưa được công nhận"
    ELIMINATED = "eliminated", "Bị loại"
    WITHDRAWN = "withdrawn", "Chủ thể rút hồ sơ"

    @property
    def may_be_handed_in_again(self) -> bool:
        """Whether the producer may hand the dossier in again as a new attempt."""
        return self in {
            AttemptStatus.RETURNED,
            AttemptStatus.NOT_PROPOSED,
            AttemptStatus.NOT_RECOGNISED,
            AttemptStatus.ELIMINATED,
            AttemptStatus.WITHDRAWN,
        }


class ItemStatus(Labelled):
    """State of a work item. Due and overdue are derived from its clock, never stored."""

    OPEN = "open", "Đang chờ"
    DONE = "done", "Đã xong"
    CANCELLED = "cancelled", "Đã hủy"


class ClockEvent(Labelled):
    """A line of the ledger of a work item's clock."""

    STARTED = "started", "Bắt đầu tính hạn"
    EXTENDED = "extended", "Gia hạn"
    SUSPENDED = "suspended", "Tạm dừng, hồ sơ ở chủ thể"
    RESUMED = "resumed", "Tính tiếp"


class Rung(Labelled):
    """The rungs of the ladder that a late work item climbs, each at most once (design.md, decision 8)."""

    DUE_SOON = "due_soon", "Sắp đến hạn"
    OVERDUE = "overdue", "Quá hạn"
    ESCALATED_HEAD = "escalated_head", "Báo thủ trưởng đơn vị"
    ESCALATED_COORDINATOR = "escalated_coordinator", "Báo văn phòng điều phối"
    ESCALATED_LEADER = "escalated_leader", "Báo lãnh đạo UBND"


class CouncilRole(Labelled):
    """Seat in the council; the names are those of the `ocop score` contract."""

    CHAIR = "chair", "Chủ tịch hội đồng"
    VICE_CHAIR = "vice_chair", "Phó chủ tịch hội đồng"
    MEMBER = "member", "Ủy viên"


class SessionStatus(Labelled):
    """How far a council session is."""

    CALLED = "called", "Đã triệu tập"
    SCORED = "scored", "Đã đóng chấm điểm"
    CONCLUDED = "concluded", "Đã kết luận"


class CommuneTopic(Labelled):
    """The four topics on which the commune reports (148/QĐ-TTg; it gives no points)."""

    ORIGIN = "origin", "Nguồn gốc sản phẩm, nguyên liệu địa phương"
    LABOUR = "labour", "Sử dụng lao động địa phương"
    IDEA = "idea", "Nguồn gốc ý tưởng sản phẩm"
    IDENTITY = "identity", "Bản sắc, trí tuệ địa phương"


class OutboxKind(Labelled):
    """What leaves through the outbox."""

    SIGNAL = "signal", "Tín hiệu cho luồng"
    EVENT = "event", "Sự kiện"
    NOTIFICATION = "notification", "Thông báo"
    PAPERS = "papers", "Giấy tờ phải làm lại"


class Takes(Labelled):
    """What a channel takes: what is told at once, the daily digest, or both."""

    ALL = "all", "Thông báo ngay và bản tổng hợp"
    AT_ONCE = "at_once", "Chỉ thông báo ngay"
    DIGEST = "digest", "Chỉ bản tổng hợp hằng ngày"


class TokenScope(Labelled):
    """What a token of the API may be used for."""

    READ = "read", "Xem"
    ACT = "act", "Làm việc"
    ADMIN = "admin", "Quản trị"


class SignatureVerdict(Labelled):
    """What the signatures of a paper come to; `wet_ink`: a scan of a paper signed by hand."""

    TRUSTED = "trusted", "chữ ký số hợp lệ"
    UNTRUSTED = "untrusted", "chữ ký số nguyên vẹn nhưng chưa được tin cậy"
    BROKEN = "broken", "chữ ký số không còn giá trị"
    UNSIGNED = "unsigned", "không có chữ ký số"
    WET_INK = "wet_ink", "bản quét ký tay"


class SignedInBy(Labelled):
    """How somebody proved who they are at the beginning of a session."""

    PASSWORD = "password", "Mật khẩu"
    IDENTITY = "identity", "Đăng nhập của đơn vị (OpenID Connect)"


class ScanResult(Labelled):
    """What the virus scanner said of an uploaded file; one that it found something in is never kept."""

    NOT_SCANNED = "not_scanned", "Chưa quét (chưa cài đặt bộ quét)"
    CLEAN = "clean", "Không phát hiện mã độc"
