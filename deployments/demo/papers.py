"""The papers that the demo's producers hand in."""

from __future__ import annotations

from typing import Any

PAPERS: dict[str, tuple[str, list[str]]] = {
    "business_registration": ("Giấy chứng nhận đăng ký kinh doanh", []),
    "production_conditions": ("Giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm", []),
    "material_origin": ("Hợp đồng thu mua, bản đồ vùng nguyên liệu", ["1.1"]),
    "environment": ("Kế hoạch bảo vệ môi trường", ["1.5"]),
    "local_labour": ("Danh sách lao động địa phương", ["3.3"]),
    "growth": ("Báo cáo kết quả kinh doanh hai năm", ["3.4"]),
    "product_story": ("Câu chuyện sản phẩm", ["5.1", "5.2", "5.3"]),
    "declared_quality": ("Bản tự công bố sản phẩm", ["8.1"]),
    "test_sheets": ("Phiếu kiểm nghiệm an toàn thực phẩm", ["8.2"]),
}


def papers(*, without: tuple[str, ...] = (), expiring: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """A usual set of papers in the order of the checklist, `without` some kinds, some expiring on a day."""
    expiring = expiring or {}
    page = 1
    found = []
    for kind, (title, criteria) in PAPERS.items():
        if kind in without:
            continue
        found.append(
            {
                "kind": kind,
                "title": title,
                "issued_on": "2023-09-05",
                "expires_on": expiring.get(kind),
                "page_from": page,
                "page_to": page + 11,
                "criteria": criteria,
            }
        )
        page += 12
    return found
