"""What people do with a work item: state its outcome, give it more time, let its clock stand and run again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import Field

from models.access import may_see_item
from models.actors import Actor
from models.enums import Role
from models.errors import WrongMomentError
from models.forms import FORMS
from models.forms.words import outcome_in_words
from models.process import step_definition
from models.process.kinds import StepKind
from models.tables import WorkItem
from models.work_items import complete, extend, resume, suspend
from models.work_items.opening import check_extends, may_extend
from models.work_items.queries import item_by_id, item_detail, no_item
from models.work_items.suspending import check_keeps_clock
from portal.access import CASES, Access, of
from portal.acts.base import Act, ActForm, Done, Ids
from portal.acts.capacities import first_that, on_item
from portal.acts.step_pages import step_page
from portal.desk import Desk
from portal.view import View

CLOCK_KEEPERS = Access(CASES.roles - {Role.AUDITOR})
ITEM: Mapping[str, type] = {"item_id": int}


class ExtensionForm(ActForm):
    """More time, with the reason and who allowed it."""

    days: int = Field(ge=1, le=365, title="Số ngày thêm", description="Ngày làm việc, tính tiếp từ hạn cũ.")
    reason: str = Field(min_length=1, title="Lý do")
    authority: str = Field(default="", title="Căn cứ cho phép (số văn bản, người duyệt)")


class ClockForm(ActForm):
    """Why the clock stands, or runs again."""

    reason: str = Field(min_length=1, title="Lý do")


def item_version(desk: Desk, ids: Ids) -> str:
    """The version of the item, as `ETag` and as the page saw it."""
    return str(item_by_id(desk.session, ids["item_id"]).version)


def item_page(ids: Ids) -> str:
    """The page of the item."""
    return f"/items/{ids['item_id']}"


def _done(desk: Desk, ids: Ids, words: str) -> Done:
    return Done(words, item_page(ids), lambda: item_detail(desk.session, ids["item_id"], desk.today))


def _complete(kind: StepKind) -> Callable[[Desk, Ids, Any], Done]:
    label = step_definition(kind).label

    def run(desk: Desk, ids: Ids, form: Any) -> Done:
        item = item_by_id(desk.session, ids["item_id"])
        if item.kind is not kind:
            raise WrongMomentError(
                f"Việc số {item.id} là «{step_definition(item.kind).label}», không phải «{label}».",
                field="item_id",
                remedy="Mở lại việc này từ danh sách.",
            )
        stated = complete(desk.session, item.id, form, desk.acting_on(item), desk.now)
        return _done(desk, ids, f"Đã ghi «{label}»: {outcome_in_words(stated.code)}.")

    return run


def _context_of(kind: StepKind) -> Callable[[View, Ids], Mapping[str, Any]]:
    more = step_page(kind).context

    def context(view: View, ids: Ids) -> Mapping[str, Any]:
        from portal.pages.items import item_context

        shown = item_context(view, ids["item_id"])
        return shown if more is None else {**shown, **more(view, ids)}

    return context


OUTCOMES: dict[StepKind, Act] = {
    kind: Act(
        name=f"item.outcome.{kind}",
        title=step_definition(kind).label,
        explanation=step_definition(kind).todo,
        path=f"/items/{{item_id}}/outcome/{kind}",
        ids=ITEM,
        access=of(step_definition(kind).role),
        form=form,
        run=_complete(kind),
        etag=item_version,
        button="Ghi kết quả",
        template=step_page(kind).template,
        context=_context_of(kind),
        prefill=step_page(kind).prefill,
        options=step_page(kind).options,
        takes_files=step_page(kind).takes_files,
        hidden=step_page(kind).hidden,
        own_page=False,
        as_whom=on_item(),
        tag="Kết quả các bước",
    )
    for kind, form in FORMS.items()
}
"""One act for each kind of step."""


def check_seen(desk: Desk, ids: Ids) -> None:
    """Refuse an item that is not the visitor's to see, as one that does not exist."""
    item = item_by_id(desk.session, ids["item_id"])
    if not may_see_item(desk.session, desk.capacities, item):
        raise no_item(item.id)


def _check_extends(desk: Desk, ids: Ids) -> None:
    check_seen(desk, ids)
    check_extends(desk.session, item_by_id(desk.session, ids["item_id"]), _extender(desk, ids))


def _extender(desk: Desk, ids: Ids) -> Actor:
    item = item_by_id(desk.session, ids["item_id"])
    return first_that(desk, (Role.COORDINATOR, Role.LEADER), lambda who: may_extend(desk.session, item, who))


def _check_keeps_clock(desk: Desk, ids: Ids) -> None:
    check_seen(desk, ids)
    item = item_by_id(desk.session, ids["item_id"])
    check_keeps_clock(desk.session, item, clock_keeper(desk, item), desk.today)


def clock_keeper(desk: Desk, item: WorkItem) -> Actor:
    """The coordinator, else whoever has the item to close."""
    return desk.acting(Role.COORDINATOR) if Role.COORDINATOR in desk.roles else desk.acting_on(item)


def _extend(desk: Desk, ids: Ids, form: ExtensionForm) -> Done:
    item = item_by_id(desk.session, ids["item_id"])
    reason = f"{form.reason} ({form.authority})" if form.authority else form.reason
    changed = extend(desk.session, item.id, form.days, reason, _extender(desk, ids), desk.now, office=item.owner_office)
    return _done(desk, ids, f"Đã gia hạn đến {changed.due_on:%d/%m/%Y}.")


def _clock(act: Callable[..., WorkItem], words: str) -> Callable[[Desk, Ids, Any], Done]:
    def run(desk: Desk, ids: Ids, form: ClockForm) -> Done:
        item = item_by_id(desk.session, ids["item_id"])
        act(desk.session, item.id, form.reason, clock_keeper(desk, item), desk.now)
        return _done(desk, ids, words)

    return run


EXTEND = Act(
    name="item.extend", title="Gia hạn", path="/items/{item_id}/extension", ids=ITEM,
    access=of(Role.COORDINATOR, Role.LEADER), form=ExtensionForm, run=_extend, check=_check_extends,
    etag=item_version, back=item_page,
    button="Gia hạn", explanation="Hạn mới tính tiếp từ hạn cũ; lý do được lưu và hiện ở hạn của việc.", tag="Hạn",
)  # fmt: skip
SUSPEND = Act(
    name="item.suspend", title="Tạm dừng hạn", path="/items/{item_id}/suspension", ids=ITEM, access=CLOCK_KEEPERS,
    form=ClockForm, run=_clock(suspend, "Đã tạm dừng hạn."), check=_check_keeps_clock,
    etag=item_version, back=item_page, button="Tạm dừng",
    explanation="Khi hồ sơ đang ở chủ thể để bổ sung, thời hạn không chạy.", tag="Hạn",
    as_whom=on_item(Role.COORDINATOR),
)  # fmt: skip
RESUME = Act(
    name="item.resume", title="Tính tiếp hạn", path="/items/{item_id}/resumption", ids=ITEM, access=CLOCK_KEEPERS,
    form=ClockForm, run=_clock(resume, "Hạn được tính tiếp."), check=_check_keeps_clock,
    etag=item_version, back=item_page, button="Tính tiếp",
    explanation="Số ngày còn lại được tính từ hôm nay.", tag="Hạn",
    as_whom=on_item(Role.COORDINATOR),
)  # fmt: skip

ACTS: list[Act] = [*OUTCOMES.values(), EXTEND, SUSPEND, RESUME]
