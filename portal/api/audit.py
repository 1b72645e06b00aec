"""The audit trail through the API."""

from __future__ import annotations

from models.audit_list import AuditPage
from portal.api import api_router
from portal.api.reading import read
from portal.desk import Desk
from portal.pages.audit import AUDITORS, lines_of

router = api_router()


@read(router, "/audit", AUDITORS, AuditPage, "Nhật ký kiểm toán", tag="Nhật ký")
def audit(
    desk: Desk,
    person: str = "",
    subject: str = "",
    act: str = "",
    since: str = "",
    until: str = "",
    before: str = "",
    size: int = 50,
) -> AuditPage:
    """Mới nhất trước; `before`: xem tiếp các dòng có số nhỏ hơn."""
    asked = {"person": person, "subject": subject, "act": act, "since": since, "until": until}
    return lines_of(desk, asked, before, size)
