"""Which steps have a page of their own."""

from __future__ import annotations

from models.process.kinds import StepKind
from portal.acts import certificate_steps, council_steps, decision_steps, dossier_steps, registration_steps
from portal.acts.step_page import StepPage

PLAIN = StepPage()

STEP_PAGES: dict[StepKind, StepPage] = {
    **council_steps.PAGES,
    **decision_steps.PAGES,
    **dossier_steps.PAGES,
    **registration_steps.PAGES,
    **certificate_steps.PAGES,
}


def step_page(kind: StepKind) -> StepPage:
    """The page of one kind of step."""
    return STEP_PAGES.get(kind, PLAIN)
