"""Which lines the board of a round has, without making them: a bare list by one query, to count, filter and page.

A round of 2,500 dossiers shows 25 of them at a time: only those are read with their names (`board_facts`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from models.enums import ItemStatus
from models.offices.history import place_id_then
from models.paging import Page, PageAsked
from models.process import Scope, step_definition
from models.process.kinds import StepKind
from models.searching import folded
from models.subjects import round_subject
from models.tables import Dossier, DossierAttempt, Place, PlannedProduct, Product, Round, RoundCarry, WorkItem
from models.work_items.queries import kinds_of


class Part(IntEnum):
    """The parts of a board in their order: the round's own steps, dossiers, those carried on, those still missing."""

    ROUND = 0
    ATTEMPT = 1
    CARRIED = 2
    PLANNED = 3


@dataclass(frozen=True)
class BoardScope:
    """What of a round somebody sees who does not see it as a whole, as conditions on `Dossier` and `Product`."""

    dossiers: ColumnElement[bool]
    products: ColumnElement[bool]


@dataclass(frozen=True)
class BoardFilter:
    """Which lines are wanted: of a commune (as the board names it), waiting in a step of the cycle (1–7), late ones."""

    commune: str | None = None
    step: int | None = None
    late: bool = False


@dataclass(frozen=True)
class Shown:
    """The lines of one page by part: ids of work items, attempts, carries, planned products."""

    ids: Mapping[Part, list[int]] = field(default_factory=dict)

    def of(self, part: Part) -> list[int]:
        """The ids of one part."""
        return self.ids.get(part, [])


@dataclass(frozen=True)
class BoardCounts:
    """Of all lines (within a scope): how many are late, how many wait in each step, and their communes."""

    late: int
    steps: dict[int, int]
    communes: list[str]


@dataclass(frozen=True)
class _Group:
    """What lines have in common that are of one place, wait in one kind of step, and are all late or all not."""

    commune: str
    step: int | None
    late: bool


def board_index(
    session: Session, round_: Round, today: date, wanted: BoardFilter, asked: PageAsked, scope: BoardScope | None
) -> tuple[BoardCounts, Page[tuple[Part, int]]]:
    """What there is to filter by, and which lines the page asked for has, in the board's order."""
    query = _query(scope) if scope is not None else _whole()
    named = {"round": round_.id, "today": today, "closes_on": round_.closes_on, "own": round_subject(round_.id)}
    lines = _first_of_each(session.connection().execute(query, named).all())
    numbers = Counter(line[2:] for line in lines)
    titles = _titles(session, {place for place, _, _ in numbers if place is not None})
    groups = {found: _group(titles, *found) for found in numbers}
    taken = {found for found, group in groups.items() if _takes(wanted, group)}
    page = Page.of([line for line in lines if line[2:] in taken], asked)
    counts = [(groups[found], number) for found, number in numbers.items()]
    return _counts(counts), page.map(lambda line: (Part(line[0]), line[1]))


def shown_by(page: Page[tuple[Part, int]]) -> Shown:
    """The lines of a page by part."""
    ids: dict[Part, list[int]] = {}
    for part, key in page.items:
        ids.setdefault(part, []).append(key)
    return Shown(ids)


def _first_of_each(rows: Sequence[Any]) -> list[Any]:
    """The lines in order; of a dossier with several open steps, which stand together, the one due first is its line."""
    return [row for row, before in zip(rows, [(), *rows], strict=False) if row[:2] != before[:2]]


def _group(titles: Mapping[int, str], place: int | None, kind: str | None, late: int) -> _Group:
    step = step_definition(StepKind(kind)).step if kind is not None else None
    return _Group(titles[place] if place is not None else "", step, bool(late))


def _counts(groups: Iterable[tuple[_Group, int]]) -> BoardCounts:
    found, steps = list(groups), Counter[int]()
    for group, number in found:
        if group.step is not None:
            steps[group.step] += number
    return BoardCounts(
        late=sum(number for group, number in found if group.late),
        steps=dict(sorted(steps.items())),
        communes=sorted({group.commune for group, _ in found if group.commune}, key=folded),
    )


def _takes(wanted: BoardFilter, group: _Group) -> bool:
    return (
        (wanted.commune is None or group.commune == wanted.commune)
        and (wanted.step is None or group.step == wanted.step)
        and (group.late or not wanted.late)
    )


def _titles(session: Session, ids: set[int]) -> dict[int, str]:
    query = select(Place.id, Place.kind + " " + Place.name).where(Place.id.in_(ids))
    return dict(session.execute(query).tuples().all())


ROUND: ColumnElement[int] = bindparam("round", type_=Integer)
OWN: ColumnElement[str] = bindparam("own", type_=String)
TODAY: ColumnElement[date] = bindparam("today", type_=Date)
CLOSES_ON: ColumnElement[date] = bindparam("closes_on", type_=Date)
"""What is asked for: the round's id and its name as a subject, the day, the round's last day."""


@cache
def _whole() -> Select[Any]:
    """The query for those who see all of a round, put together once: that takes as long as its answer."""
    return _query(None)


def _query(scope: BoardScope | None) -> Select[Any]:
    """Every line in the board's order: part, id, place then, kind of the step it waits in, late or not."""
    parts = [_of_waiting(scope), _of_others(scope), _of_carries(scope), _of_planned(scope)]
    lines = union_all(*([_of_round(), *parts] if scope is None else parts)).subquery()
    columns = (lines.c.part, lines.c.key, lines.c.place, lines.c.kind, lines.c.late)
    return select(*columns).order_by(lines.c.part, lines.c.code, lines.c.key, lines.c.due_on, lines.c.item)


