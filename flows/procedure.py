"""The way through the seven steps, as pure procedure: nothing of Prefect, no SQL, no regime.

`reach` goes to a step and comes back with its outcome, however long that takes. The flows call these functions
with the engine behind `reach`; `ocop flows diagram` calls them with every possible outcome to draw the picture.
"""

from __future__ import annotations

from typing import Protocol

from models.steps.advancing import StepState
from tasks.base import StepTask
from tasks.commune_assessment import commune_assessment
from tasks.consulting import consulting, supplement
from tasks.council_evaluation import council_convening, council_evaluation, council_session
from tasks.decision import decision, decision_signing, higher_level_result
from tasks.monitoring import inspection
from tasks.outreach import outreach
from tasks.registration import registration_check, registration_window


class Reach(Protocol):
    """How a procedure gets to a step."""

    async def __call__(self, step: StepTask, turn: int = 1) -> StepState:
        """Be at the step, come back with its outcome."""

    async def falls_back(self) -> bool:
        """Whether this level decides itself after the level above did not recognise the product."""


async def dossier_procedure(reach: Reach) -> str:
    """One attempt of a dossier, from registration to the first inspection; gives the name of its end."""
    check = await reach(registration_check)
    if check.is_("returned"):
        return "Đã trả hồ sơ"

    report = await reach(commune_assessment)
    if report.is_("not_proposed"):
        return "UBND xã không đề nghị"

    turn = 1
    visit = await reach(consulting)
    while visit.is_("not_ready"):
        await reach(supplement, turn)
        turn += 1
        visit = await reach(consulting, turn)

    council = await reach(council_evaluation)
    if council.is_("eliminated"):
        return "Bị loại"

    decided = await reach(decision)
    recognised = decided.is_("recognised")
    if decided.data.get("forward_to"):
        above = await reach(higher_level_result)
        recognised = recognised or above.is_("recognised")
        if not recognised and await reach.falls_back():
            own = await reach(decision, 2)
            recognised = own.is_("recognised")
    if not recognised:
        return "Chưa được công nhận"

    await reach(inspection)
    return "Đã công nhận"


async def round_procedure(reach: Reach) -> None:
    """One round, from outreach to the signed decision."""
    await reach(outreach)
    await reach(registration_window)
    await reach(council_convening)
    turn = 1
    session = await reach(council_session)
    while session.is_("second_scoring"):
        turn += 1
        session = await reach(council_session, turn)
    await reach(decision_signing)
