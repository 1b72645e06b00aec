"""In which capacity a person acts: the one place that finds it, for pages, API, command line and Prefect's form.

Own capacities come first; one that another delegated is taken only where the person holds none of their own that fits.
Whoever asks several times gives `held`, what `capacities_of` found; for the others it is looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.actors import Actor, Held, oneself
from models.delegations.rules import PERSONAL_ROLES, delegations_to
from models.enums import Role
from models.errors import InputError, NotAllowedError
from models.process import step_definition
from models.tables import Capacity, Person, WorkItem
from models.work_items.queries import fits


def own_capacities(session: Session, person: Person, on: date) -> list[Held]:
    """What the person is on a day; nothing for somebody who is not active any more."""
    if not person.active:
        return []
    query = select(Capacity).where(Capacity.person_id == person.id).options(joinedload(Capacity.office))
    query = query.order_by(Capacity.id)
    return [Held(person.id, capacity) for capacity in session.scalars(query) if capacity.holds_on(on)]


def capacities_by_delegation(session: Session, person: Person, on: date) -> list[Held]:
    """What the person is in place of others on a day. Rules do not chain: who stands in hands nothing on."""
    if not person.active:
        return []
    return [
        Held(person.id, capacity, rule)
        for rule in delegations_to(session, person.id, on)
        for capacity in sorted(rule.from_person.capacities, key=lambda one: one.id)
        if capacity.holds_on(on) and capacity.role not in PERSONAL_ROLES
    ]


def capacities_of(session: Session, person: Person, on: date, on_behalf_of: int | None = None) -> list[Held]:
    """All capacities in which the person may act on a day, the person's own first.

    `on_behalf_of`: only those of the person chosen for an act, which may be the acting person.
    """
    every = own_capacities(session, person, on) + capacities_by_delegation(session, person, on)
    return [held for held in every if on_behalf_of in {None, held.capacity.person_id}]


def in_roles(mine: Iterable[Held], roles: Iterable[Role]) -> list[Held]:
    """Those of `mine` in these roles by which an act that is no work item may be done.

    A delegation of some kinds of work only gives none.
    """
    wanted = set(roles)
    return [held for held in mine if held.capacity.role in wanted and not (held.delegation and held.delegation.kinds)]


def choices_in(
    session: Session,
    person: Person,
    roles: Iterable[Role],
    on: date,
    *,
    on_behalf_of: int | None = None,
    held: Sequence[Held] | None = None,
) -> list[Held]:
    """The capacities in these roles for an act that is no work item; own ones keep others' away."""
    mine = held if held is not None else capacities_of(session, person, on, on_behalf_of)
    return _own_first(in_roles(mine, roles))


def choices_on_item(
    session: Session,
    person: Person,
    item: WorkItem,
    on: date,
    *,
    on_behalf_of: int | None = None,
    held: Sequence[Held] | None = None,
) -> list[Held]:
    """The capacities by which the person may close the item, own ones first."""
    mine = held if held is not None else capacities_of(session, person, on, on_behalf_of)
    return _own_first([one for one in mine if one.covers(item.kind) and fits(item, one)])


def holders_on_item(mine: Iterable[Held], item: WorkItem) -> list[Held]:
    """One capacity for each person as whom somebody who holds `mine` may close the item: oneself, others in turn."""
    return one_each(held for held in mine if held.covers(item.kind) and fits(item, held))


def one_each(mine: Iterable[Held]) -> list[Held]:
    """The first capacity of each person whose these are."""
    found: dict[int, Held] = {}
    for held in mine:
        found.setdefault(held.capacity.person_id, held)
    return list(found.values())


def check_said_for_whom(holders: Sequence[Held]) -> None:
    """Refuse to guess in place of whom an act is done; oneself comes before others.

    Raises:
        InputError: several people delegated it.
    """
    if len(holders) > 1 and all(held.delegation is not None for held in holders):
        named = ", ".join(held.delegation.from_person.name for held in holders if held.delegation is not None)
        raise InputError("chưa chọn làm thay mặt ai", field="on_behalf_of", remedy=f"Chọn một: {named}.")


