"""The steps that are the producer's: supplementing a dossier, answering the notice that a certificate ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from models.criteria import load_set
from models.dossiers.registering import open_rounds
from models.enums import ItemStatus
from models.process.kinds import StepKind
from models.tables import WorkItem
from models.work_items.queries import item_by_id
from portal.acts.base import Ids
from portal.acts.dossier_steps import beside
from portal.acts.step_page import StepPage
from portal.desk import Desk
from portal.forms import Option
from portal.forms.describing import Options
from portal.view import View


def _criteria(desk: Desk, ids: Ids) -> Options:
    """The criteria of the sheet that the dossier is scored by."""
    attempt = _item(desk, ids).attempt
    if attempt is None:
        return {}
    criteria = load_set(attempt.criteria_source, attempt.criteria_set)
    return {"evidence[].uses[].criterion": [Option(c.code, c.title) for c in criteria.criteria.values()]}


def _requests(view: View, ids: Ids) -> Mapping[str, Any]:
    """What the consultant asked for at the latest visit, beside what the dossier holds."""
    item = _item(view.desk, ids)
    visits = select(WorkItem).where(
        WorkItem.attempt_id == item.attempt_id, WorkItem.kind == StepKind.CONSULTING, WorkItem.status == ItemStatus.DONE
    )
    latest = view.desk.session.scalar(visits.order_by(WorkItem.id.desc()).limit(1))
    stated = latest.outcome if latest is not None else None
    asked = stated.data.get("requests", []) if stated is not None else []
    return dict(beside(view, ids)) | {"requests": asked}


def _wizard(view: View, ids: Ids) -> Mapping[str, Any]:
    """Where the re-evaluation is filled in, while a round takes it."""
    certificate = _item(view.desk, ids).certificate
    if certificate is None:
        return {"wizards": []}
    product = certificate.product
    rounds = open_rounds(view.desk.session, product, view.desk.today)
    return {"wizards": [(one.title, f"/registrations/{one.code}/{product.id}") for one in rounds]}


def _not_renewing(_desk: Desk, _ids: Ids) -> Options:
    """That the dossier was handed in is written by the handing-in itself."""
    return {"outcome": [Option("not_renewing", "không đánh giá lại")]}


def _item(desk: Desk, ids: Ids) -> WorkItem:
    return item_by_id(desk.session, ids["item_id"])


PAGES: dict[StepKind, StepPage] = {
    StepKind.SUPPLEMENT: StepPage(
        "items/supplement.html.j2", _requests, options=_criteria, takes_files=True, hidden=("evidence[].criteria",)
    ),
    StepKind.RENEWAL_FILING: StepPage(
        template="items/renewal_filing.html.j2", context=_wizard, options=_not_renewing, hidden=("dossier",)
    ),
}
