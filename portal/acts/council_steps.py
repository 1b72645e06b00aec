"""The council's steps on their pages: convening, the meeting, the score sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.councils.agenda import candidates
from models.councils.meeting_view import meeting_view, progress
from models.councils.reading import rules_in_words, seats_of
from models.councils.results_view import ProductResult, meeting_results, results_open
from models.councils.sessions import latest_session, still_on_agenda
from models.councils.sheet_drafts import load_sheet_draft, sheet_product
from models.councils.sheet_view import own_sheet, running, sheet_view
from models.criteria import DOSSIER, load_set
from models.dossiers.self_assessment import SelfScore
from models.enums import ItemStatus
from models.errors import NotFoundError
from models.process.kinds import StepKind
from models.steps.addressing import council_of
from models.tables import CouncilSession, SessionProduct, WorkItem
from models.work_items.queries import item_by_id
from portal.acts.base import Ids
from portal.acts.step_page import StepPage
from portal.desk import Desk
from portal.forms.describing import Option, Options
from portal.view import View


def _item(desk: Desk, ids: Ids) -> WorkItem:
    return item_by_id(desk.session, ids["item_id"])


def _convening_options(desk: Desk, ids: Ids) -> Options:
    found = candidates(desk.session, _item(desk, ids).round.id)
    return {
        "dossiers": [Option(one.dossier, one.product, f"{one.producer}, {one.place}") for one in found if one.ready]
    }


def _convening_prefill(desk: Desk, ids: Ids) -> Mapping[str, Any]:
    round_ = _item(desk, ids).round
    ready = [one.dossier for one in candidates(desk.session, round_.id) if one.ready]
    held_on = round_.council_on if round_.council_on >= desk.today else None
    return {"outcome": "called", "dossiers": ready, "held_on": held_on}


def _convening_context(view: View, ids: Ids) -> Mapping[str, Any]:
    desk = view.desk
    item = _item(desk, ids)
    council = council_of(desk.session, item.round.plan.office)
    waiting = candidates(desk.session, item.round.id) if item.status is ItemStatus.OPEN else []
    return {
        "not_ready": [one for one in waiting if not one.ready],
        "council": council,
        "seats": seats_of(council),
        "rules": rules_in_words(council, desk.today),
    }


def _meeting(desk: Desk, ids: Ids) -> CouncilSession | None:
    try:
        return latest_session(desk.session, _item(desk, ids).round.id)
    except NotFoundError:
        return None


def _meeting_options(desk: Desk, ids: Ids) -> Options:
    meeting = _meeting(desk, ids)
    if meeting is None:
        return {}
    products = still_on_agenda(meeting)
    found: dict[str, list[Option]] = {
        "absent": [Option(seat.person.code, seat.person.name, seat.post) for seat in meeting.council.members],
        "eliminations": [Option(_code(one), one.attempt.dossier.product.name) for one in products],
        "conclusions": [Option(_code(one), one.attempt.dossier.product.name) for one in products],
    }
    bands = {one.dossier: one.band for one in _results(desk, meeting)}
    for product in products:
        code = _code(product)
        found[f"eliminations.{code}"] = _grounds(product)
        found[f"conclusions.{code}.stars"] = _stars(bands.get(code))
    return found


def _code(product: SessionProduct) -> str:
    return product.attempt.dossier.code


def _grounds(product: SessionProduct) -> list[Option]:
    attempt = product.attempt
    criteria = load_set(attempt.criteria_source, attempt.criteria_set)
    found = [Option(DOSSIER, "Hồ sơ", "; ".join(criteria.eliminated_when) or "giả mạo, không trung thực")]
    for group in criteria.groups:
        if group.elimination_notes:
            found.append(Option(group.code, group.title, "; ".join(group.elimination_notes)))
        found += [
            Option(one.code, one.title, "; ".join(one.elimination_notes))
            for one in group.criteria
            if one.elimination_notes
        ]
    return found


def _stars(band: int | None) -> list[Option]:
    most = band or 5
    return [Option("", "Theo kết quả tính"), *(Option(str(n), f"{n} sao") for n in range(most, 0, -1))]


def _results(desk: Desk, meeting: CouncilSession) -> list[ProductResult]:
    return meeting_results(desk.session, desk.capacities, meeting) if results_open(meeting) else []


def _meeting_prefill(desk: Desk, ids: Ids) -> Mapping[str, Any]:
    meeting = _meeting(desk, ids)
    if meeting is None:
        return {}
    again = any(one.needs_rescoring and not one.eliminated for one in _results(desk, meeting))
    return {
        "outcome": "second_scoring" if again else "concluded",
        "absent": [seat.person.code for seat in meeting.council.members if seat.id in meeting.absent],
    }


def _meeting_context(view: View, ids: Ids) -> Mapping[str, Any]:
    desk = view.desk
    meeting = _meeting(desk, ids)
    if meeting is None:
        return {"meeting": None, "results": [], "scored": False, "ready_to_close": False, "about_members": []}
    seen = meeting_view(desk.session, desk.capacities, meeting, desk.today)
    made = seen.progress or []
    return {
        "meeting": seen,
        "results": _results(desk, meeting),
        "scored": results_open(meeting),
        "about_members": ["absent", *(f"absent[{number}]" for number in range(len(seen.members)))],
        "ready_to_close": bool(made) and all(one.handed_in == one.expected for one in made),
    }


def meeting_progress(desk: Desk, meeting: CouncilSession) -> Mapping[str, Any]:
    """What the live part of the meeting's page shows."""
    return {"progress": progress(desk.session, meeting), "meeting_id": meeting.id, "status": meeting.status.value}


def _sheet_prefill(desk: Desk, ids: Ids) -> Mapping[str, Any]:
    item = _item(desk, ids)
    draft = load_sheet_draft(desk.session, item, desk.acting_on(item))
    return {"outcome": "scored", "choices": draft.choices, "opinion": draft.opinion}


def sheet_context(view: View, ids: Ids) -> Mapping[str, Any]:
    """The sheet, for the member whose it is; nothing of it for others."""
    desk = view.desk
    item = _item(desk, ids)
    if item.assignee_id != desk.visitor.person_id:
        return {"sheet": None, "may_close": False}
    product = sheet_product(desk.session, item)
    return {
        "sheet": sheet_view(desk.session, item, product),
        "handed_in": own_sheet(desk.session, item, product),
        "draft": load_sheet_draft(desk.session, item, desk.acting_on(item)) if item.status is ItemStatus.OPEN else None,
        "so_far": lambda data: so_far(product, data),
    }


def so_far(product: SessionProduct, data: Mapping[str, Any]) -> SelfScore:
    """The running total of a sheet as typed."""
    return running(product, chosen(data))


def chosen(data: Mapping[str, Any]) -> dict[str, int]:
    """The choices of a sheet as typed: criterion → points."""
    typed = data.get("choices") or {}
    return {str(code): int(points) for code, points in typed.items() if str(points).isdecimal()}


PAGES: dict[StepKind, StepPage] = {
    StepKind.COUNCIL_CONVENING: StepPage(
        "items/convening.html.j2", _convening_context, _convening_prefill, _convening_options
    ),
    StepKind.COUNCIL_SESSION: StepPage("items/meeting.html.j2", _meeting_context, _meeting_prefill, _meeting_options),
    StepKind.SCORE_SHEET: StepPage("items/sheet.html.j2", sheet_context, _sheet_prefill),
}
