"""One work item: what to do, until when and why, the form, what was stated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from models.certificates.case_facts import case_facts
from models.enums import ClockEvent, ItemStatus, Role
from models.forms import FORMS
from models.forms.words import flat, in_words, outcome_in_words, text
from models.process.kinds import StepKind
from models.work_items.ledger import UNIT_WORDS
from models.work_items.queries import ClockLine, OutcomeLine, item_by_id
from models.work_items.seeing import seen_item
from portal.access import CASES
from portal.acts.items import OUTCOMES
from portal.acts.pages import form_page
from portal.routing import page
from portal.view import View

router = APIRouter()


@page(router, "/items/{item_id}", CASES)
def show(view: View, item_id: int) -> Response:
    """The item with its form, for whom it waits for; only its facts for others who may see it."""
    act = OUTCOMES[item_by_id(view.desk.session, item_id).kind]
    context = dict(act.context(view, {"item_id": item_id})) if act.context is not None else {}
    form = form_page(act, view, {"item_id": item_id}) if context["may_close"] else None
    return view.page(act.template, **{"page": form, "title": act.title} | context)


def item_context(view: View, item_id: int) -> Mapping[str, Any]:
    """What the page of an item shows beside the form."""
    desk = view.desk
    item = item_by_id(desk.session, item_id)
    detail = seen_item(desk.session, desk.capacities, item, desk.today)
    is_open = item.status is ItemStatus.OPEN
    return {
        "item": detail.item,
        "detail": detail,
        "clock": [_moved(line) for line in detail.clock],
        "outcomes": [_stated(item.kind, line) for line in detail.outcomes],
        "may_close": is_open and bool(desk.choices_on(item)),
        "may_extend": is_open and bool({Role.COORDINATOR, Role.LEADER} & desk.roles),
        "may_claim": is_open and item.assignee_id is None and item.claimed_by_id is None,
        "claimed": is_open and item.claimed_by_id is not None,
        "claimed_by_me": item.claimed_by_id is not None and item.claimed_by_id == desk.visitor.person_id,
        "may_release": is_open and Role.COORDINATOR in desk.roles,
        "suspended": item.suspended_on is not None,
        "certificate_facts": case_facts(desk.session, item, desk.today),
    }


def _moved(line: ClockLine) -> dict[str, Any]:
    return {"line": line, "event": ClockEvent(line.event).label, "unit": UNIT_WORDS.get(line.unit, line.unit)}


def _stated(kind: StepKind, line: OutcomeLine) -> dict[str, Any]:
    facts = flat(in_words(FORMS[kind], line.data))
    return {
        "line": line,
        "words": outcome_in_words(line.outcome),
        "facts": [(name, text(value)) for name, value in facts.items() if text(value)],
    }
