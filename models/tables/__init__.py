"""The tables; importing this package registers them all with `Base.metadata`."""

from models.tables.accounts import Account, ApiToken, Delegation, IdempotencyKey, PortalSession
from models.tables.base import Base
from models.tables.certificate_life import (
    CertificateMilestone,
    PlannedInspection,
    RenewalCandidate,
    Revocation,
    UnitTransfer,
)
from models.tables.certificates import Certificate, Decision, DecisionLine, Inspection
from models.tables.councils import (
    Council,
    CouncilMember,
    CouncilSession,
    Recusal,
    Result,
    ScoreSheet,
    SessionProduct,
)
from models.tables.cycle import CyclePlan, PlannedProduct, Round
from models.tables.documents import Document, SignedPaper
from models.tables.dossiers import (
    CommuneAssessment,
    CommuneFinding,
    ConsultingVisit,
    Dossier,
    DossierAttempt,
    Evidence,
    EvidenceUse,
    RoundCarry,
)
from models.tables.engine import AuditEntry, EngineRun, InstanceSetting, OutboxMessage
from models.tables.files import Draft, StoredFile
from models.tables.notifications import CalendarToken, Channel, Delivery, Notice
from models.tables.people import Capacity, Office, Person, Place
from models.tables.products import Producer, Product, ProductAlias
from models.tables.work import ClockEntry, Outcome, RungClaim, WorkItem

__all__ = [
    "Account",
    "ApiToken",
    "AuditEntry",
    "Base",
    "CalendarToken",
    "Capacity",
    "Certificate",
    "CertificateMilestone",
    "Channel",
    "ClockEntry",
    "CommuneAssessment",
    "CommuneFinding",
    "ConsultingVisit",
    "Council",
    "CouncilMember",
    "CouncilSession",
    "CyclePlan",
    "Decision",
    "DecisionLine",
    "Delegation",
    "Delivery",
    "Document",
    "Dossier",
    "DossierAttempt",
    "Draft",
    "EngineRun",
    "Evidence",
    "EvidenceUse",
    "IdempotencyKey",
    "Inspection",
    "InstanceSetting",
    "Notice",
    "Office",
    "OutboxMessage",
    "Outcome",
    "Person",
    "Place",
    "PlannedInspection",
    "PlannedProduct",
    "PortalSession",
    "Producer",
    "Product",
    "ProductAlias",
    "Recusal",
    "RenewalCandidate",
    "Result",
    "Revocation",
    "Round",
    "RoundCarry",
    "RungClaim",
    "ScoreSheet",
    "SessionProduct",
    "SignedPaper",
    "StoredFile",
    "UnitTransfer",
    "WorkItem",
]
