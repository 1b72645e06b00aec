"""Who acts as what: appointing people, ending a role, how they are reached."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import Field
from sqlalchemy import select

from models.accounts.managed import check_may_manage
from models.actors import Actor, oneself
from models.enums import Role
from models.offices.people import person_of_code
from models.offices.people_keeping import appoint, end_capacity, set_contact
from models.offices.people_list import person_card
from models.tables import Office, Producer
from portal.access import SIGNED_IN, of
from portal.acts.base import Act, ActForm, Done, Ids
from portal.acts.capacities import first_that, passes
from portal.desk import Desk
from portal.forms import Option
from portal.forms.describing import Options

KEEPERS = (Role.ADMINISTRATOR, Role.COORDINATOR)
PERSON: Mapping[str, type] = {"code": str}
TAG = "Người dùng"


class RoleForm(ActForm):
    """One role of one person, from a day on."""

    role: Role = Field(title="Vai trò")
    office: str = Field(default="", title="Đơn vị", description="Mọi vai trò, trừ chủ thể, kiểm toán và quản trị.")
    producer: str = Field(default="", title="Chủ thể", description="Chỉ cho vai trò chủ thể.")
    title: str = Field(default="", title="Chức danh")
    from_day: date | None = Field(default=None, title="Từ ngày", description="Để trống: hôm nay.")


class _Named(ActForm):
    """Who it is."""

    code: str = Field(
        min_length=2, max_length=60, pattern=r"^[a-z0-9][a-z0-9-]*$", title="Mã người dùng",
        description="Chữ thường không dấu, số, gạch nối; dùng làm tên đăng nhập, ví dụ cb-xa-tho-dien.",
    )  # fmt: skip
    name: str = Field(min_length=1, title="Họ tên")


class PersonForm(RoleForm, _Named):
    """A new person with the first role; who it is is asked first."""


class EndForm(ActForm):
    """The last day of a role, and why it ends."""

    capacity: int = Field(title="Vai trò thôi giữ")
    last_day: date = Field(title="Ngày cuối cùng giữ vai trò")
    reason: str = Field(min_length=1, title="Lý do")


class ContactForm(ActForm):
    """How a person is reached."""

    email: str = Field(default="", title="Thư điện tử")
    phone: str = Field(default="", title="Điện thoại", max_length=30)


def person_page(ids: Ids) -> str:
    """The page of the person."""
    return f"/people/{ids['code']}"


def _appoint(desk: Desk, code: str, name: str, form: RoleForm) -> Done:
    person = appoint(
        desk.session, code, name, form.role, first_that(desk, KEEPERS), desk.now,
        on=form.from_day or desk.today, office=form.office or None, producer=form.producer or None, title=form.title,
    )  # fmt: skip
    words = f"{person.name}: {form.role.label}."
    return Done(words, f"/people/{person.code}", person_card(desk.session, person.code, desk.today).capacities)


def _add(desk: Desk, _ids: Ids, form: PersonForm) -> Done:
    return _appoint(desk, form.code, form.name, form)


def _add_role(desk: Desk, ids: Ids, form: RoleForm) -> Done:
    person = person_of_code(desk.session, ids["code"])
    return _appoint(desk, person.code, person.name, form)


def _end(desk: Desk, ids: Ids, form: EndForm) -> Done:
    who = first_that(desk, KEEPERS)
    own = [line.id for line in person_card(desk.session, ids["code"], desk.today).capacities]
    wanted = form.capacity if form.capacity in own else 0
    person = end_capacity(desk.session, wanted, form.last_day, form.reason, who, desk.now)
    words = f"{person.name} thôi vai trò sau ngày {form.last_day:%d/%m/%Y}. Việc đang chờ: bàn giao cho người khác."
    return Done(words, person_page(ids))


def _contact(desk: Desk, ids: Ids, form: ContactForm) -> Done:
    person = person_of_code(desk.session, ids["code"])
    who = contact_keeper(desk, ids)
    set_contact(desk.session, person, form.email or None, form.phone or None, who, desk.now)
    return Done("Đã ghi.", person_page(ids) if set(KEEPERS) & desk.roles else "/account")


def contact_keeper(desk: Desk, ids: Ids) -> Actor:
    """Who changes how the person is reached: an administrator, the coordinator, else the person.

    Raises:
        NotAllowedError: somebody else.
    """
    person = person_of_code(desk.session, ids["code"])
    if person.id == desk.visitor.person_id:
        return oneself(desk.session, person.id, desk.today)

    def check(who: Actor) -> None:
        check_may_manage(desk.session, person, who, desk.today)

    who = first_that(desk, KEEPERS, passes(check))
    check(who)
    return who


def _may_contact(desk: Desk, ids: Ids) -> None:
    contact_keeper(desk, ids)


def _units(desk: Desk, _ids: Ids) -> Options:
    offices = desk.session.execute(select(Office.code, Office.name).order_by(Office.name))
    makers = desk.session.execute(select(Producer.code, Producer.name).order_by(Producer.name))
    roles = [role for role in Role if role is not Role.SYSTEM]
    return {
        "role": [Option(role.value, role.label) for role in roles],
        "office": [Option(code, name) for code, name in offices],
        "producer": [Option(code, name) for code, name in makers],
    }


def _to_end(desk: Desk, ids: Ids) -> Options:
    lines = [line for line in person_card(desk.session, ids["code"], desk.today).capacities if _open(line, desk.today)]
    return {"capacity": [Option(str(line.id), f"{line.role_label}, {line.where}".rstrip(", ")) for line in lines]}


def _open(line: Any, today: date) -> bool:
    return line.valid_to is None or line.valid_to >= today


def _known(desk: Desk, ids: Ids) -> Mapping[str, Any]:
    person = person_of_code(desk.session, ids["code"])
    return {"email": person.email or "", "phone": person.phone or ""}


def _last_day(desk: Desk, ids: Ids) -> Mapping[str, Any]:
    choices = _to_end(desk, ids)["capacity"]
    return {"last_day": desk.today.isoformat(), "capacity": choices[0].value if len(choices) == 1 else ""}


ADD = Act(
    name="person.add", title="Thêm người", path="/appointments", access=of(*KEEPERS), form=PersonForm, run=_add,
    options=_units, back=lambda _ids: "/people", button="Thêm", tag=TAG,
    explanation="Thêm người với vai trò đầu tiên; tài khoản vào cổng tạo ở trang của người đó.",
)  # fmt: skip
ADD_ROLE = Act(
    name="person.role", title="Thêm vai trò", path="/people/{code}/role", ids=PERSON, access=of(*KEEPERS),
    form=RoleForm, run=_add_role, options=_units, back=person_page, button="Thêm vai trò", tag=TAG,
)  # fmt: skip
END = Act(
    name="person.role_end", title="Thôi vai trò", path="/people/{code}/role-end", ids=PERSON, access=of(*KEEPERS),
    form=EndForm, run=_end, options=_to_end, prefill=_last_day, back=person_page, danger=True, tag=TAG,
    button="Thôi vai trò", explanation="Việc đang chờ đích danh người này không tự chuyển: bàn giao trước khi thôi.",
)  # fmt: skip
CONTACT = Act(
    name="person.contact", title="Thư điện tử, điện thoại", path="/people/{code}/contact", ids=PERSON,
    access=SIGNED_IN, form=ContactForm, run=_contact, check=_may_contact, prefill=_known, back=person_page, tag=TAG,
)  # fmt: skip

ACTS: list[Act] = [ADD, ADD_ROLE, END, CONTACT]