def acting_in(
    session: Session,
    person: Person,
    roles: Sequence[Role],
    on: date,
    *,
    role: Role | None = None,
    on_behalf_of: int | None = None,
    held: Sequence[Held] | None = None,
) -> Actor:
    """The person in the one of `roles` that they hold, or in the chosen `role`, or in place of the chosen person.

    Raises:
        NotAllowedError: the person holds none of them that day.
        InputError: several roles fit, and none was chosen.
    """
    choices = choices_in(session, person, roles, on, on_behalf_of=on_behalf_of, held=held)
    if role is not None:
        choices = [one for one in choices if one.capacity.role is role]
    if not choices:
        raise not_held(person, [role] if role is not None else roles, on)
    return one_of(person, choices).actor


def acting_on_item(
    session: Session,
    person: Person,
    item: WorkItem,
    on: date,
    *,
    on_behalf_of: int | None = None,
    held: Sequence[Held] | None = None,
) -> Actor:
    """The person in the capacity that may close the item.

    Who holds the item's role elsewhere acts in that, for `check_may_close` to refuse, which knows why.

    Raises:
        NotAllowedError: the person does not hold the role that day.
    """
    mine = held if held is not None else capacities_of(session, person, on, on_behalf_of)
    choices = choices_on_item(session, person, item, on, held=mine)
    if not choices and on_behalf_of in {None, person.id}:
        covering = [one for one in mine if one.covers(item.kind)]
        choices = _own_first([one for one in covering if one.capacity.role is item.role])
    if not choices:
        raise not_held(person, [item.role], on, step_definition(item.kind).label)
    return choices[0].actor


def acting_to_release(
    session: Session, person: Person, item: WorkItem, on: date, *, on_behalf_of: int | None = None
) -> Actor:
    """The person as who claimed the item, else as a coordinator of its office, for `claiming.release`.

    Raises:
        NotAllowedError: neither holds.
    """
    holders = choices_on_item(session, person, item, on, on_behalf_of=on_behalf_of)
    claimers = [held for held in holders if item.claimed_by_id in held.people]
    if claimers:
        return claimers[0].actor
    coordinators = choices_in(session, person, [Role.COORDINATOR], on, on_behalf_of=on_behalf_of)
    own_office = [held for held in coordinators if held.capacity.office_id == item.owner_office_id]
    if not coordinators:
        raise not_held(person, [Role.COORDINATOR], on)
    return (own_office or coordinators)[0].actor


def acting_to_hand_over(session: Session, person: Person, on: date, *, on_behalf_of: int | None = None) -> Actor:
    """The person as a coordinator or an administrator, else as themselves, for `handing_over`."""
    choices = choices_in(session, person, [Role.COORDINATOR, Role.ADMINISTRATOR], on, on_behalf_of=on_behalf_of)
    own = [held for held in choices if held.delegation is None]
    return (own or choices)[0].actor if choices else oneself(session, person.id, on)


def one_of(person: Person, choices: Sequence[Held]) -> Held:
    """The capacity that is meant; of several offices in one role the first.

    Raises:
        InputError: several roles.
    """
    roles = list(dict.fromkeys(held.capacity.role for held in choices))
    if len(roles) > 1:
        named = ", ".join(f"{role.value} ({role.label})" for role in roles)
        raise InputError(f"{person.name} giữ nhiều vai trò.", field="role", remedy=f"Chọn vai trò: {named}.")
    return choices[0]


def not_held(person: Person, roles: Iterable[Role], on: date, work: str = "") -> NotAllowedError:
    """The refusal for who holds none of the roles."""
    labels = ", ".join(f"«{role.label}»" for role in roles)
    what = f"«{work}»" if work else "việc này"
    return NotAllowedError(
        f"{person.name} không giữ vai trò làm được {what} vào ngày {on:%d/%m/%Y} (cần: {labels}).",
        field="role",
        remedy="Chọn đúng người, hoặc nhờ quản trị phân công.",
    )


def _own_first(choices: list[Held]) -> list[Held]:
    own = [held for held in choices if held.delegation is None]
    return own or choices
