"""The same act on many items: what it would do is shown first, and only that is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, cast

from pydantic import Field

from models import acting
from models.actors import Actor
from models.enums import Labelled, Role
from models.errors import InputError
from models.offices.colleagues import colleagues
from models.offices.people import person_of_code
from models.tables import Person
from models.work_items import bulk
from models.work_items.handing_over import HandOver, check_may_ask, hand_over
from portal.access import PEOPLE, Access, of
from portal.acts.base import Act, ActForm, Done, Ids
from portal.acts.capacities import by_access, in_any
from portal.desk import Desk
from portal.forms.describing import Option, Options
from portal.view import View

DOERS = Access(PEOPLE - {Role.AUDITOR})
PREVIEW = "items/bulk.html.j2"


class BulkKind(Labelled):
    """What may be done to many items at once."""

    CLAIM = "claim", "Nhận việc"
    RELEASE = "release", "Trả lại cho đơn vị"
    EXTEND = "extend", "Gia hạn"
    HAND_OVER = "hand_over", "Bàn giao cho người khác"


class BulkForm(ActForm):
    """What is to be done to which items."""

    items: list[int] = Field(min_length=1, title="Các việc")
    kind: BulkKind = Field(title="Làm gì với các việc đã chọn")
    days: int = Field(default=0, ge=0, le=365, title="Số ngày thêm", description="Chỉ khi gia hạn (ngày làm việc).")
    to: str = Field(default="", title="Bàn giao cho", description="Chỉ khi bàn giao.")
    reason: str = Field(default="", title="Lý do", description="Bắt buộc khi gia hạn và bàn giao.")


class AppliedForm(BulkForm):
    """The same, with the fingerprint of the preview."""

    fingerprint: str = Field(min_length=1, title="Dấu của bản xem trước")


class HandOverForm(ActForm):
    """To whom a person's open items go, and why."""

    to: str = Field(min_length=1, title="Bàn giao cho")
    reason: str = Field(min_length=1, title="Lý do", description="Ví dụ: nghỉ phép, chuyển công tác.")


def _act(desk: Desk, form: BulkForm) -> bulk.BulkAct:
    return bulk.BulkAct(cast(bulk.Kind, form.kind.value), form.reason, form.days, form.to, desk.on_behalf_of)


def _check(form: BulkForm) -> None:
    if form.kind is BulkKind.EXTEND and not form.days:
        raise InputError("thiếu số ngày", field="days", remedy="Ghi số ngày làm việc thêm, từ 1 trở lên.")
    if form.kind is BulkKind.HAND_OVER and not form.to:
        raise InputError("chưa chọn người nhận", field="to", remedy="Chọn người nhận bàn giao.")
    if form.kind in {BulkKind.EXTEND, BulkKind.HAND_OVER} and not form.reason:
        raise InputError("thiếu lý do", field="reason", remedy="Ghi lý do.")


def _preview(desk: Desk, _ids: Ids, form: BulkForm) -> Done:
    _check(form)
    if form.to:
        person_of_code(desk.session, form.to)
    return _shown(desk, form, ())


def _shown(desk: Desk, form: BulkForm, staying: Sequence[HandOver]) -> Done:
    seen = bulk.preview(desk.session, _act(desk, form), form.items, desk.person, desk.now)
    data = {
        "act": form.model_dump(mode="json"),
        "label": form.kind.label,
        "lines": [asdict(line) for line in seen.lines],
        "possible": seen.possible,
        "fingerprint": seen.fingerprint,
        "staying": [asdict(one) for one in staying],
    }
    possible = sum(not line.why_not for line in seen.lines)
    return Done(f"Sẽ làm với {possible} trong {len(seen.lines)} việc.", "/items", data, show=PREVIEW)


