"""Who acts: the person of `--as` in the role that fits, or a message that says who could."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import select

from deployments.commands.call import this_call
from deployments.commands.data import Desk
from models.acting import choices_in, choices_on_item, not_held
from models.actors import Actor, actor
from models.enums import Role
from models.errors import InputError, NotAllowedError, NotFoundError
from models.process import step_definition
from models.tables import Capacity, Person, WorkItem
from models.work_items.queries import holders_of

SHOWN = 5
"""How many of those who could act a message names [ours]."""


def person_of_call(desk: Desk, could_act: Iterable[Capacity] = ()) -> Person:
    """The person of `--as`.

    Raises:
        InputError: nobody is named.
        NotFoundError: there is no such person.
    """
    code = this_call().as_code
    if code is None:
        raise InputError(
            "Chưa nêu người thực hiện.",
            field="--as",
            remedy=f"Thêm --as MÃ, hoặc đặt biến môi trường OCOP_AS.{_who(could_act)}",
        )
    person = desk.session.scalar(select(Person).where(Person.code == code))
    if person is None:
        remedy = f"Xem danh sách: ocop person list.{_who(could_act)}"
        raise NotFoundError(f"Không có người dùng «{code}».", field="--as", remedy=remedy)
    return person


def acting(desk: Desk, *roles: Role, refused: Callable[[Capacity], bool] | None = None) -> Actor:
    """The person of `--as` in the role of `--role`, or in the only one of `roles` that the person holds.

    `refused`: whom the act itself turns away although the role fits; a message does not name them.

    Raises:
        InputError, NotFoundError: nobody or nobody known is named; several roles fit.
        NotAllowedError: the person holds none of `roles`, or not the role of `--role`.
    """
    holders = _holders(desk, roles)
    could_act = [capacity for capacity in holders if refused is None or not refused(capacity)]
    person = person_of_call(desk, could_act)
    wanted = this_call().role
    if wanted is not None:
        roles = (role_named(wanted),)
    choices = choices_in(desk.session, person, roles, desk.today)
    if not choices and wanted is not None:
        raise not_held(person, roles, desk.today)
    if not choices:
        labels = ", ".join(f"«{role.label}»" for role in roles)
        raise NotAllowedError(
            f"{person.name} không giữ vai trò làm được việc này vào ngày {desk.today:%d/%m/%Y} (cần: {labels}).",
            field="--as",
            remedy=f"Chọn người khác.{_who(could_act)}",
        )
    held = list(dict.fromkeys(choice.capacity.role for choice in choices))
    if len(held) > 1:
        named = ", ".join(f"{role.value} ({role.label})" for role in roles if role in held)
        raise InputError(f"{person.name} giữ nhiều vai trò.", field="--role", remedy=f"Thêm --role: {named}.")
    return choices[0].actor


def acting_on(desk: Desk, item: WorkItem) -> Actor:
    """The person of `--as` in the role that closes the item; of several offices the one it is addressed to.

    A wrong person is left to the domain to refuse, which knows why.

    Raises:
        InputError, NotFoundError: nobody or nobody known is named.
        NotAllowedError: the person does not hold the role.
    """
    could_act = holders_of(desk.session, item, desk.today)
    person = person_of_call(desk, could_act)
    wanted = this_call().role
    if wanted is None or role_named(wanted) is item.role:
        choices = choices_on_item(desk.session, person, item, desk.today)
        if choices:
            return choices[0].actor
    try:
        return actor(desk.session, person.code, role_named(wanted) if wanted else item.role, desk.today)
    except NotAllowedError as error:
        label = step_definition(item.kind).label
        raise NotAllowedError(
            f"{error.problems[0].problem} Việc «{label}» cần vai trò đó.",
            field="--as",
            remedy=f"Chọn đúng người.{_who(could_act)}",
        ) from error


def role_named(name: str) -> Role:
    """The role of this name (`coordinator`).

    Raises:
        InputError: there is none.
    """
    found = next((role for role in Role if role.value == name.replace("-", "_")), Role.SYSTEM)
    if found is Role.SYSTEM:
        known = ", ".join(role.value for role in Role if role is not Role.SYSTEM)
        raise InputError(f"Không có vai trò «{name}».", field="role", remedy=f"Chọn một trong: {known}.")
    return found


def _holders(desk: Desk, roles: Sequence[Role]) -> list[Capacity]:
    query = select(Capacity).join(Person).where(Capacity.role.in_(roles), Person.active).order_by(Person.code)
    return [capacity for capacity in desk.session.scalars(query) if capacity.holds_on(desk.today)]


def _who(could_act: Iterable[Capacity]) -> str:
    names = list(dict.fromkeys(f"{c.person.code} ({c.person.name}, {c.role.label})" for c in could_act))
    if not names:
        return ""
    more = f" và {len(names) - SHOWN} người khác" if len(names) > SHOWN else ""
    return f" Người làm được: {', '.join(names[:SHOWN])}{more}."
