"""The 15 kinds of evidence of a dossier, in the order of the list (domain.md §3)."""

from __future__ import annotations

from enum import StrEnum


class EvidenceKind(StrEnum):
    """What a paper in the dossier proves; the order of the members is the order of the list."""

    BUSINESS_REGISTRATION = "business_registration"
    PRODUCTION_CONDITIONS = "production_conditions"
    MATERIAL_ORIGIN = "material_origin"
    ENVIRONMENT = "environment"
    LOCAL_LABOUR = "local_labour"
    GROWTH = "growth"
    INTELLECTUAL_PROPERTY = "intellectual_property"
    MARKET = "market"
    ADVERTISING = "advertising"
    PRODUCT_STORY = "product_story"
    DECLARED_QUALITY = "declared_quality"
    TEST_SHEETS = "test_sheets"
    TRACEABILITY = "traceability"
    QUALITY_SYSTEM = "quality_system"
    AWARDS = "awards"

    @property
    def label(self) -> str:
        """The Vietnamese name of the evidence."""
        return _LABELS[self]

    @property
    def number(self) -> int:
        """Its place in the list, 1 to 15."""
        return list(EvidenceKind).index(self) + 1


_LABELS = {
    EvidenceKind.BUSINESS_REGISTRATION: "Giấy đăng ký kinh doanh",
    EvidenceKind.PRODUCTION_CONDITIONS: "Giấy chứng nhận đủ điều kiện sản xuất",
    EvidenceKind.MATERIAL_ORIGIN: "Nguồn gốc nguyên liệu, vùng nguyên liệu, liên kết chuỗi",
    EvidenceKind.ENVIRONMENT: "Bảo vệ môi trường, công nghệ bền vững",
    EvidenceKind.LOCAL_LABOUR: "Danh sách lao động địa phương",
    EvidenceKind.GROWTH: "Tăng trưởng: báo cáo tài chính hai năm hoặc xếp loại hợp tác xã",
    EvidenceKind.INTELLECTUAL_PROPERTY: "Sở hữu trí tuệ",
    EvidenceKind.MARKET: "Thị trường và xúc tiến thương mại",
    EvidenceKind.ADVERTISING: "Quảng bá sản phẩm",
    EvidenceKind.PRODUCT_STORY: "Câu chuyện sản phẩm",
    EvidenceKind.DECLARED_QUALITY: "Công bố chất lượng sản phẩm",
    EvidenceKind.TEST_SHEETS: "Phiếu kiểm nghiệm (chất lượng, an toàn thực phẩm)",
    EvidenceKind.TRACEABILITY: "Mã vạch, tem truy xuất nguồn gốc",
    EvidenceKind.QUALITY_SYSTEM: "Hệ thống quản lý chất lượng tiên tiến, kế hoạch kiểm soát chất lượng",
    EvidenceKind.AWARDS: "Giải thưởng",
}
