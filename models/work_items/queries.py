"""Work items as lists and pages show them: `ocop task list|show`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session, joinedload

from models.actors import Held
from models.clock import vn_date
from models.delegations.rules import PERSONAL_KINDS
from models.enums import ItemStatus
from models.errors import NotFoundError
from models.process import Scope, step_definition
from models.process.kinds import StepKind
from models.subjects import split_subject
from models.tables import Capacity, Certificate, CyclePlan, Dossier, DossierAttempt, Person, Product, Round, WorkItem
from models.work_items.authority import addressee
from models.work_items.ledger import in_words, replay
from models.work_items.terms import office_calendar

LARGEST_ID = 2**31 - 1
"""Ids are 32-bit integers in PostgreSQL; a larger number names nothing."""


@dataclass(frozen=True)
class ItemRow:
    """One work item in a list. `days_left` counts calendar days and is negative when the item is late [ours]."""

    id: int
    kind: str
    label: str
    step: int
    about: str
    round: str | None
    dossier: str | None
    certificate: str | None
    turn: int
    role: str
    role_label: str
    waiting_for: str
    claimed_by: str | None
    status: str
    status_label: str
    opened_on: date
    due_on: date
    days_left: int | None
    late: bool


@dataclass(frozen=True)
class ClockLine:
    """One line of the ledger of the item's clock."""

    on: date
    event: str
    days: int
    unit: str
    until: date | None
    rule: str
    by: str | None


@dataclass(frozen=True)
class OutcomeLine:
    """One outcome that was stated, with who stated it in which capacity; `reason`: why it was corrected."""

    version: int
    outcome: str
    data: dict[str, Any]
    by: str | None
    capacity: str
    recorded_at: datetime
    reason: str = ""
    carried_from: int | None = None
    on_behalf_of: str | None = None


@dataclass(frozen=True)
class ItemDetail:
    """All of one work item: what to do, how its due date came about, what was stated."""

    item: ItemRow
    todo: str
    version: int
    arithmetic: str
    clock: list[ClockLine] = field(default_factory=list)
    outcomes: list[OutcomeLine] = field(default_factory=list)


def item_rows(
    session: Session,
    today: date,
    *,
    mine: Sequence[Capacity | Held] | None = None,
    round_id: int | None = None,
    overdue: bool = False,
) -> list[ItemRow]:
    """Open items, the most urgent first; only those that one of `mine` may close, of one round, or late ones."""
    query = select(WorkItem).where(WorkItem.status == ItemStatus.OPEN).order_by(WorkItem.due_on, WorkItem.id)
    if mine is not None:
        query = query.where(or_(false(), *(addressed_to(held) for held in mine)))
    if round_id is not None:
        query = query.where(WorkItem.round_id == round_id)
    if overdue:
        query = query.where(WorkItem.due_on < today, WorkItem.suspended_on.is_(None))
    return [item_row(session, item, today) for item in session.scalars(query.options(*with_names()))]


def kinds_of(scope: Scope) -> list[StepKind]:
    """The kinds of steps that belong to one scope, in the order of the procedure."""
    return [kind for kind in StepKind if step_definition(kind).scope is scope]


def addressed_to(who: Capacity | Held) -> ColumnElement[bool]:
    """The condition of `models.work_items.authority` for one capacity, own or by delegation, as a query."""
    held = who if isinstance(who, Held) else Held(who.person_id, who)
    return and_(
        addressed_to_unit(held),
        or_(
            WorkItem.claimed_by_id.is_(None),
            WorkItem.claimed_by_id.in_(held.people),
            WorkItem.status != ItemStatus.OPEN,
        ),
    )


def addressed_to_unit(held: Held) -> ColumnElement[bool]:
    """The items of a capacity's holder and unit, whoever claimed them."""
    capacity = held.capacity
    return and_(
        WorkItem.role == capacity.role,
        or_(WorkItem.assignee_id.is_(None), WorkItem.assignee_id == capacity.person_id),
        or_(WorkItem.office_id.is_(None), WorkItem.office_id == capacity.office_id),
        or_(WorkItem.producer_id.is_(None), WorkItem.producer_id == capacity.producer_id),
        *_of_kinds(held),
    )


def _of_kinds(held: Held) -> list[ColumnElement[bool]]:
    if held.delegation is None:
        return []
    kinds = [WorkItem.kind.in_([StepKind(kind) for kind in held.delegation.kinds])] if held.delegation.kinds else []
    return [*kinds, WorkItem.kind.not_in(PERSONAL_KINDS)]


def fits(item: WorkItem, held: Held) -> bool:
    """Whether the item is addressed to the holder of this capacity, whoever claimed it."""
    mine = held.capacity
    return (
        item.role is mine.role
        and item.assignee_id in {None, mine.person_id}
        and item.office_id in {None, mine.office_id}
        and item.producer_id in {None, mine.producer_id}
    )


