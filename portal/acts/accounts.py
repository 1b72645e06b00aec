"""Accounts in the hands of administrators and coordinators: give out, reset, shut, open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from models.accounts import managing
from models.actors import Actor
from models.enums import Role
from models.offices.people import person_of_code
from models.settings import settings
from models.tables import Person
from portal.access import Access, of
from portal.acts.base import Act, Done, Ids, NoFacts
from portal.desk import Desk

MANAGERS = of(Role.ADMINISTRATOR, Role.COORDINATOR)
ADMINISTRATORS = of(Role.ADMINISTRATOR)
PERSON: dict[str, type] = {"code": str}
TAG = "Tài khoản"


def manager(desk: Desk) -> Actor:
    """The visitor as an administrator, else as a coordinator."""
    own = {held.capacity.role for held in desk.held if held.delegation is None}
    return desk.acting(Role.ADMINISTRATOR if Role.ADMINISTRATOR in own else Role.COORDINATOR)


def account_page(ids: Ids) -> str:
    """The page of a person's account."""
    return f"/people/{ids['code']}/account"


def _giving_out(act: Callable[..., str], words: str) -> Callable[[Desk, Ids, Any], Done]:
    def run(desk: Desk, ids: Ids, _form: NoFacts) -> Done:
        person = person_of_code(desk.session, ids["code"])
        once = act(desk.session, person, manager(desk), desk.real_now)
        told = f"{words} {person.name}. Mật khẩu dùng một lần, trong {settings().one_time_hours} giờ."
        return Done(told, account_page(ids), once={f"Mật khẩu của {person.code}": once})

    return run


def _changing(
    act: Callable[[Session, Person, Actor, Any], None], words: str
) -> Callable[[Desk, Ids, Any], Done]:  # fmt: skip
    def run(desk: Desk, ids: Ids, _form: NoFacts) -> Done:
        person = person_of_code(desk.session, ids["code"])
        act(desk.session, person, manager(desk), desk.real_now)
        return Done(f"{words} {person.name}.", account_page(ids))

    return run


def _act(
    name: str, title: str, part: str, access: Access, run: Callable[[Desk, Ids, Any], Done], explanation: str
) -> Act:
    return Act(
        name=f"account.{name}", title=title, path=f"/people/{{code}}/account/{part}", ids=PERSON, access=access,
        form=NoFacts, run=run, back=account_page, button=title, explanation=explanation, tag=TAG,
        scope="admin" if access is ADMINISTRATORS else "act", danger=part == "disabling",
    )  # fmt: skip


ACTS: list[Act] = [
    _act("add", "Tạo tài khoản", "new", ADMINISTRATORS, _giving_out(managing.add_account, "Đã tạo tài khoản cho"),
         "Hệ thống cho một mật khẩu dùng một lần; người đó phải đổi khi đăng nhập."),
    _act("reset", "Đặt lại mật khẩu", "reset", MANAGERS,
         _giving_out(managing.reset_password, "Đã đặt lại mật khẩu của"),
         "Phiên đăng nhập và mã truy cập của người đó kết thúc; hết tạm khóa."),
    _act("second-factor-reset", "Bỏ xác thực hai lớp", "second-factor-reset", MANAGERS,
         _changing(managing.reset_second_factor, "Đã bỏ xác thực hai lớp của"),
         "Cho người mất điện thoại: lần đăng nhập tới cài lại. Chắc chắn đúng là người đó yêu cầu."),
    _act("disable", "Ngừng tài khoản", "disabling", ADMINISTRATORS,
         _changing(managing.disable, "Đã ngừng tài khoản của"),
         "Không ai vào được bằng tài khoản này cho đến khi mở lại; việc đã làm vẫn giữ."),
    _act("enable", "Mở lại tài khoản", "enabling", ADMINISTRATORS,
         _changing(managing.enable, "Đã mở lại tài khoản của"),
         "Người đó vào lại bằng mật khẩu cũ."),
]  # fmt: skip
