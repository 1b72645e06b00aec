"""What follows in the domain when a step is closed, step by step."""

from __future__ import annotations

from typing import Any, Protocol

from models.process.kinds import StepKind
from models.steps import (
    certificates,
    commune,
    consulting,
    council_closing,
    council_convening,
    council_correcting,
    council_sheets,
    decision,
    decision_correcting,
    monitoring,
    registration,
)


class Effect(Protocol):
    """Called inside the transaction that closes the item, before the outcome is stored."""

    def __call__(self, session: Any, item: Any, form: Any, who: Any, now: Any, /) -> None:
        """Check what only the domain can check, and store what the step brings."""


EFFECTS: dict[StepKind, Effect] = {
    StepKind.REGISTRATION_WINDOW: registration.close_list,
    StepKind.REGISTRATION_CHECK: registration.check,
    StepKind.COMMUNE_ASSESSMENT: commune.assess,
    StepKind.CONSULTING: consulting.record_visit,
    StepKind.SUPPLEMENT: consulting.supplement,
    StepKind.COUNCIL_CONVENING: council_convening.convene,
    StepKind.SCORE_SHEET: council_sheets.hand_in_sheet,
    StepKind.COUNCIL_SESSION: council_closing.close_session,
    StepKind.COUNCIL_EVALUATION: council_closing.by_hand,
    StepKind.DECISION_SIGNING: decision.sign_for_round,
    StepKind.DECISION: decision.sign_for_one,
    StepKind.HIGHER_LEVEL_RESULT: decision.record_higher_level,
    StepKind.INSPECTION: monitoring.inspect,
    StepKind.RENEWAL_NOTICE: certificates.send_notice,
    StepKind.RENEWAL_FILING: certificates.answer_renewal,
    StepKind.RENEWAL_COMMUNE: certificates.review_production,
    StepKind.CERTIFICATE_INSPECTION: certificates.inspect_planned,
    StepKind.REMEDY_CHECK: certificates.check_remedies,
    StepKind.PRODUCTION_CONFIRMATION: certificates.confirm_production,
    StepKind.REVOCATION_DECISION: certificates.decide_revocation,
}


def _no_consequence(_session: Any, _item: Any, _form: Any, _who: Any, _now: Any, /) -> None:
    """Only the record changes."""


CORRECTIONS: dict[StepKind, Effect] = {
    StepKind.REGISTRATION_WINDOW: _no_consequence,
    StepKind.COUNCIL_CONVENING: council_correcting.correct_convening,
    StepKind.COUNCIL_SESSION: council_correcting.correct_session,
    StepKind.COUNCIL_EVALUATION: council_closing.record_corrected,
    StepKind.DECISION_SIGNING: decision_correcting.correct_signing,
    StepKind.DECISION: decision_correcting.correct_one,
    StepKind.HIGHER_LEVEL_RESULT: decision_correcting.correct_above,
    StepKind.INSPECTION: monitoring.correct_inspection,
}
"""What follows when an outcome is corrected, where it is something else than when it was first stated."""
