"""One item as somebody may see it: not at all, without what was stated, or whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from models.access.items import may_see_item, may_see_outcomes
from models.actors import Held
from models.tables import WorkItem
from models.work_items.queries import ItemDetail, item_by_id, item_detail, no_item


def visible_item(session: Session, mine: Sequence[Held], item_id: int) -> WorkItem:
    """The item, if one of the capacities lets see it.

    Raises:
        NotFoundError: no such item, or none for these eyes: which of both is not told.
    """
    item = item_by_id(session, item_id)
    if not may_see_item(session, [held.capacity for held in mine], item):
        raise no_item(item_id)
    return item


def seen_detail(session: Session, mine: Sequence[Held], item_id: int, today: date) -> ItemDetail:
    """All of the item that one of the capacities lets see; sheets and results not before their time.

    Raises:
        NotFoundError: as `visible_item`.
    """
    item = visible_item(session, mine, item_id)
    detail = item_detail(session, item_id, today)
    if detail.outcomes and not may_see_outcomes(session, [held.capacity for held in mine], item):
        return replace(detail, outcomes=[])
    return detail
