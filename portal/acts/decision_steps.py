"""The steps of the decision on their pages: what the signature carries out stands beside the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.councils.sessions import on_agendas
from models.councils.signing_view import draft_decision, draft_line_of
from models.enums import Level
from models.process.kinds import StepKind
from models.tables import WorkItem
from models.work_items.queries import item_by_id
from portal.acts.base import Ids
from portal.acts.step_page import StepPage
from portal.desk import Desk
from portal.forms.describing import Option, Options
from portal.view import View


def _item(desk: Desk, ids: Ids) -> WorkItem:
    return item_by_id(desk.session, ids["item_id"])


def _signing_context(view: View, ids: Ids) -> Mapping[str, Any]:
    return {"draft": draft_decision(view.desk.session, _item(view.desk, ids).round)}


def _signing_prefill(desk: Desk, _ids: Ids) -> Mapping[str, Any]:
    return {"outcome": "signed", "signed_on": desk.today, "signer": desk.visitor.name}


def _one_context(view: View, ids: Ids) -> Mapping[str, Any]:
    """The council's result beside the form; the first decision of a dossier is that of its round."""
    item = _item(view.desk, ids)
    by_round = item.kind is StepKind.DECISION and item.turn == 1
    shown = {"line": draft_line_of(view.desk.session, item.case), "by_round": by_round}
    return shown | ({"may_close": False} if by_round else {})


def _one_options(desk: Desk, ids: Ids) -> Options:
    proposed = draft_line_of(desk.session, _item(desk, ids).case).stars or 5
    return {
        "outcome": [Option("recognised", "Công nhận"), Option("not_recognised", "Không công nhận")],
        "stars": [Option("", "Không có"), *(Option(str(n), f"{n} sao") for n in range(proposed, 2, -1))],
    }


def _one_prefill(desk: Desk, _ids: Ids) -> Mapping[str, Any]:
    return {"signed_on": desk.today, "signer": desk.visitor.name}


def _higher_options(_desk: Desk, _ids: Ids) -> Options:
    return {"stars": [Option("", "Không có"), *(Option(str(n), f"{n} sao") for n in (3, 4, 5))]}


def _higher_prefill(desk: Desk, ids: Ids) -> Mapping[str, Any]:
    to = draft_line_of(desk.session, _item(desk, ids).case).forward_to
    return {"issuer": "UBND tỉnh" if to == Level.PROVINCE.label else ""}


def _elsewhere_context(view: View, ids: Ids) -> Mapping[str, Any]:
    item = _item(view.desk, ids)
    meetings = on_agendas(view.desk.session, item.case)
    return {"may_close": False, "meeting_id": meetings[-1].session_id if meetings else None}


PAGES: dict[StepKind, StepPage] = {
    StepKind.COUNCIL_EVALUATION: StepPage("items/by_meeting.html.j2", _elsewhere_context),
    StepKind.DECISION_SIGNING: StepPage("items/signing.html.j2", _signing_context, _signing_prefill),
    StepKind.DECISION: StepPage("items/one_decision.html.j2", _one_context, _one_prefill, _one_options),
    StepKind.HIGHER_LEVEL_RESULT: StepPage(
        "items/one_decision.html.j2", _one_context, _higher_prefill, _higher_options
    ),
}
