"""The steps of a dossier on their pages: what one needs to see of it stands beside the form, which begins filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.access import may_see_dossier
from models.criteria import load_set
from models.dossiers.checklist import CheckEntry, checklist_of
from models.dossiers.commune_start import report_prefilled
from models.dossiers.evidence import expired_by, in_force
from models.dossiers.readiness import check_prefilled
from models.dossiers.seeing import case_facts
from models.enums import ItemStatus
from models.process.kinds import StepKind
from models.rounds.board import board
from models.tables import DossierAttempt, Evidence, WorkItem
from models.work_items.queries import item_by_id
from portal.acts.base import Ids
from portal.acts.step_page import StepPage
from portal.desk import Desk
from portal.forms.describing import Option, Options
from portal.view import View


def _item(desk: Desk, ids: Ids) -> WorkItem:
    return item_by_id(desk.session, ids["item_id"])


def beside(view: View, ids: Ids) -> Mapping[str, Any]:
    desk = view.desk
    attempt = _item(desk, ids).attempt
    seen = attempt is not None and may_see_dossier(desk.session, desk.capacities, attempt)
    return {"facts": case_facts(attempt) if attempt is not None and seen else None}


def _check_prefill(desk: Desk, ids: Ids) -> Mapping[str, Any]:
    return check_prefilled(_item(desk, ids).case)


def _check_options(desk: Desk, ids: Ids) -> Options:
    """The checklist of the regime as the office has it: with each kind what is there of it, and until when."""
    attempt = _item(desk, ids).case
    entries = checklist_of(attempt.regime, attempt.dossier.office)
    late = {paper.id for paper in expired_by(attempt, attempt.round.council_on)}
    return {"missing": [Option(e.kind.value, _entry(e), _there(attempt, e, late)) for e in entries]}


def _entry(entry: CheckEntry) -> str:
    return f"{entry.kind.number}. {entry.kind.label}{' (bắt buộc)' if entry.mandatory else ''}"


def _there(attempt: DossierAttempt, entry: CheckEntry, late: set[int]) -> str:
    papers = [_paper(paper, paper.id in late) for paper in in_force(attempt) if paper.kind is entry.kind]
    said = "; ".join(papers) or ("THIẾU" if entry.mandatory else "không có")
    return f"{said}. {entry.note}" if entry.note else said


def _paper(paper: Evidence, late: bool) -> str:
    until = f", hạn {paper.expires_on:%d/%m/%Y}" if paper.expires_on else ""
    return f"có: {paper.title}{until}{' – HẾT HẠN trước ngày họp hội đồng' if late else ''}"


def _report_prefill(desk: Desk, ids: Ids) -> Mapping[str, Any]:
    return report_prefilled(_item(desk, ids).case)


def _visit_prefill(desk: Desk, _ids: Ids) -> Mapping[str, Any]:
    return {"visited_on": desk.today}


def _visit_options(desk: Desk, ids: Ids) -> Options:
    """The criteria that have gates, each with the points that the stars ask for."""
    attempt = _item(desk, ids).case
    criteria = load_set(attempt.criteria_source, attempt.criteria_set)
    own = attempt.self_assessment.get("scores") or {}
    asked: dict[str, list[str]] = {}
    for gate in criteria.gates(attempt.case):
        asked.setdefault(gate.code, []).append(f"{gate.stars} sao cần từ {gate.least} điểm")
    return {
        "missed_gates": [
            Option(code, criteria.title_of(code), "; ".join(words + _own(own.get(code))))
            for code, words in asked.items()
        ]
    }


def _own(points: object) -> list[str]:
    return [f"chủ thể tự chấm {points}"] if points is not None else []


def _window_context(view: View, ids: Ids) -> Mapping[str, Any]:
    """The list that is about to be closed: what was handed in, and what of the plan was not."""
    desk = view.desk
    item = _item(desk, ids)
    rows = board(desk.session, item.round, desk.today).rows if item.status is ItemStatus.OPEN else []
    return {"list_so_far": [row for row in rows if row.target_stars is not None]}


def _outreach_prefill(desk: Desk, _ids: Ids) -> Mapping[str, Any]:
    return {"notice_date": desk.today}


CASE = "items/dossier_step.html.j2"

PAGES: dict[StepKind, StepPage] = {
    StepKind.REGISTRATION_CHECK: StepPage(CASE, beside, _check_prefill, _check_options),
    StepKind.COMMUNE_ASSESSMENT: StepPage("items/commune.html.j2", beside, _report_prefill),
    StepKind.CONSULTING: StepPage(CASE, beside, _visit_prefill, _visit_options),
    StepKind.INSPECTION: StepPage(CASE, beside),
    StepKind.OUTREACH: StepPage(prefill=_outreach_prefill),
    StepKind.REGISTRATION_WINDOW: StepPage("items/window.html.j2", _window_context),
}
