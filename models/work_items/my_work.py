"""A person's work, the first screen after signing in: what one of their capacities may close, late first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from models.actors import Held
from models.enums import ItemStatus, OfficeKind, Rung
from models.paging import Page, PageAsked
from models.process import step_definition
from models.process.kinds import StepKind
from models.tables import Capacity, Office, WorkItem
from models.work_items.ladder import last_days, rungs_of
from models.work_items.queries import ItemRow, addressed_to_unit, item_row, with_names
from models.work_items.terms import office_calendar

Mine = Capacity | Held
"""A capacity of the person, own or by delegation."""


@dataclass(frozen=True)
class MyWorkFilter:
    """Which items are wanted: late ones, those due soon (not late), of one kind of step."""

    late: bool = False
    due_soon: bool = False
    kind: StepKind | None = None


@dataclass(frozen=True)
class MyWorkRow:
    """One item. `claimed_by` names the colleague of the unit who has it in hand; nobody, or oneself: none."""

    item: ItemRow
    claimed_by: str | None


@dataclass(frozen=True)
class KindCount:
    """How many items of one kind of step wait for the person."""

    kind: str
    label: str
    open: int
    late: int
    due_soon: int


@dataclass(frozen=True)
class MyWork:
    """One page of what was asked for, and the counts of all: `open` counts late and due soon items too."""

    rows: Page[MyWorkRow]
    open: int
    late: int
    due_soon: int
    kinds: list[KindCount]


def my_work(
    session: Session,
    mine: Sequence[Mine],
    today: date,
    wanted: MyWorkFilter | None = None,
    asked: PageAsked | None = None,
) -> MyWork:
    """The open items of the person and of the person's units: late ones first, then by due date.

    What a colleague has claimed is there too, with the colleague's name: the unit has to answer for it. A suspended
    item is neither late nor due soon. "Due soon" is each office's own first rung [ours].
    """
    wanted, asked = wanted or MyWorkFilter(), asked or PageAsked()
    soon = _due_soon(session, today)
    kinds = _counts(session, mine, today, soon)
    found = [_matching(kind, wanted) for kind in kinds]
    rows = session.scalars(_page(mine, today, wanted, soon, asked)).unique()
    shown = [MyWorkRow(item_row(session, item, today), _claimed_by(item, mine)) for item in rows]
    return MyWork(
        rows=Page(shown, sum(found), asked.page, asked.size),
        open=sum(kind.open for kind in kinds),
        late=sum(kind.late for kind in kinds),
        due_soon=sum(kind.due_soon for kind in kinds),
        kinds=kinds,
    )


def _page(
    mine: Sequence[Mine], today: date, wanted: MyWorkFilter, soon: ColumnElement[bool], asked: PageAsked
) -> Select[tuple[WorkItem]]:
    query = select(WorkItem).where(*_for(mine)).options(*with_names())
    if wanted.late:
        query = query.where(_late(today))
    if wanted.due_soon:
        query = query.where(soon)
    if wanted.kind is not None:
        query = query.where(WorkItem.kind == wanted.kind)
    late_first = case((_late(today), 0), else_=1)
    return query.order_by(late_first, WorkItem.due_on, WorkItem.id).offset(asked.start).limit(asked.size)


def _matching(kind: KindCount, wanted: MyWorkFilter) -> int:
    """How many of a kind the filter takes: late and due soon exclude each other."""
    if (wanted.kind is not None and kind.kind != wanted.kind) or (wanted.late and wanted.due_soon):
        return 0
    return kind.late if wanted.late else kind.due_soon if wanted.due_soon else kind.open


def _for(mine: Sequence[Mine]) -> tuple[ColumnElement[bool], ...]:
    # The roles are named a second time so that the index of open items by role answers.
    held = [_held(one) for one in mine]
    roles = {one.capacity.role for one in held}
    addressed = or_(false(), *(addressed_to_unit(one) for one in held))
    return WorkItem.status == ItemStatus.OPEN, WorkItem.role.in_(sorted(roles)), addressed


def _held(one: Mine) -> Held:
    return one if isinstance(one, Held) else Held(one.person_id, one)


def _late(today: date) -> ColumnElement[bool]:
    return and_(WorkItem.due_on < today, WorkItem.suspended_on.is_(None))


def _due_soon(session: Session, today: date) -> ColumnElement[bool]:
    """Not late, and due by the day until which its coordination office has itself reminded today."""
    offices = session.scalars(select(Office).where(Office.kind == OfficeKind.COORDINATION)).all()
    by_day: dict[date, list[int]] = {}
    for office in offices:
        day = last_days(today, office_calendar(office), rungs_of(office))[Rung.DUE_SOON]
        by_day.setdefault(day, []).append(office.id)
    reached = (and_(WorkItem.due_on <= day, WorkItem.owner_office_id.in_(ids)) for day, ids in by_day.items())
    return and_(WorkItem.due_on >= today, WorkItem.suspended_on.is_(None), or_(false(), *reached))


def _counts(session: Session, mine: Sequence[Mine], today: date, soon: ColumnElement[bool]) -> list[KindCount]:
    """By kind of step, in the order of the procedure."""
    late, near = (func.sum(case((condition, 1), else_=0)) for condition in (_late(today), soon))
    query = select(WorkItem.kind, func.count(), late, near).where(*_for(mine)).group_by(WorkItem.kind)
    order = list(StepKind)
    return [
        KindCount(kind.value, step_definition(kind).label, count, int(overdue), int(due))
        for kind, count, overdue, due in sorted(session.execute(query).all(), key=lambda row: order.index(row[0]))
    ]


def _claimed_by(item: WorkItem, mine: Sequence[Mine]) -> str | None:
    """The colleague who has claimed the item; nobody when it is the person, or one they stand in for."""
    own = {person for one in mine for person in _held(one).people}
    return item.claimed_by.name if item.claimed_by is not None and item.claimed_by_id not in own else None