def holders_of(session: Session, item: WorkItem, on: date) -> list[Capacity]:
    """The capacities by which somebody may close the item on a day, in order of the people's codes.

    Of an item that somebody claimed only theirs, as long as they hold one that fits: else it is the unit's again.
    """
    query = select(Capacity).join(Person).where(Capacity.role == item.role, Person.active).order_by(Person.code)
    if item.assignee_id is not None:
        query = query.where(Capacity.person_id == item.assignee_id)
    if item.office_id is not None:
        query = query.where(Capacity.office_id == item.office_id)
    if item.producer_id is not None:
        query = query.where(Capacity.producer_id == item.producer_id)
    found = [capacity for capacity in session.scalars(query) if capacity.holds_on(on)]
    claimed = [capacity for capacity in found if capacity.person_id == item.claimed_by_id]
    return claimed or found if item.status is ItemStatus.OPEN else found


def item_by_id(session: Session, item_id: int) -> WorkItem:
    """The item with this number.

    Raises:
        NotFoundError: there is none.
    """
    item = session.get(WorkItem, item_id) if 0 < item_id <= LARGEST_ID else None
    if item is None:
        raise no_item(item_id)
    return item


def no_item(item_id: int) -> NotFoundError:
    """The refusal where there is no such item, or none for these eyes: which of both is not told."""
    return NotFoundError(f"Không có việc số {item_id}.", field="item", remedy="Xem danh sách việc của mình.")


def item_detail(session: Session, item_id: int, today: date) -> ItemDetail:
    """Everything about one item.

    Raises:
        NotFoundError: there is none.
    """
    item = item_by_id(session, item_id)
    return ItemDetail(
        item=item_row(session, item, today),
        todo=step_definition(item.kind).todo,
        version=item.version,
        arithmetic=arithmetic(item, today),
        clock=[
            ClockLine(e.on, e.event.value, e.days, e.unit, e.until, e.rule, _name(session, e.actor_id))
            for e in item.clock
        ],
        outcomes=[
            OutcomeLine(
                o.version,
                o.code,
                dict(o.data),
                _name(session, o.actor_id),
                o.capacity.value,
                o.recorded_at,
                o.reason,
                o.original.item.case.number if o.carried_from is not None else None,
                o.on_behalf_of.name if o.on_behalf_of is not None else None,
            )
            for o in item.outcomes
        ],
    )


def arithmetic(item: WorkItem, today: date) -> str:
    """Why the item is due when it is, in words."""
    calendar = office_calendar(item.owner_office)
    return in_words(calendar, replay(calendar, item.clock), vn_date(item.closed_at) if item.closed_at else today)


def item_row(session: Session, item: WorkItem, today: date) -> ItemRow:
    """One item as a list shows it on the day `today`."""
    definition = step_definition(item.kind)
    is_open = item.status is ItemStatus.OPEN
    return ItemRow(
        id=item.id,
        kind=item.kind.value,
        label=definition.label,
        step=definition.step,
        about=_about(item),
        round=item.of_round.code if item.of_round is not None else None,
        dossier=item.attempt.dossier.code if item.attempt is not None else None,
        certificate=item.certificate.code if item.certificate is not None else None,
        turn=item.turn,
        role=item.role.value,
        role_label=item.role.label,
        waiting_for=addressee(session, item),
        claimed_by=item.claimed_by.name if is_open and item.claimed_by is not None else None,
        status=item.status.value,
        status_label=item.status.label,
        opened_on=vn_date(item.opened_at),
        due_on=item.due_on,
        days_left=(item.due_on - today).days if is_open and item.suspended_on is None else None,
        late=is_open and item.suspended_on is None and item.due_on < today,
    )


def _about(item: WorkItem) -> str:
    if item.certificate is not None:
        return item.certificate.title
    if item.attempt is None or split_subject(item.subject)[0] is Scope.ROUND:
        return item.round.title
    return item.attempt.title


def _name(session: Session, person_id: int | None) -> str | None:
    return session.get_one(Person, person_id).name if person_id is not None else None


def with_names() -> tuple[Any, ...]:
    attempt = joinedload(WorkItem.attempt)
    dossier = attempt.joinedload(DossierAttempt.dossier)
    return (
        joinedload(WorkItem.of_round).joinedload(Round.plan).load_only(CyclePlan.year),
        joinedload(WorkItem.certificate).joinedload(Certificate.product),
        joinedload(WorkItem.office),
        joinedload(WorkItem.producer),
        joinedload(WorkItem.assignee),
        joinedload(WorkItem.claimed_by),
        dossier.joinedload(Dossier.product).joinedload(Product.place),
        dossier.load_only(Dossier.code, Dossier.product_id),
        attempt.load_only(DossierAttempt.number),
    )
