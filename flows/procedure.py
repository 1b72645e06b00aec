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
from tasks.monitoring import (
    certificate_inspection,
    inspection,
    production_confirmation,
    remedy_check,
    renewal_commune,
    renewal_filing,
    revocation_decision,
)
from tasks.outreach import outreach
from tasks.registration import registration_check, registration_window


class Reach(Protocol):
    """How a procedure gets to a step."""

    async def __call__(self, step: StepTask, turn: int = 1) -> StepState:
        """Be at the step, come back with its outcome."""

    async def falls_back(self) -> bool:
        """Whether this level decides itself after the level above did not recognise the product."""

    async def asked_for(self, step: StepTask) -> bool:
        """Whether the case began with this step."""


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


async def round_procedure(reach: Reach) -> str:
    """One round, from outreach to the signed decision; without a dossier for the council it ends before it."""
    await reach(outreach)
    await reach(registration_window)
    called = await reach(council_convening)
    if called.is_("not_held"):
        return "Không họp hội đồng"
    turn = 1
    session = await reach(council_session)
    while session.is_("second_scoring"):
        turn += 1
        session = await reach(council_session, turn)
    await reach(decision_signing)
    return "Kết thúc đợt"


async def renewal_procedure(reach: Reach) -> str:
    """The renewal of one certificate, until the re-evaluation is handed in (its own dossier goes on) or given up."""
    filing = await reach(renewal_filing)
    if filing.is_("filed"):
        return "Đã nộp hồ sơ đánh giá lại"
    await reach(renewal_commune)
    return "Không đánh giá lại"


async def inspection_procedure(reach: Reach) -> str:
    """One inspection of a recognised product, and the mending of what it found.

    What the inspection of a dossier's own run found begins with the mending.
    """
    if await reach.asked_for(certificate_inspection):
        made = await reach(certificate_inspection)
        if made.is_("passed"):
            return "Kiểm tra đạt"
    mended = await reach(remedy_check)
    return "Đã khắc phục" if mended.is_("mended") else "Chuyển xem xét thu hồi"


async def revocation_procedure(reach: Reach) -> str:
    """One finding against a certificate; that production stopped is first for the commune to confirm."""
    if await reach.asked_for(production_confirmation):
        confirmed = await reach(production_confirmation)
        if confirmed.is_("in_production"):
            return "Còn sản xuất"
    decided = await reach(revocation_decision)
    return "Đã thu hồi" if decided.is_("revoked") else "Không có căn cứ thu hồi"
