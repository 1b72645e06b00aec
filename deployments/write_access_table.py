"""`make access-table`: writes docs/quyen-truy-cap.md from the routes; a test compares the file with what this gives."""

from __future__ import annotations

from pathlib import Path

from models.enums import Role
from portal.access import PEOPLE, Access, RouteAccess, access_table
from portal.app import create_app

PLACE = Path(__file__).parent.parent / "docs" / "quyen-truy-cap.md"

HEAD = """# Quyền truy cập

Viết từ mã bằng `make access-table`; không sửa tay. Mỗi đường dẫn nói ai được vào; đường dẫn nào không nói thì cổng
không khởi động. Đây là cửa ngoài: vai trò nào không dùng trang nào. Hồ sơ, việc, giấy nào là của ai thì miền nghiệp vụ
hỏi lại mỗi lần (`models/access/`, decision 0010), nên trang, API và dòng lệnh không đi vòng được. Người làm thay vào
được như người mình thay. Vai trò cần xác thực hai lớp (lãnh đạo, thư ký, quản trị, kể cả khi làm thay) phải cài xong.
API (`/api/v1/…`) dùng mã truy cập: đọc cần phạm vi «read», làm cần «act», quản trị tài khoản cần «admin».

«●» vào được, «·» bị từ chối (403; chưa đăng nhập: 303 hoặc 401).
"""


def page() -> str:
    """The page with the whole table."""
    roles: list[Role] = [role for role in Role if role in PEOPLE]
    head = ["Cách", "Đường dẫn", "Ai cũng vào", *(role.label for role in roles)]
    lines = [_line(line, roles) for line in access_table(create_app())]
    rule = "|".join(["---", "---", *(":-:" for _ in head[2:])])
    return "\n".join([HEAD, _row(head), f"|{rule}|", *lines]) + "\n"


def _line(line: RouteAccess, roles: list[Role]) -> str:
    marks = [_mark(line.access, role) for role in roles]
    return _row([line.method, f"`{line.path}`", "●" if line.access.public else "", *marks])


def _mark(access: Access, role: Role) -> str:
    return "●" if access.lets_in(frozenset({role})) else "·"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PLACE.write_text(page(), encoding="utf-8")
