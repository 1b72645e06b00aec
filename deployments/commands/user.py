"""`ocop user`: accounts of the portal."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from cyclopts import App, Parameter

from deployments.commands.acting import acting
from deployments.commands.call import Answer, this_call
from deployments.commands.data import Desk, reading_desk, writing_desk
from deployments.commands.tables import draw
from models.accounts import managing
from models.actors import SYSTEM, Actor
from models.clock import VN_TZ, SystemClock
from models.enums import Role
from models.offices.people import person_of_code

app = App(name="user", help="Tài khoản vào cổng làm việc.")

Code = Annotated[str, Parameter("CODE", help="Mã người dùng (xem: ocop person list).")]


@app.command
def add(code: Code, /) -> Answer:
    """Tạo tài khoản cho người đã có; in mật khẩu dùng một lần. (Quản trị; người cài đặt thì không cần --as)"""
    with writing_desk() as desk:
        person = person_of_code(desk.session, code)
        once = managing.add_account(desk.session, person, _manager(desk, Role.ADMINISTRATOR), _real_now())
    return _password(code, person.name, once)


@app.command
def reset(code: Code, /) -> Answer:
    """Đặt lại mật khẩu; phiên và mã truy cập của người đó kết thúc. (Quản trị, hoặc điều phối cho người của mình)"""
    with writing_desk() as desk:
        person = person_of_code(desk.session, code)
        once = managing.reset_password(desk.session, person, _manager(desk), _real_now())
    return _password(code, person.name, once)


@app.command(name="totp-reset")
def totp_reset(code: Code, /) -> Answer:
    """Bỏ xác thực hai lớp của người mất điện thoại. (Quản trị, hoặc điều phối cho người của mình)"""
    with writing_desk() as desk:
        person = person_of_code(desk.session, code)
        managing.reset_second_factor(desk.session, person, _manager(desk), _real_now())
    return Answer({"code": code}, f"{person.name}: đã bỏ xác thực hai lớp; lần đăng nhập tới cài lại.")


@app.command
def disable(code: Code, /) -> Answer:
    """Ngừng tài khoản: không ai vào được bằng tài khoản này nữa. (Quản trị)"""
    with writing_desk() as desk:
        person = person_of_code(desk.session, code)
        managing.disable(desk.session, person, _manager(desk, Role.ADMINISTRATOR), _real_now())
    return Answer({"code": code, "disabled": True}, f"{person.name}: đã ngừng tài khoản.")


@app.command
def enable(code: Code, /) -> Answer:
    """Mở lại tài khoản đã ngừng, giữ mật khẩu cũ. (Quản trị)"""
    with writing_desk() as desk:
        person = person_of_code(desk.session, code)
        managing.enable(desk.session, person, _manager(desk, Role.ADMINISTRATOR), _real_now())
    return Answer({"code": code, "disabled": False}, f"{person.name}: đã mở lại tài khoản.")


@app.command(name="list")
def list_() -> Answer:
    """Liệt kê tài khoản và trạng thái."""
    with reading_desk() as desk:
        rows = managing.account_rows(desk.session, _real_now())
    cells = [
        (
            row.code,
            row.name,
            row.email,
            row.state,
            "có" if row.second_factor else "chưa",
            f"{row.signed_in_at.astimezone(VN_TZ):%d/%m/%Y %H:%M}" if row.signed_in_at else None,
        )
        for row in rows
    ]
    columns = ["Mã", "Họ tên", "Thư điện tử", "Trạng thái", "Hai lớp", "Đăng nhập lần cuối"]
    return Answer(rows, draw("Tài khoản", columns, cells))


def _real_now() -> datetime:
    # Accounts go by the clock on the wall, also where the office's days are simulated (models/accounts).
    return SystemClock().now()


def _manager(desk: Desk, *roles: Role) -> Actor:
    # Whoever installs the system makes the first administrator's account: nobody could be named yet.
    if this_call().as_code is None:
        return SYSTEM
    return acting(desk, *(roles or (Role.ADMINISTRATOR, Role.COORDINATOR)))


def _password(code: str, name: str, once: str) -> Answer:
    words = f"{name} ({code}): mật khẩu dùng một lần {once} (chỉ hiện lần này; phải đổi khi đăng nhập)."
    return Answer({"code": code, "one_time_password": once}, words)