def _columns(part: Part, key: Any, place: Any = None, code: Any = None) -> tuple[Any, ...]:
    return (
        literal_column(str(int(part)), Integer).label("part"),
        key.label("key"),
        (cast(null(), Integer) if place is None else place).label("place"),
        (literal_column("''", String) if code is None else code).label("code"),
    )


def _step() -> tuple[Any, ...]:
    late = case((and_(WorkItem.due_on < TODAY, WorkItem.suspended_on.is_(None)), 1), else_=0)
    kind, due_on = cast(WorkItem.kind, String), cast(WorkItem.due_on, String)
    return kind.label("kind"), late.label("late"), due_on.label("due_on"), WorkItem.id.label("item")


def _no_step() -> tuple[Any, ...]:
    return (
        cast(null(), String).label("kind"),
        literal_column("0", Integer).label("late"),
        cast(null(), String).label("due_on"),
        cast(null(), Integer).label("item"),
    )


def _of_round() -> Select[Any]:
    due = cast(WorkItem.due_on, String)
    return select(*_columns(Part.ROUND, WorkItem.id, code=due), *_step()).where(*_open(), WorkItem.subject == OWN)


def _of_waiting(scope: BoardScope | None) -> Select[Any]:
    """Dossiers with an open step."""
    place = place_id_then(DossierAttempt.ended_on)
    query = (
        select(*_columns(Part.ATTEMPT, DossierAttempt.id, place, Dossier.code), *_step())
        .select_from(WorkItem)
        .join(DossierAttempt, WorkItem.attempt_id == DossierAttempt.id)
        .where(*_steps())
    )
    return _latest(query, scope)


def _of_others(scope: BoardScope | None) -> Select[Any]:
    """Dossiers without one: ended, or between two steps. Not an outer join, which SQLite would make line by line."""
    place = place_id_then(DossierAttempt.ended_on)
    waiting = select(WorkItem.attempt_id).where(*_steps(), WorkItem.attempt_id.is_not(None))
    query = select(*_columns(Part.ATTEMPT, DossierAttempt.id, place, Dossier.code), *_no_step())
    return _latest(query.select_from(DossierAttempt).where(DossierAttempt.id.not_in(waiting)), scope)


def _latest(query: Select[Any], scope: BoardScope | None) -> Select[Any]:
    """The latest attempt of each dossier in the round, without dossiers that went on in another."""
    gone = select(DossierAttempt.dossier_id).where(DossierAttempt.id.in_(_gone()))
    return (
        query.join(Dossier, DossierAttempt.dossier_id == Dossier.id)
        .join(Product, Dossier.product_id == Product.id)
        .where(DossierAttempt.round_id == ROUND, DossierAttempt.id.not_in(_superseded()))
        .where(Dossier.id.not_in(gone), *_dossiers(scope))
    )


def _superseded() -> Select[tuple[int]]:
    """The attempts of dossiers that were handed in again in the same round."""
    earlier, later = aliased(DossierAttempt), aliased(DossierAttempt)
    query = select(earlier.id).join(later, and_(later.dossier_id == earlier.dossier_id, later.number > earlier.number))
    return query.where(earlier.round_id == ROUND, later.round_id == ROUND, later.number > 1)


def _of_carries(scope: BoardScope | None) -> Select[Any]:
    place = place_id_then(DossierAttempt.ended_on)
    return (
        select(*_columns(Part.CARRIED, RoundCarry.id, place), *_no_step())
        .join(DossierAttempt, RoundCarry.attempt_id == DossierAttempt.id)
        .join(Dossier, DossierAttempt.dossier_id == Dossier.id)
        .join(Product, Dossier.product_id == Product.id)
        .where(RoundCarry.from_round_id == ROUND, DossierAttempt.round_id != ROUND, *_dossiers(scope))
    )


def _of_planned(scope: BoardScope | None) -> Select[Any]:
    handed_in = (
        select(Dossier.product_id)
        .join(DossierAttempt)
        .where(or_(DossierAttempt.round_id == ROUND, DossierAttempt.id.in_(_gone())))
    )
    return (
        select(*_columns(Part.PLANNED, PlannedProduct.id, place_id_then(CLOSES_ON)), *_no_step())
        .join(Product, PlannedProduct.product_id == Product.id)
        .where(PlannedProduct.round_id == ROUND, PlannedProduct.product_id.not_in(handed_in))
        .where(*([scope.products] if scope is not None else []))
    )


def _gone() -> Select[tuple[int]]:
    """The attempts that went on in another round."""
    attempt = aliased(DossierAttempt)
    query = select(attempt.id).join(RoundCarry, RoundCarry.attempt_id == attempt.id)
    return query.where(RoundCarry.from_round_id == ROUND, attempt.round_id != ROUND)


def _open() -> tuple[ColumnElement[bool], ...]:
    return WorkItem.round_id == ROUND, WorkItem.status == ItemStatus.OPEN


def _steps() -> tuple[ColumnElement[bool], ...]:
    return *_open(), WorkItem.kind.in_(kinds_of(Scope.ATTEMPT))


def _dossiers(scope: BoardScope | None) -> list[ColumnElement[bool]]:
    return [scope.dossiers] if scope is not None else []
