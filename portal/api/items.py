"""Work items through the API."""

from __future__ import annotations

from models.work_items.queries import ItemDetail, item_by_id
from models.work_items.seeing import seen_item
from portal.access import CASES
from portal.api import api_router
from portal.api.reading import read
from portal.desk import Desk

router = api_router()


@read(router, "/items/{item_id}", CASES, ItemDetail, "Một việc", tag="Việc")
def item(desk: Desk, item_id: int) -> tuple[ItemDetail, str]:
    """Việc phải làm, hạn và cách tính, kết quả đã ghi. ETag là số bản của việc, dùng cho If-Match."""
    found = seen_item(desk.session, desk.capacities, item_by_id(desk.session, item_id), desk.today)
    return found, str(found.version)
