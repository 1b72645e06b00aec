"""The score sheet while it is filled in: every choice is kept and added up at once."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from models.councils.sheet_drafts import sheet_product
from models.enums import Role
from models.errors import OcopError
from models.work_items.queries import item_by_id
from portal.access import of
from portal.acts.base import Ask, carry_out
from portal.acts.council_steps import so_far
from portal.acts.councils import SHEET_DRAFT, SheetDraftForm
from portal.forms import data_from
from portal.routing import Post, posted

router = APIRouter()


@posted(router, "/items/{item_id}/sheet-draft/total", of(Role.COUNCIL_MEMBER))
def keep(post: Post, item_id: int) -> Response:
    """Keep what is chosen so far and give the running total; what cannot be kept is said there."""
    data = data_from(SheetDraftForm, post.sent)
    version, error = _kept(post, item_id, data)
    with post.view() as view:
        item = item_by_id(view.desk.session, item_id)
        view.desk.acting_on(item)
        product = sheet_product(view.desk.session, item)
        return view.part(
            "items/sheet_total.html.j2", score=so_far(product, data), version=version, saved_at=view.desk.now,
            problems=error.problems if error is not None else [], fresh=True,
        )  # fmt: skip


def _kept(post: Post, item_id: int, data: dict[str, Any]) -> tuple[int, OcopError | None]:
    try:
        done = carry_out(SHEET_DRAFT, post.working, {"item_id": item_id}, Ask(data))
    except OcopError as error:
        return int(data.get("version") or 0) if str(data.get("version") or 0).isdecimal() else 0, error
    return int(done.data["version"]), None
