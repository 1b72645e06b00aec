"""The steps of the cycle by name; everything else about them is data (`steps.yaml`)."""

from __future__ import annotations

from enum import StrEnum


class StepKind(StrEnum):
    """One kind of work item. The steps of domain.md §1, cut where the person who acts changes."""

    OUTREACH = "outreach"
    REGISTRATION_WINDOW = "registration_window"
    REGISTRATION_CHECK = "registration_check"
    COMMUNE_ASSESSMENT = "commune_assessment"
    CONSULTING = "consulting"
    SUPPLEMENT = "supplement"
    COUNCIL_CONVENING = "council_convening"
    COUNCIL_SESSION = "council_session"
    SCORE_SHEET = "score_sheet"
    COUNCIL_EVALUATION = "council_evaluation"
    DECISION_SIGNING = "decision_signing"
    DECISION = "decision"
    HIGHER_LEVEL_RESULT = "higher_level_result"
    INSPECTION = "inspection"
