"""In which capacity an act is done when the person may hold several: as whom they say, in the first role that fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from models.acting import check_said_for_whom, holders_on_item, in_roles, not_held, one_each
from models.actors import Actor, Held
from models.enums import Role
from models.errors import NotAllowedError
from models.work_items.queries import item_by_id
from portal.access import PEOPLE, Access
from portal.desk import Desk
from portal.forms.describing import Option

Holders = Callable[[Desk, Mapping[str, Any]], list[Held]]
"""The capacities by which somebody may do an act, one for each person as whom they may."""


def on_item(*roles: Role) -> Holders:
    """Those by which the item may be closed, and those in `roles`, who may do the act as well."""

    def holders(desk: Desk, ids: Mapping[str, Any]) -> list[Held]:
        item = item_by_id(desk.session, ids["item_id"])
        able = [*holders_on_item(desk.held, item), *in_roles(desk.held, roles)]
        return one_each(sorted(able, key=lambda held: held.delegation is not None))

    return holders


def in_any(desk: Desk, _ids: Mapping[str, Any]) -> list[Held]:
    """Every capacity: the act asks for each thing by itself whether it is theirs."""
    return one_each(desk.held)


def by_access(access: Access) -> Holders:
    """Those in the roles that may do the act; what everybody does for themselves is done for nobody else."""
    roles = access.roles

    def holders(desk: Desk, _ids: Mapping[str, Any]) -> list[Held]:
        return one_each(in_roles(desk.held, roles)) if not roles >= PEOPLE else []

    return holders


def stand_ins(desk: Desk, holders: list[Held]) -> list[Option]:
    """As whom the visitor may act, in words, where there is more than one way."""
    found = [
        Option(desk.visitor.code, "Chính tôi") if held.delegation is None
        else Option(held.delegation.from_person.code, f"Thay mặt {held.delegation.from_person.name}")
        for held in holders
    ]  # fmt: skip
    return found if len(found) > 1 else []


def check_said(desk: Desk, access: Access, holders: list[Held]) -> None:
    """Once an act: as whom it is done is said where several people delegated it, and is one of those.

    Raises:
        InputError: several people delegated it, and none was named.
        NotAllowedError: the one who was named has delegated nothing.
    """
    if desk.behalf and not desk.held:
        raise not_held(desk.person, sorted(access.roles), desk.today)
    if not desk.behalf:
        check_said_for_whom(holders)


def first_that(desk: Desk, roles: tuple[Role, ...], fits: Callable[[Actor], bool] = lambda _who: True) -> Actor:
    """The visitor in the first of `roles` that they hold and that `fits`; else in the first that they hold.

    Raises:
        NotAllowedError: the visitor holds none of them.
    """
    held = [choice.actor for choice in desk.choices_in(*roles)]
    held.sort(key=lambda who: roles.index(who.role))
    if not held:
        return desk.acting(*roles)
    return next((who for who in held if fits(who)), held[0])


def passes(check: Callable[[Actor], None]) -> Callable[[Actor], bool]:
    """A check that raises, as a question."""

    def fits(who: Actor) -> bool:
        try:
            check(who)
        except NotAllowedError:
            return False
        return True

    return fits
