"""The steps of a certificate's life: grounds of revocation as choices."""

from __future__ import annotations

from models.certificates.case_facts import grounds_for_item
from models.process.kinds import StepKind
from models.work_items.queries import item_by_id
from portal.acts.base import Ids
from portal.acts.step_page import StepPage
from portal.desk import Desk
from portal.forms import Option
from portal.forms.describing import Options


def _grounds(desk: Desk, ids: Ids) -> Options:
    """The grounds of the law in force; where it lists none, they are written in words."""
    found = grounds_for_item(desk.session, item_by_id(desk.session, ids["item_id"]), desk.today)
    return {"ground": [Option(text, text) for _, text in found]} if found else {}


PAGES: dict[StepKind, StepPage] = {StepKind.REMEDY_CHECK: StepPage(options=_grounds)}
