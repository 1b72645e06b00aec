"""The steps of the cycle by name; everything else about them is data (`steps.yaml`)."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """What a step belongs to; the last three are the cases of a certificate's life."""

    ROUND = "round"
    ATTEMPT = "attempt"
    SHEET = "sheet"
    RENEWAL = "renewal"
    INSPECTION = "inspection"
    REVOCATION = "revocation"

    @property
    def of_certificate(self) -> bool:
        """Whether it is a case of a certificate's life: no round, and a run of its own."""
        return self in {Scope.RENEWAL, Scope.INSPECTION, Scope.REVOCATION}


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
    RENEWAL_NOTICE = "renewal_notice"
    RENEWAL_FILING = "renewal_filing"
    RENEWAL_COMMUNE = "renewal_commune"
    CERTIFICATE_INSPECTION = "certificate_inspection"
    REMEDY_CHECK = "remedy_check"
    PRODUCTION_CONFIRMATION = "production_confirmation"
    REVOCATION_DECISION = "revocation_decision"
