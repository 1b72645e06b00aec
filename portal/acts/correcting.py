"""Correcting a recorded outcome: its form once more, with the reason and a look at what opens again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import BaseModel, Field, create_model

from models.access import may_see_outcomes
from models.actors import Actor
from models.enums import ItemStatus, Role
from models.errors import NotFoundError, OcopError, Problem, WrongMomentError
from models.forms import FORMS
from models.forms.words import outcome_in_words
from models.process import step_definition
from models.process.kinds import StepKind
from models.steps.correcting import correct
from models.steps.correction_preview import would_reopen
from models.steps.correction_rules import check_may_correct, check_way_is_open
from models.tables import WorkItem
from models.work_items.queries import item_by_id, item_detail
from portal.access import of
from portal.acts.base import Act, ActForm, Done, Ids
from portal.acts.capacities import on_item
from portal.acts.items import ITEM, item_page, item_version
from portal.desk import Desk
from portal.view import View

CORRECTED = [kind for kind in FORMS if step_definition(kind).corrected_by is not None]
"""Kinds of steps whose outcome is ever corrected by itself."""


def _form(kind: StepKind) -> type[BaseModel]:
    return create_model(
        f"Correct{FORMS[kind].__name__}",
        __base__=ActForm,
        __doc__=f"«{step_definition(kind).label}» stated anew, with the reason.",
        reason=(str, Field(min_length=1, title="Lý do đính chính")),
        stated=(FORMS[kind], Field(title="Kết quả đúng")),
    )


def who_corrects(desk: Desk, item: WorkItem) -> Actor:
    """The visitor as who corrects this step, else as who closes it; the domain refuses a wrong person."""
    role = step_definition(item.kind).corrected_by
    named = role is not None and role is not item.role and role in desk.roles
    return desk.acting(role) if named and role is not None else desk.acting_on(item)


def may_correct(desk: Desk, items: Iterable[int]) -> set[int]:
    """Those of the items whose outcome the visitor may correct; that they may see them was asked before."""
    return {number for number in items if _may(desk, item_by_id(desk.session, number))}


def _may(desk: Desk, item: WorkItem) -> bool:
    roles = {item.role, step_definition(item.kind).corrected_by}
    if item.status is not ItemStatus.DONE or item.kind not in CORRECTED or not roles & desk.roles:
        return False
    try:
        check_may_correct(desk.session, item, who_corrects(desk, item), desk.today)
    except OcopError:
        return False
    return True


def _check(kind: StepKind) -> Callable[[Desk, Ids], None]:
    def check(desk: Desk, ids: Ids) -> None:
        item = item_by_id(desk.session, ids["item_id"])
        if item.kind is not kind or not may_see_outcomes(desk.session, desk.capacities, item):
            raise NotFoundError(f"Không có việc số {item.id}.", field="item", remedy="Mở lại từ trang hồ sơ.")
        if item.outcome is None:
            raise WrongMomentError(
                "Việc này chưa có kết quả để đính chính.", field="item", remedy="Mở việc và ghi kết quả."
            )
        check_may_correct(desk.session, item, who_corrects(desk, item), desk.today)

    return check


def _run(desk: Desk, ids: Ids, form: Any) -> Done:
    item = item_by_id(desk.session, ids["item_id"])
    before = item.version
    changes = form.stated.model_dump(mode="json")
    outcome = correct(desk.session, item.id, changes, form.reason, who_corrects(desk, item), desk.now)
    label = step_definition(item.kind).label
    same = item.version == before
    said = "đúng như đã ghi, không có gì thay đổi" if same else f"đã đính chính: {outcome_in_words(outcome.code)}"
    return Done(f"«{label}» {said}.", item_page(ids), item_detail(desk.session, item.id, desk.today))


def _prefill(desk: Desk, ids: Ids) -> Mapping[str, Any]:
    outcome = item_by_id(desk.session, ids["item_id"]).outcome
    return {"stated": dict(outcome.data)} if outcome is not None else {}


def _context(view: View, ids: Ids) -> Mapping[str, Any]:
    desk = view.desk
    item = item_by_id(desk.session, ids["item_id"])
    return {
        "item": item_detail(desk.session, item.id, desk.today).item,
        "reopens": would_reopen(desk.session, item),
        "against": _against(desk, item),
        "decides": [FORMS[item.kind].model_fields[name].title for name in step_definition(item.kind).decides],
    }


def _against(desk: Desk, item: WorkItem) -> list[Problem]:
    """What stands against changing what later steps follow from."""
    if item.attempt is None:
        return []
    try:
        check_way_is_open(desk.session, item)
    except OcopError as error:
        return error.problems
    return []


def _corrector(kind: StepKind) -> list[Role]:
    definition = step_definition(kind)
    return [definition.corrected_by] if definition.corrected_by not in {None, definition.role} else []


def _roles(kind: StepKind) -> list[Role]:
    definition = step_definition(kind)
    return [role for role in {definition.role, definition.corrected_by} if role is not None]


ACTS: list[Act] = [
    Act(
        name=f"item.correct.{kind}",
        title=f"Đính chính «{step_definition(kind).label}»",
        path=f"/items/{{item_id}}/correction/{kind}",
        ids=ITEM,
        access=of(*_roles(kind)),
        form=_form(kind),
        run=_run,
        check=_check(kind),
        prefill=_prefill,
        context=_context,
        etag=item_version,
        back=item_page,
        button="Đính chính",
        danger=True,
        template="items/correct.html.j2",
        explanation="Cả hai bản được giữ, kèm lý do, tên người và thời điểm.",
        tag="Đính chính",
        as_whom=on_item(*_corrector(kind)),
    )
    for kind in CORRECTED
]
