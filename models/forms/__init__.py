"""One form for each step."""

from models.forms.attempt import (
    CommuneAssessmentForm,
    ConsultingForm,
    CouncilEvaluationForm,
    DecisionForm,
    EvidenceForm,
    HigherLevelResultForm,
    InspectionForm,
    RegistrationCheckForm,
    ScoreSheetForm,
    SupplementForm,
)
from models.forms.base import Form, check_days, problems_of, read_form, wrong
from models.forms.certificate import (
    ProductionForm,
    RemedyCheckForm,
    RenewalFilingForm,
    RenewalNoticeForm,
    RevocationDecisionForm,
)
from models.forms.round import (
    CouncilConveningForm,
    CouncilSessionForm,
    DecisionSigningForm,
    OutreachForm,
    RegistrationWindowForm,
)
from models.process.kinds import StepKind

FORMS: dict[StepKind, type[Form]] = {
    StepKind.OUTREACH: OutreachForm,
    StepKind.REGISTRATION_WINDOW: RegistrationWindowForm,
    StepKind.REGISTRATION_CHECK: RegistrationCheckForm,
    StepKind.COMMUNE_ASSESSMENT: CommuneAssessmentForm,
    StepKind.CONSULTING: ConsultingForm,
    StepKind.SUPPLEMENT: SupplementForm,
    StepKind.COUNCIL_CONVENING: CouncilConveningForm,
    StepKind.COUNCIL_SESSION: CouncilSessionForm,
    StepKind.SCORE_SHEET: ScoreSheetForm,
    StepKind.COUNCIL_EVALUATION: CouncilEvaluationForm,
    StepKind.DECISION_SIGNING: DecisionSigningForm,
    StepKind.DECISION: DecisionForm,
    StepKind.HIGHER_LEVEL_RESULT: HigherLevelResultForm,
    StepKind.INSPECTION: InspectionForm,
    StepKind.RENEWAL_NOTICE: RenewalNoticeForm,
    StepKind.RENEWAL_FILING: RenewalFilingForm,
    StepKind.RENEWAL_COMMUNE: ProductionForm,
    StepKind.CERTIFICATE_INSPECTION: InspectionForm,
    StepKind.REMEDY_CHECK: RemedyCheckForm,
    StepKind.PRODUCTION_CONFIRMATION: ProductionForm,
    StepKind.REVOCATION_DECISION: RevocationDecisionForm,
}

__all__ = [
    "FORMS",
    "CommuneAssessmentForm",
    "ConsultingForm",
    "CouncilConveningForm",
    "CouncilEvaluationForm",
    "CouncilSessionForm",
    "DecisionForm",
    "DecisionSigningForm",
    "EvidenceForm",
    "Form",
    "HigherLevelResultForm",
    "InspectionForm",
    "OutreachForm",
    "ProductionForm",
    "RegistrationCheckForm",
    "RegistrationWindowForm",
    "RemedyCheckForm",
    "RenewalFilingForm",
    "RenewalNoticeForm",
    "RevocationDecisionForm",
    "ScoreSheetForm",
    "SupplementForm",
    "check_days",
    "problems_of",
    "read_form",
    "wrong",
]
