"""The same act on many items: first a look at what would happen to each, then all of it or nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import acting
from models.access.items import items_visible
from models.clock import vn_date
from models.enums import Role
from models.errors import ConflictError, InputError, PersonError, Problem
from models.offices.people import person_of_code
from models.tables import Person, WorkItem
from models.work_items.claiming import claim, release
from models.work_items.handing_over import hand_over_one
from models.work_items.locking import locked
from models.work_items.opening import extend
from models.work_items.queries import item_by_id, item_row, no_item

MOST_ITEMS = 500
"""Items in one act [ours]."""

Kind = Literal["extend", "claim", "release", "hand_over"]


@dataclass(frozen=True)
class BulkAct:
    """What is to be done to each: `days` of an extension, `to` (code of a person) of a hand-over, the reason of all.

    `on_behalf_of`: the one of whom the person chose to stand in for (thay mặt).
    """

    kind: Kind
    reason: str = ""
    days: int = 0
    to: str = ""
    on_behalf_of: int | None = None


@dataclass(frozen=True)
class BulkLine:
    """What would happen to one item: its due date afterwards, or why nothing can (`why_not`)."""

    item: int
    label: str
    about: str
    waiting_for: str
    due_on: date
    due_after: date
    why_not: str = ""


@dataclass(frozen=True)
class Preview:
    """All of it, with the fingerprint that `apply` asks for: other items, other words, another fingerprint."""

    lines: list[BulkLine]
    fingerprint: str

    @property
    def possible(self) -> bool:
        """Whether the act can be done to every item."""
        return bool(self.lines) and not any(line.why_not for line in self.lines)


def preview(session: Session, act: BulkAct, item_ids: Iterable[int], person: Person, now: datetime) -> Preview:
    """Try the act on each item and take it back: the rules that speak are those of the act itself.

    Raises:
        InputError: no item, or too many.
        NotFoundError: an item that does not exist, or that is not the person's to see: which of both is not told.
    """
    lines, versions = [], []
    numbers = _numbers(item_ids)
    theirs = visible_of(session, numbers, person, vn_date(now))
    for item_id in numbers:
        if item_id not in theirs:
            raise no_item(item_id)
        item = item_by_id(session, item_id)
        versions.append((item.id, item.version))
        lines.append(_tried(session, act, item, person, now))
    return Preview(lines, _fingerprint(act, person, versions, lines))


def visible_of(session: Session, item_ids: Iterable[int], person: Person, on: date) -> set[int]:
    """Which of the items the person may look at: those that are theirs to see, all for who hands over for everybody."""
    mine = [held.capacity for held in acting.capacities_of(session, person, on)]
    query = select(WorkItem.id).where(WorkItem.id.in_(list(item_ids)))
    if not any(capacity.role is Role.ADMINISTRATOR for capacity in mine):
        query = query.where(items_visible(session, mine))
    return set(session.scalars(query))


def apply(
    session: Session, act: BulkAct, item_ids: Iterable[int], person: Person, now: datetime, *, fingerprint: str
) -> Preview:
    """Do it to all the items that were previewed, as previewed.

    Raises:
        ConflictError: something has changed since the preview.
        InputError: an item refuses; all that do are listed, and none is touched.
    """
    numbers = _numbers(item_ids)
    for item_id in numbers:
        locked(session, item_id)  # outside the trials, whose end gives their locks back
    seen = preview(session, act, numbers, person, now)
    if seen.fingerprint != fingerprint:
        raise ConflictError(
            "Có việc đã thay đổi từ lúc xem trước; chưa việc nào bị đụng đến.",
            field="fingerprint",
            remedy="Xem trước lại rồi xác nhận.",
        )
    if not seen.possible:
        raise InputError.of(
            Problem(f"item:{line.item}", f"{line.label} · {line.about}: {line.why_not}", "Bỏ việc này khỏi danh sách.")
            for line in seen.lines
            if line.why_not
        )
    for item_id in numbers:
        ACTS[act.kind](session, act, item_by_id(session, item_id), person, now)
    return seen


def _tried(session: Session, act: BulkAct, item: WorkItem, person: Person, now: datetime) -> BulkLine:
    today = vn_date(now)
    row, after, why_not = item_row(session, item, today), item.due_on, ""
    trial = session.begin_nested()
    try:
        ACTS[act.kind](session, act, item, person, now)
        after = item.due_on
    except PersonError as error:
        why_not = error.problems[0].problem
    finally:
        trial.rollback()
    session.expire(item)
    return BulkLine(item.id, row.label, row.about, row.waiting_for, row.due_on, after, why_not)


def _extend(session: Session, act: BulkAct, item: WorkItem, person: Person, now: datetime) -> None:
    who = acting.acting_in(
        session, person, [Role.COORDINATOR, Role.LEADER], vn_date(now), on_behalf_of=act.on_behalf_of
    )
    extend(session, item.id, act.days, act.reason, who, now, office=item.owner_office)


def _claim(session: Session, act: BulkAct, item: WorkItem, person: Person, now: datetime) -> None:
    who = acting.acting_on_item(session, person, item, vn_date(now), on_behalf_of=act.on_behalf_of)
    claim(session, item.id, who, now)


def _release(session: Session, act: BulkAct, item: WorkItem, person: Person, now: datetime) -> None:
    who = acting.acting_to_release(session, person, item, vn_date(now), on_behalf_of=act.on_behalf_of)
    release(session, item.id, act.reason, who, now)


def _hand_over(session: Session, act: BulkAct, item: WorkItem, person: Person, now: datetime) -> None:
    taker = person_of_code(session, act.to)
    who = acting.acting_to_hand_over(session, person, vn_date(now), on_behalf_of=act.on_behalf_of)
    hand_over_one(session, item.id, taker, act.reason, who, now)


ACTS: dict[Kind, Callable[[Session, BulkAct, WorkItem, Person, datetime], None]] = {
    "extend": _extend,
    "claim": _claim,
    "release": _release,
    "hand_over": _hand_over,
}


def _numbers(item_ids: Iterable[int]) -> list[int]:
    numbers = sorted(set(item_ids))  # in one order, so that two who act at once do not wait for each other
    if not 0 < len(numbers) <= MOST_ITEMS:
        raise InputError(
            f"Mỗi lần chọn từ 1 đến {MOST_ITEMS} việc (đang chọn {len(numbers)}).",
            field="items",
            remedy="Chọn lại các việc.",
        )
    return numbers


def _fingerprint(act: BulkAct, person: Person, versions: list[tuple[int, int]], lines: list[BulkLine]) -> str:
    facts = [asdict(act), person.id, versions, [asdict(line) for line in lines]]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False, default=str).encode()).hexdigest()
