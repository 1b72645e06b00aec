"""One item as its reader may see it: to others it does not exist, and sheets and results stay shut until their time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from models.access.items import may_see_item, may_see_outcomes
from models.tables import Capacity, WorkItem
from models.work_items.queries import ItemDetail, item_detail, no_item


def seen_item(session: Session, capacities: Sequence[Capacity], item: WorkItem, today: date) -> ItemDetail:
    """The item, for who may see it; what was stated only for who may see that.

    Raises:
        NotFoundError: not to be seen in these capacities.
    """
    if not may_see_item(session, capacities, item):
        raise no_item(item.id)
    detail = item_detail(session, item.id, today)
    return detail if may_see_outcomes(session, capacities, item) else replace(detail, outcomes=[])