def _apply(desk: Desk, _ids: Ids, form: AppliedForm) -> Done:
    _check(form)
    act = _act(desk, form)
    done = bulk.apply(desk.session, act, form.items, desk.person, desk.now, fingerprint=form.fingerprint)
    lines = [asdict(line) for line in done.lines]
    return Done(f"{form.kind.label}: đã làm với {len(lines)} việc.", "/items", {"lines": lines})


def _hand_over(desk: Desk, ids: Ids, form: HandOverForm) -> Done:
    giver, taker = person_of_code(desk.session, ids["code"]), person_of_code(desk.session, form.to)
    who = _hander(desk)
    told = hand_over(desk.session, giver, taker, form.reason, who, desk.now, dry_run=True)
    going = [one.item for one in told if not one.why_not]
    staying = _shown_to(desk, [one for one in told if one.why_not])
    if not going:
        why = "; ".join(dict.fromkeys(one.why_not for one in staying)) or f"{giver.name} không có việc nào đang chờ"
        raise InputError(f"không có việc nào bàn giao được: {why}", field="to", remedy="Chọn người khác.")
    chosen = BulkForm(items=going[: bulk.MOST_ITEMS], kind=BulkKind.HAND_OVER, to=taker.code, reason=form.reason)
    return _shown(desk, chosen, staying)


def _shown_to(desk: Desk, staying: Sequence[HandOver]) -> list[HandOver]:
    """What stays and why; of another office's items only that they are there."""
    theirs = bulk.visible_of(desk.session, [one.item for one in staying], desk.person, desk.today)
    return [one if one.item in theirs else replace(one, about="") for one in staying]


def _hander(desk: Desk) -> Actor:
    return acting.acting_to_hand_over(desk.session, desk.person, desk.today, on_behalf_of=desk.on_behalf_of)


def _may_hand_over(desk: Desk, ids: Ids) -> None:
    giver = person_of_code(desk.session, ids["code"])
    check_may_ask(giver, _hander(desk))


def people_options(desk: Desk, person: Person) -> list[Option]:
    """The people to hand something over to."""
    return [Option(one.code, f"{one.name} ({one.code})") for one in colleagues(desk.session, person, desk.today)]


def _takers(desk: Desk, ids: Ids) -> Options:
    return {"to": people_options(desk, person_of_code(desk.session, ids["code"]))}


def _own_colleagues(desk: Desk, _ids: Ids) -> Options:
    return {"to": people_options(desk, desk.person)}


def _list(view: View, _ids: Ids) -> Mapping[str, Any]:
    from portal.pages.many_items import list_context

    return list_context(view)


PREVIEW_ACT = Act(
    name="items.bulk.preview", title="Làm với nhiều việc", path="/items/bulk/preview", access=DOERS, form=BulkForm,
    run=_preview, own_page=False, template="items/list.html.j2", context=_list, options=_own_colleagues,
    button="Xem trước", explanation="Cho biết sẽ làm gì với từng việc; chưa ghi gì.", as_whom=in_any,
)  # fmt: skip
APPLY = Act(
    name="items.bulk", title="Làm với nhiều việc", path="/items/bulk", access=DOERS, form=AppliedForm, run=_apply,
    own_page=False, template="items/bulk_refused.html.j2", button="Làm", back=lambda _ids: "/items",
    explanation="Chỉ làm đúng như đã xem trước: tất cả, hoặc không việc nào.", as_whom=in_any,
)  # fmt: skip
HAND_OVER = Act(
    name="person.hand-over", title="Bàn giao mọi việc đang chờ", path="/people/{code}/hand-over", ids={"code": str},
    access=DOERS, form=HandOverForm, run=_hand_over, check=_may_hand_over, options=_takers, button="Xem trước",
    back=lambda _ids: "/account", tag="Người",
    explanation="Cho biết việc nào sang người nhận, việc nào ở lại và vì sao; xác nhận ở bước sau.",
    as_whom=by_access(of(Role.COORDINATOR, Role.ADMINISTRATOR)),
)  # fmt: skip

ACTS: list[Act] = [PREVIEW_ACT, APPLY, HAND_OVER]
