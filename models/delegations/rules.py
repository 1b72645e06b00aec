"""What may be delegated, and which rule is in force."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.actors import Actor
from models.enums import Role
from models.errors import NotAllowedError
from models.process.kinds import StepKind
from models.tables import Delegation, Person

PERSONAL_ROLES = {Role.COUNCIL_MEMBER, Role.ADMINISTRATOR, Role.AUDITOR, Role.SYSTEM}
"""Nobody stands in for these [ours]: a council seat is personal (named in the council's decision); accounts and
looking at everything are given to a person by an administrator, not handed on."""

PERSONAL_KINDS = {StepKind.SCORE_SHEET}
"""Work that only the person named does: a score sheet is the judgement of one member."""

NO_STAND_INS = {Role.PRODUCER, Role.AUDITOR, Role.ADMINISTRATOR}
"""Who holds nothing else does not stand in for staff [ours]: a producer would judge producers, an auditor changes
nothing, an administrator does no case work (domain.md §9)."""


def delegations_to(session: Session, person_id: int, on: date) -> list[Delegation]:
    """The rules in force on a day by which the person stands in for others, the oldest first."""
    query = (
        select(Delegation)
        .join(Person, Person.id == Delegation.from_person_id)
        .where(Delegation.to_person_id == person_id, Delegation.ended_at.is_(None), Person.active)
        .where(Delegation.valid_from <= on, Delegation.valid_to >= on)
        .options(joinedload(Delegation.from_person).selectinload(Person.capacities))
        .order_by(Delegation.id)
    )
    return list(session.scalars(query))


def stands_in(session: Session, person_id: int, for_person_id: int, on: date, kind: StepKind | None = None) -> bool:
    """Whether a rule in force lets one person act for the other: for all work, or for this kind of it."""
    rules = [rule for rule in delegations_to(session, person_id, on) if rule.from_person_id == for_person_id]
    return any(rule.covers(kind) if kind is not None else not rule.kinds for rule in rules)


def check_stands_in(session: Session, who: Actor, on: date) -> None:
    """Refuse an act in place of another without a rule in force that day, whatever the act is.

    For which kinds of work the rule is, whoever finds the capacity asks (`models/acting.py`, `check_may_close`).

    Raises:
        NotAllowedError: there is none, or the role is not one to stand in for.
    """
    if who.on_behalf_of is None:
        return
    rules = delegations_to(session, who.person_id, on) if who.person_id is not None else []
    if who.role in PERSONAL_ROLES or all(rule.from_person_id != who.on_behalf_of for rule in rules):
        holder = session.get_one(Person, who.on_behalf_of)
        raise NotAllowedError(
            f"Không có ủy quyền của {holder.name} cho việc này vào ngày {on:%d/%m/%Y}.",
            field="actor",
            remedy=f"Để {holder.name} tự làm, hoặc lập ủy quyền trước.",
        )


def stand_ins_for(session: Session, person_ids: Collection[int], on: date, kind: StepKind) -> list[Person]:
    """Who stands in on a day for any of these people in this kind of work."""
    query = (
        select(Delegation)
        .join(Person, Person.id == Delegation.to_person_id)
        .where(Delegation.from_person_id.in_(person_ids), Delegation.ended_at.is_(None), Person.active)
        .where(Delegation.valid_from <= on, Delegation.valid_to >= on)
        .options(joinedload(Delegation.to_person))
        .order_by(Delegation.id)
    )
    return [rule.to_person for rule in session.scalars(query) if kind not in PERSONAL_KINDS and rule.covers(kind)]
