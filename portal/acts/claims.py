"""Taking an item of a unit for oneself, and giving it back."""

from __future__ import annotations

from pydantic import Field

from models.acting import acting_to_release
from models.enums import Role
from models.work_items.claiming import check_may_release, claim, release
from models.work_items.queries import item_by_id, item_detail
from portal.access import Access
from portal.acts.base import Act, ActForm, Done, Ids, NoFacts
from portal.acts.capacities import on_item
from portal.acts.items import CLOCK_KEEPERS, ITEM, check_seen, item_page, item_version
from portal.desk import Desk

WORKERS = Access(CLOCK_KEEPERS.roles - {Role.COUNCIL_MEMBER})
"""Everybody to whom an item of a unit may be addressed; a score sheet always names its member."""


class ReleaseForm(ActForm):
    """Why an item is given back; a coordinator who gives back somebody else's has to say it."""

    reason: str = Field(default="", title="Lý do", description="Bắt buộc khi trả lại việc người khác đã nhận.")


def _claim(desk: Desk, ids: Ids, _form: NoFacts) -> Done:
    item = item_by_id(desk.session, ids["item_id"])
    claim(desk.session, item.id, desk.acting_on(item), desk.now)
    return _done(desk, ids, "Đã nhận việc; người khác trong đơn vị không làm việc này nữa.")


def _release(desk: Desk, ids: Ids, form: ReleaseForm) -> Done:
    item = item_by_id(desk.session, ids["item_id"])
    who = acting_to_release(desk.session, desk.person, item, desk.today, on_behalf_of=desk.on_behalf_of)
    release(desk.session, item.id, form.reason, who, desk.now)
    return _done(desk, ids, "Đã trả việc lại cho đơn vị.")


def _check_release(desk: Desk, ids: Ids) -> None:
    check_seen(desk, ids)
    item = item_by_id(desk.session, ids["item_id"])
    who = acting_to_release(desk.session, desk.person, item, desk.today, on_behalf_of=desk.on_behalf_of)
    check_may_release(item, who)


def _done(desk: Desk, ids: Ids, words: str) -> Done:
    return Done(words, item_page(ids), item_detail(desk.session, ids["item_id"], desk.today))


ACTS: list[Act] = [
    Act(
        name="item.claim", title="Nhận việc", path="/items/{item_id}/claim", ids=ITEM, access=WORKERS, form=NoFacts,
        run=_claim, check=check_seen, etag=item_version, back=item_page, button="Nhận việc này",
        explanation="Nhận một việc của đơn vị để đồng nghiệp biết ai đang làm.", as_whom=on_item(),
    ),
    Act(
        name="item.release", title="Trả lại việc đã nhận", path="/items/{item_id}/release", ids=ITEM, access=WORKERS,
        form=ReleaseForm, run=_release, check=_check_release, etag=item_version, back=item_page,
        button="Trả lại cho đơn vị",
        explanation="Việc trở về đơn vị, ai cũng nhận được.", as_whom=on_item(Role.COORDINATOR),
    ),
]  # fmt: skip
